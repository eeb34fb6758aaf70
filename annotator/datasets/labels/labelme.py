"""LabelMe 5 files: reading them as annotations and writing annotations as them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.datasets.file_bytes import read_json
from annotator.datasets.image_file import MOST_PIXELS
from annotator.datasets.image_names import image_name, name_problem
from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.labelme_shapes import Drawn, drawn
from annotator.datasets.labels.rings import nested
from annotator.domain.errors import AnnotatorError, BadFileError, GeometryError
from annotator.domain.geometry import Polygon, Size
from annotator.domain.shapes import Annotation, Shape

LARGEST_FILE = 256 << 20
MOST_VERTICES = 1_000_000
"""Of one file; nobody draws more, and the window could not show them."""


def read_labelme(path: Path, size: Size | None = None) -> ImportedLabel:
    """The annotation in a LabelMe file; `size` (width, height) is used where the file names none.

    Polygons, rectangles, circles and masks are read; key-hole rings and rings of one group become polygons with holes.
    Labels are those of `meaning.role_and_kind`. The image is named by `imagePath` without its folders, or else by the
    file. Raises BadFileError for anything that is no such file, encloses no area, or has impossible coordinates.
    """
    content = read_json(path, LARGEST_FILE)
    if not isinstance(content, Mapping) or not isinstance(content.get("shapes"), list):
        raise BadFileError(path, "this is no LabelMe file, it has no list of shapes", "save it in LabelMe again")
    found = _drawn(content["shapes"], path)
    shapes = [
        Shape(str(number), part.role, polygon, part.kind)
        for number, (part, polygon) in enumerate(_assembled(found), start=1)
    ]
    return ImportedLabel(_image(content, path), None, None, Annotation(_size(content, size, path), tuple(shapes)), path)


def write_labelme(path: Path, annotation: Annotation, image_file: str) -> None:
    """Write an annotation so that `read_labelme` reads the same; `image_file` is the image's file name.

    Holes are rings of the same group as their polygon. Raises OSError when the file cannot be written.
    """
    width, height = annotation.size
    content: dict[str, object] = {
        "version": "5.4.1",
        "flags": {},
        "shapes": [entry for group, shape in enumerate(annotation.shapes, start=1) for entry in _entries(shape, group)],
        "imagePath": image_file,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _entries(shape: Shape, group: int) -> list[dict[str, object]]:
    rings = shape.polygon.rings
    return [
        {
            "label": shape.role.value,
            "points": ring.points.tolist(),
            "group_id": group if len(rings) > 1 else None,
            "description": shape.kind.value if shape.kind else "",
            "shape_type": "polygon",
            "flags": {},
        }
        for ring in rings
    ]


def _drawn(entries: list[Any], path: Path) -> list[Drawn]:
    found: list[Drawn] = []
    vertices = 0
    for number, entry in enumerate(entries, start=1):
        try:
            vertices += len(entry["points"])
            if vertices > MOST_VERTICES:
                raise GeometryError(f"the file has more than {MOST_VERTICES:,} vertices")
            found.append(drawn(entry))
        except AnnotatorError as error:
            raise BadFileError(path, f"shape {number} cannot be used, {error}", "mend it in LabelMe") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadFileError(path, f"shape {number} is no LabelMe shape", "save it in LabelMe again") from error
    return found


def _assembled(found: list[Drawn]) -> list[tuple[Drawn, Polygon]]:
    """Polygons in the order of the file; those of a group of rings stand where its first ring does."""
    groups: dict[object, list[Drawn]] = {}
    for number, part in enumerate(found):
        groups.setdefault((part.role, part.kind, part.group) if part.group else number, []).append(part)
    assembled = []
    for parts in groups.values():
        simple = all(len(part.polygons) == 1 and not part.polygons[0].holes for part in parts)
        if len(parts) > 1 and simple:
            polygons = nested([part.polygons[0].outer for part in parts])
        else:
            polygons = [polygon for part in parts for polygon in part.polygons]
        assembled += [(parts[0], polygon) for polygon in polygons]
    return assembled


def _size(content: Mapping[str, Any], given: Size | None, path: Path) -> Size:
    width, height = content.get("imageWidth"), content.get("imageHeight")
    if width is None and height is None and given is not None:
        return given
    if type(width) is not int or type(height) is not int or width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise BadFileError(path, "imageWidth and imageHeight are no size of an image", "save it in LabelMe again")
    return width, height


def _image(content: Mapping[str, Any], path: Path) -> str:
    named = content.get("imagePath")
    name = image_name(named) if isinstance(named, str) and named else path.stem
    problem = name_problem(name)
    if problem:
        raise BadFileError(path, f"the image name {name[:80]!r} in it {problem}", "name the image's file in imagePath")
    return name
