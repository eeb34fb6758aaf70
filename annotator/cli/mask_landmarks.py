"""Landmarks to measure on, from a folder in the form of data/masks and a folder of images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from annotator.datasets.decode import decode
from annotator.datasets.file_bytes import read_json
from annotator.datasets.labels.labelme import read_labelme
from annotator.datasets.library import ImageLibrary
from annotator.domain.errors import AnnotatorError, BadFileError
from annotator.domain.raster import mask_of, whole_of
from annotator.domain.shapes import Annotation
from annotator.premask.features import Pixels
from annotator.premask.landmark import Landmark
from annotator.premask.protocol import IndexImage, Reference


@dataclass(frozen=True, slots=True)
class LandmarkFiles:
    """What belongs to one landmark: for every query and index image (image file, mask file, SHA-256)."""

    name: str
    queries: tuple[tuple[str, Path, Path, str], ...]
    images: tuple[tuple[str, Path, Path, str], ...]


def landmark_files(masks: Path, images: Path) -> tuple[list[LandmarkFiles], list[str]]:
    """The landmarks of `masks/pairs.json` that have both masks and images, and sentences about what is missing."""
    entries = read_json(masks / "pairs.json")
    groups: dict[str, tuple[list[str], list[str]]] = {}
    try:
        for entry in entries:
            queries, index = groups.setdefault(_word(entry["group"]), ([], []))
            queries += [name for name in map(_word, entry["query_images"]) if name not in queries]
            if (name := _word(entry["index_image"])) not in index:
                index.append(name)
    except (KeyError, TypeError, ValueError) as error:
        raise BadFileError(
            masks / "pairs.json", "an entry lacks group, query_images or index_image", "write it as in data/masks"
        ) from error
    library = ImageLibrary(images)
    library.scan(name for queries, index in groups.values() for name in (*queries, *index))
    missing: list[str] = []
    found = []
    for group, (queries, index) in groups.items():
        parts = [
            tuple(one for name in names if (one := _files(masks / folder, library, group, name, missing)))
            for folder, names in (("queries", queries), ("index", index))
        ]
        if parts[0] and parts[1]:
            found.append(LandmarkFiles(group, parts[0], parts[1]))
    if not found:
        raise AnnotatorError(f"{masks}: no query mask with an index mask of its group and their images was found.")
    return found, missing


def _word(value: object) -> str:
    if not isinstance(value, str) or not value or "/" in value or "\\" in value or value.startswith("."):
        raise ValueError(value)
    return value


def _files(
    folder: Path, library: ImageLibrary, group: str, name: str, missing: list[str]
) -> tuple[str, Path, Path, str] | None:
    label, image = folder / f"{group}__{name}.json", library.path(name)
    if not label.is_file():
        missing.append(f"{label.name} has no mask in {folder.name}.")
        return None
    if image is None:
        missing.append(f"The image {name} is not in {library.folder}.")
        return None
    return name, image, label, library.sha256(name)


@lru_cache(maxsize=2)
def landmark(files: LandmarkFiles) -> Landmark:
    """Decode and rasterise a landmark; raises BadFileError for what cannot be read."""
    queries = []
    for name, image, label, key in files.queries:
        pixels = decode(image)
        queries.append(Reference(pixels, whole_of(_drawn(label, pixels)), "query", name, key))
    images, truths, wholes = [], {}, {}
    for name, image, label, key in files.images:
        pixels = decode(image)
        images.append(IndexImage(pixels, name, key))
        drawn = _drawn(label, pixels)
        truths[name], wholes[name] = mask_of(drawn), whole_of(drawn)
    return Landmark(files.name, tuple(queries), tuple(images), truths, wholes)


def _drawn(path: Path, pixels: Pixels) -> Annotation:
    annotation, size = read_labelme(path).annotation, (pixels.shape[1], pixels.shape[0])
    if annotation.size != size:
        drawn = annotation.size
        problem = f"its image is {size[0]} × {size[1]} px and the mask was drawn on {drawn[0]} × {drawn[1]} px"
        raise BadFileError(path, problem, "take the image that it was drawn on")
    return annotation
