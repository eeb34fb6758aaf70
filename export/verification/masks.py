"""`masks.json` and `queries.json`: every mask once, of a known image and group, with an RLE that can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.errors import AnnotatorError
from export.json_text import read_json
from export.verification.files import read_limited
from export.verification.finding import Finding
from export.verification.label import ExpectedMask

CHECK = "masks"
LARGEST_IMAGE = 1 << 28
"""Pixels; no photograph has more."""


@dataclass(frozen=True, slots=True)
class MaskFile:
    """The masks of one file by (group, image id); `ids` gives the id of each annotation."""

    path: str
    masks: Mapping[tuple[int, int], ExpectedMask]
    ids: Mapping[tuple[int, int], int]


def read_masks(root: Path, path: str, names: Mapping[int, str], findings: list[Finding]) -> MaskFile:
    """Read a mask file; `names` gives the image of each id that the ground truth knows."""
    try:
        data = read_json(read_limited(root / path), path)
    except AnnotatorError as error:
        findings.append(Finding(CHECK, path, getattr(error, "problem", str(error))))
        return MaskFile(path, {}, {})
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in ("images", "annotations")):
        findings.append(Finding(CHECK, path, "it is no COCO file with images and annotations"))
        return MaskFile(path, {}, {})
    images: dict[int, dict[str, Any]] = {}
    for image in data["images"]:
        problem = _image_problem(image, names, images)
        if problem:
            findings.append(Finding(CHECK, path, problem))
        else:
            images[image["id"]] = image
    masks: dict[tuple[int, int], ExpectedMask] = {}
    ids: dict[tuple[int, int], int] = {}
    seen: set[int] = set()
    for one in data["annotations"]:
        problem = _annotation_problem(one, images, masks, seen)
        if problem:
            findings.append(Finding(CHECK, path, problem))
            continue
        image = images[one["image_id"]]
        key = (one["category_id"], image["id"])
        masks[key] = ExpectedMask(path, image["file_name"], (image["width"], image["height"]), one)
        ids[key] = one["id"]
        seen.add(one["id"])
    return MaskFile(path, masks, ids)


def _annotation_problem(one: object, images: Mapping[int, Any], masks: Mapping[Any, Any], seen: set[int]) -> str:
    if not isinstance(one, dict) or not all(type(one.get(key)) is int for key in ("id", "category_id", "image_id")):
        return "it has an annotation without id, category_id or image_id"
    if one["image_id"] not in images:
        return f"annotation {one['id']} is of no image that the file describes"
    if one["id"] in seen or (one["category_id"], one["image_id"]) in masks:
        return f"annotation {one['id']} is there twice, or its image has two masks in one group"
    if not isinstance(one.get("segmentation"), dict):
        return f"annotation {one['id']} has no mask"
    return ""


def _image_problem(image: object, names: Mapping[int, str], known: Mapping[int, Any]) -> str:
    if not isinstance(image, dict) or type(image.get("id")) is not int or not isinstance(image.get("file_name"), str):
        return "it has an image without id or file_name"
    number = image["id"]
    if number in known:
        return f"image {number} is there twice"
    if number not in names:
        return f"image {number} is none of the ground truth"
    if Path(image["file_name"]).stem != Path(names[number]).name:
        return f"image {number} is {image['file_name'][:100]!r}; the ground truth names it {names[number]!r}"
    sides: tuple[Any, Any] = (image.get("width"), image.get("height"))
    if not all(type(side) is int and side > 0 for side in sides) or sides[0] * sides[1] > LARGEST_IMAGE:
        return f"image {number} has no possible size"
    return ""
