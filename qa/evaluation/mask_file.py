"""The exact masks of a release, `masks/{ds}/masks.json` (FORMAT A3), by group number and index number."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.datasets.file_bytes import read_json
from annotator.domain.errors import BadFileError
from annotator.domain.rle import Rle

LARGEST_FILE = 1 << 29
"""Bytes; the masks of 6,361 pairs take about ten megabytes."""

_REMEDY = "take the masks of the release"


def read_masks(path: Path) -> Mapping[tuple[int, int], Rle]:
    """Run-length encoded masks by (group, index image), their runs not decoded yet; empty where there is no file.

    Raises BadFileError for a broken file, two masks of one pair, or a mask of another size than its image.
    """
    if not path.exists():
        return {}
    document = read_json(path, LARGEST_FILE)
    try:
        sizes = {image["id"]: [image["height"], image["width"]] for image in document["images"]}
        return _masks(document["annotations"], sizes, path)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFileError(path, "is no list of run-length encoded masks", _REMEDY) from error


def _masks(annotations: list[dict[str, Any]], sizes: Mapping[int, list[int]], path: Path) -> dict[tuple[int, int], Rle]:
    masks: dict[tuple[int, int], Rle] = {}
    for annotation in annotations:
        group, index = annotation["category_id"], annotation["image_id"]
        size, counts = annotation["segmentation"]["size"], annotation["segmentation"]["counts"]
        if type(group) is not int or type(index) is not int or not isinstance(counts, str | list):
            raise TypeError
        if (group, index) in masks:
            raise BadFileError(path, f"has two masks of image {index} in group {group}", _REMEDY)
        if size != sizes[index]:
            raise BadFileError(path, f"the mask of image {index} in group {group} has not the image's size", _REMEDY)
        masks[group, index] = {"size": size, "counts": counts}
    return masks
