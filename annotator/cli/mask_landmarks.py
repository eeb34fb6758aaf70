"""Landmarks to measure on, from a folder in the form of data/masks and folders of images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

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
    """What belongs to one landmark: for every query and index image (image file, mask file, SHA-256).

    `building` is what several groups of one building share, empty where a group has one of its own; `near` names other
    groups that its images may show.
    """

    name: str
    queries: tuple[tuple[str, Path, Path, str], ...]
    images: tuple[tuple[str, Path, Path, str], ...]
    building: str = ""
    near: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Group:
    """What the entries of one group name."""

    queries: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    building: str = ""
    near: frozenset[str] = frozenset()

    def add(self, entry: dict[str, Any]) -> None:
        """Take over an entry; raises KeyError, TypeError or ValueError where it is none."""
        self.queries += [name for name in map(_word, entry["query_images"]) if name not in self.queries]
        if (name := _word(entry["index_image"])) not in self.images:
            self.images.append(name)
        if "building" in entry:
            self.building = _word(entry["building"])
        if "near" in entry:
            self.near |= frozenset(map(_word, entry["near"]))


def landmark_files(masks: Path, *images: Path) -> tuple[list[LandmarkFiles], list[str]]:
    """The landmarks of `masks/pairs.json` that have both masks and images, and sentences about what is missing.

    An image is taken from the first of the folders `images` that has it.
    """
    groups: dict[str, _Group] = {}
    try:
        for entry in read_json(masks / "pairs.json"):
            groups.setdefault(_word(entry["group"]), _Group()).add(entry)
    except (KeyError, TypeError, ValueError) as error:
        raise BadFileError(
            masks / "pairs.json", "an entry lacks group, query_images or index_image", "write it as in data/masks"
        ) from error
    names = [name for group in groups.values() for name in (*group.queries, *group.images)]
    libraries = [ImageLibrary(folder) for folder in images]
    for library in libraries:
        library.scan(names)
    missing: list[str] = []
    found = []
    for name, group in groups.items():
        queries, index = (
            tuple(one for image in names if (one := _files(masks / folder, libraries, name, image, missing)))
            for folder, names in (("queries", group.queries), ("index", group.images))
        )
        if queries and index:
            found.append(LandmarkFiles(name, queries, index, group.building, group.near))
    if not found:
        raise AnnotatorError(f"{masks}: no query mask with an index mask of its group and their images was found.")
    return found, missing


def landmarks_of(folders: Sequence[Path], images: Sequence[Path]) -> tuple[list[LandmarkFiles], list[str]]:
    """The landmarks of several such folders; raises AnnotatorError where two of them hold a group of one name."""
    found: list[LandmarkFiles] = []
    missing: list[str] = []
    for folder in folders:
        files, absent = landmark_files(folder, *images)
        twice = {one.name for one in found} & {one.name for one in files}
        if twice:
            raise AnnotatorError(f"{folder}: the group {min(twice)} is in another folder too; rename one of them.")
        found += files
        missing += absent
    return found, missing


def _word(value: object) -> str:
    if not isinstance(value, str) or not value or "/" in value or "\\" in value or value.startswith("."):
        raise ValueError(value)
    return value


def _files(
    folder: Path, libraries: Sequence[ImageLibrary], group: str, name: str, missing: list[str]
) -> tuple[str, Path, Path, str] | None:
    label = folder / f"{group}__{name}.json"
    library = next((one for one in libraries if one.has(name)), None)
    image = library.path(name) if library else None
    if not label.is_file():
        missing.append(f"{label.name} has no mask in {folder.name}.")
        return None
    if library is None or image is None:
        missing.append(f"The image {name} is not in {' or '.join(str(one.folder) for one in libraries)}.")
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
    return Landmark(files.name, tuple(queries), tuple(images), truths, wholes, files.building, files.near)


def _drawn(path: Path, pixels: Pixels) -> Annotation:
    annotation, size = read_labelme(path).annotation, (pixels.shape[1], pixels.shape[0])
    if annotation.size != size:
        drawn = annotation.size
        problem = f"its image is {size[0]} × {size[1]} px and the mask was drawn on {drawn[0]} × {drawn[1]} px"
        raise BadFileError(path, problem, "take the image that it was drawn on")
    return annotation
