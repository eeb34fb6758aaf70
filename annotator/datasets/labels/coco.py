"""COCO files: polygons and run-length masks, the benchmark's own `masks.json` included (FORMAT A3).

COCO's polygons have their own rule for which pixels they fill; they are filled by its reference implementation and
traced, so that the mask is the source's. Annotations of one image and group make one mask: the union of objects less
the union of occluders, told apart by the names of their categories.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as coco

from annotator.datasets.file_bytes import read_json
from annotator.datasets.image_file import MOST_PIXELS
from annotator.datasets.image_names import image_name
from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.matching import Places
from annotator.datasets.labels.meaning import role_and_kind
from annotator.datasets.labels.pixels import label_of_mask
from annotator.datasets.labels.told_group import group_in
from annotator.domain import rle
from annotator.domain.errors import BadFileError, GeometryError
from annotator.domain.geometry import Size, as_points
from annotator.domain.raster import Mask
from annotator.domain.shapes import Role

REMEDY = "write the file again"


def is_coco(content: object) -> bool:
    """Whether parsed JSON has the lists of a COCO file."""
    return isinstance(content, Mapping) and all(isinstance(content.get(k), list) for k in ("images", "annotations"))


def read_coco(path: Path, places: Places, *, queries: bool = False) -> Iterator[ImportedLabel | BadFileError]:
    """A label for each image and group of a COCO file, or the error that stands for it.

    With `queries` all of them are query masks. Raises BadFileError when the file is no COCO file.
    """
    content = read_json(path)
    if not is_coco(content):
        raise BadFileError(path, "this is no COCO file, it lacks images or annotations", REMEDY)
    try:
        images = {image["id"]: image for image in content["images"]}
        names = {entry["id"]: str(entry["name"]) for entry in content.get("categories") or []}
        works = _works(content["annotations"], names)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFileError(path, "its images, annotations or categories are not COCO's", REMEDY) from error
    for (image_id, group), entries in works.items():
        try:
            label = _label(images[image_id], entries, path)
            yield places.query(label) if queries else places.any(label, group)
        except BadFileError as error:
            yield error
        except GeometryError as error:
            yield BadFileError(path, f"the mask of image {image_id!r} is broken, {error}", REMEDY)
        except (KeyError, TypeError, ValueError, AttributeError):
            yield BadFileError(path, f"image {image_id!r} or an annotation of it is not COCO's", REMEDY)


_Entries = list[tuple[Role, Mapping[str, Any]]]


def _works(annotations: list[Any], names: Mapping[object, str]) -> dict[tuple[Any, int | None], _Entries]:
    """Annotations by image and group, each with its role."""
    works: dict[tuple[Any, int | None], _Entries] = {}
    for entry in annotations:
        name = names.get(entry.get("category_id"), "object")
        role, _ = role_and_kind(name)
        works.setdefault((entry["image_id"], group_in(name)), []).append((role, entry))
    occluders = [
        key for key, entries in works.items() if key[1] is None and all(r is not Role.OBJECT for r, _ in entries)
    ]
    for key in occluders:  # an occluder's category names no group: it belongs to every mask of its image
        for other, entries in works.items():
            if other[0] == key[0] and other != key:
                entries += works[key]
        del works[key]
    return works


def _label(image: Mapping[str, Any], entries: _Entries, path: Path) -> ImportedLabel:
    size = image["width"], image["height"]
    if not all(type(side) is int and side > 0 for side in size) or size[0] * size[1] > MOST_PIXELS:
        raise GeometryError("its width and height are no size of an image")
    total: Mask = np.zeros((size[1], size[0]), dtype=np.bool_)
    for wanted, value in ((Role.OBJECT, True), (Role.OCCLUDER, False)):
        for role, entry in entries:
            if role is wanted:
                total[_mask(entry["segmentation"], size)] = value
    return label_of_mask(total, image_name(str(image["file_name"])), path)


def _mask(segmentation: Any, size: Size) -> Mask:
    width, height = size
    if isinstance(segmentation, Mapping):
        mask = rle.decode({"size": segmentation["size"], "counts": segmentation["counts"]})
        if mask.shape != (height, width):
            raise GeometryError(f"it has {mask.shape[1]} × {mask.shape[0]} pixels and its image {width} × {height}")
        return mask
    rings = [as_points(np.reshape(ring, (-1, 2))) for ring in segmentation]
    if not rings or any(len(ring) < 3 for ring in rings):
        raise GeometryError("a polygon of fewer than 3 vertices")
    flat: list[Any] = [ring.ravel().tolist() for ring in rings]
    merged = coco.merge(coco.frPyObjects(flat, height, width))
    counts = merged["counts"]
    return rle.decode(
        {"size": [height, width], "counts": counts if isinstance(counts, str) else counts.decode("ascii")}
    )
