"""Training data: photographs and the points that show the same place in two of them.

A data folder holds `images/<landmark>/*.jpg`, `matches/<landmark>.npz` and `split.json`; points are uint16 eighths of
a pixel, pixel centres at integers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]

NON_COMMERCIAL = (
    "nle_tower",
    "pt_british_museum",
    "pt_piazza_san_marco",
    "pt_tower_bridge",
    "pt_us_capitol",
    "st_pancras_statue",
)
"""Landmarks whose source is marked non-commercial; left out unless they are asked for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs by number, `(m, 2)` float32 xy that correspond row by row, and their `(m,)` confidence.

    `tracks` numbers the physical points of the landmark, `(m,)`, or is empty where that is not known.
    """

    landmark: str
    first: int
    second: int
    points_first: Points
    points_second: Points
    confidence: NDArray[np.float32]
    fundamental: NDArray[np.float64]
    tracks: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Photographs:
    """All photographs of a split in memory, with the points of each that were found again in another one."""

    images: tuple[Grey, ...]
    repeated: tuple[Points, ...]
    pairs: tuple[Pair, ...]


def load(folder: Path, part: str, *, non_commercial: bool = False) -> Photographs:
    """Read the `train` or `validation` part; raises BadFileError where the folder is not of this form."""
    try:
        names = list(json.loads((folder / "split.json").read_text(encoding="utf-8"))[part])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFileError(folder, "no training data of this form", "name a folder with split.json") from error
    images: list[Grey] = []
    repeated: list[Points] = []
    pairs: list[Pair] = []
    for name in names:
        if name not in NON_COMMERCIAL or non_commercial or part == "validation":
            try:
                _add(folder, name, images, repeated, pairs)
            except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, BadZipFile) as error:
                path = folder / "matches" / f"{name}.npz"
                raise BadFileError(path, "no correspondences of this form", "restore the training data") from error
    return Photographs(tuple(images), tuple(repeated), tuple(pairs))


def unpaired(folder: Path) -> tuple[Grey, ...]:
    """The photographs without correspondences, for warps with known geometry."""
    return tuple(_grey(path) for path in sorted((folder / "images" / "unpaired").glob("*.jpg")))


def _add(folder: Path, name: str, images: list[Grey], repeated: list[Points], pairs: list[Pair]) -> None:
    with (folder / "matches" / f"{name}.npz").open("rb") as file:
        data = dict(np.load(file, allow_pickle=False))
    base = len(images)
    images += [_grey(folder / "images" / name / f"{image}.jpg") for image in data["images"]]
    found: list[list[Points]] = [[] for _ in data["images"]]
    first = data["points_a"].astype(np.float32) / 8
    second = data["points_b"].astype(np.float32) / 8
    for k, (a, b) in enumerate(data["pairs"]):
        rows = slice(data["offsets"][k], data["offsets"][k + 1])
        confidence = data["confidence"][rows].astype(np.float32)
        points = first[rows], second[rows]
        tracks = data["track"][rows].astype(np.int64)
        pairs.append(Pair(name, base + int(a), base + int(b), *points, confidence, data["fundamental"][k], tracks))
        found[a].append(first[rows])
        found[b].append(second[rows])
    repeated += [_once(np.concatenate(points)) if points else np.zeros((0, 2), np.float32) for points in found]


def _once(points: Points) -> Points:
    """Each place once: points of several pairs fall on the same half pixel."""
    _, kept = np.unique(np.round(points * 2).astype(np.int32), axis=0, return_index=True)
    return points[np.sort(kept)]


def _grey(path: Path) -> Grey:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise BadFileError(path, "not an image that can be read", "restore the training data")
    return np.asarray(image, dtype=np.uint8)
