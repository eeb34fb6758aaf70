"""Which output of a local-feature model is what, learned from names, shapes and values on one picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError
from annotator.premask.features import Floats

Arrays = Mapping[str, NDArray[Any]]
Coordinates = Literal["-1..1", "0..1", "pixels"]

FEWEST_NUMBERS, MOST_NUMBERS = 8, 2048
"""Numbers that a descriptor may have."""

POINTS = re.compile(r"key_?points?|kpts?|points?|coord|locations?")
DESCRIPTORS = re.compile(r"desc")
SCORES = re.compile(r"scores?|conf|prob|heat|reliab|response")
SECOND_SCORES = re.compile(r"disp|sort|match")
"""Names of further numbers per keypoint, such as ALIKED's score dispersity: taken where there is nothing better."""

LEAST_SPREAD = 0.2
"""Share of each side over which the keypoints of a picture full of corners spread at least."""

SLACK = 0.05
"""Share by which normalised keypoints may leave the picture."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a model says what.

    A sparse model has `points` (n, 2), `descriptors` (n, d) and perhaps `scores` (n). A dense one has no `points`:
    `scores` (h, w) and `descriptors` (d, h / stride, w / stride). Where all three are one output of rows
    (x, y, score, descriptor), they bear its name. `rows_first` marks keypoints that are (y, x), `numbers` is d.
    """

    points: str
    descriptors: str
    scores: str
    coordinates: Coordinates = "pixels"
    rows_first: bool = False
    stride: int = 1
    numbers: int = 0

    @property
    def dense(self) -> bool:
        """Whether the model gives maps, in which keypoints are still to be found."""
        return not self.points


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Keypoints of a sparse model in pixels of its input: `points` (n, 2) xy, `descriptors` (n, d), `scores` (n)."""

    points: Floats
    descriptors: Floats
    scores: Floats


def learn_layout(path: Path, outputs: Arrays, size: tuple[int, int]) -> Layout:
    """The layout of a model from its outputs on a picture of `size` (width, height) that is full of corners.

    Raises BadFileError where the outputs are no local features, are not finite, or where nothing was found.
    """
    dense = _dense(outputs, size)
    if dense is not None:
        _finite(path, outputs, (dense.scores, dense.descriptors))
        return dense
    names = _rows(outputs) or _sparse(outputs)
    if names is None:
        shapes = ", ".join(f"{name} {list(array.shape)}" for name, array in outputs.items())
        raise BadFileError(path, f"its outputs are no local features ({shapes[:200]})", "name another model")
    _finite(path, outputs, names)
    points = _points(outputs, names[0])
    if not len(points):
        raise BadFileError(path, "it finds no keypoints in a picture full of corners", "name another model")
    coordinates, rows_first = _coordinates(path, points, size)
    first = Layout(*names, coordinates=coordinates, rows_first=rows_first)
    found = read_sparse(path, first, outputs, size)
    if (np.ptp(found.points, axis=0) < LEAST_SPREAD * np.array(size)).any():
        raise BadFileError(path, "its keypoints do not spread over a picture full of corners", "name another model")
    return replace(first, numbers=found.descriptors.shape[1])


def read_sparse(path: Path, layout: Layout, outputs: Arrays, size: tuple[int, int]) -> Found:
    """The keypoints of a sparse model whose input had `size` (width, height); rows that are not finite are left out.

    Raises BadFileError where the outputs do not go together.
    """
    if outputs[layout.points].size == 0:
        none = np.zeros(0, np.float32)
        return Found(none.reshape(0, 2), none.reshape(0, layout.numbers), none)
    if layout.points == layout.descriptors:
        rows = _flat(outputs[layout.points], 2)
        points, scores, descriptors = rows[:, :2], rows[:, 2], rows[:, 3:]
    else:
        points = _points(outputs, layout.points)
        descriptors = _descriptors(outputs[layout.descriptors], len(points))
        scores = _flat(outputs[layout.scores], 1) if layout.scores else np.ones(len(points), np.float32)
    if not len(points) == len(descriptors) == len(scores) or layout.numbers not in (0, descriptors.shape[1]):
        counts = f"{len(points)} keypoints, {len(descriptors)} descriptors, {len(scores)} scores"
        raise BadFileError(path, f"its outputs do not go together: {counts}", "export it anew")
    places = points[:, ::-1] if layout.rows_first else points
    if layout.coordinates == "-1..1":
        places = (places + 1) / 2 * np.array([size[0] - 1, size[1] - 1])
    elif layout.coordinates == "0..1":
        places = places * np.array([size[0] - 1, size[1] - 1])
    whole = np.isfinite(places).all(axis=1) & np.isfinite(descriptors).all(axis=1) & np.isfinite(scores)
    return Found(*(np.ascontiguousarray(part[whole], np.float32) for part in (places, descriptors, scores)))


def read_dense(layout: Layout, outputs: Arrays) -> tuple[Floats, Floats]:
    """Scores `(h, w)` and descriptors `(d, rows, columns)` of a dense model; what is not finite becomes 0."""
    return (
        np.nan_to_num(_flat(outputs[layout.scores], 2), posinf=0, neginf=0),
        np.nan_to_num(_flat(outputs[layout.descriptors], 3), posinf=0, neginf=0),
    )


def _dense(outputs: Arrays, size: tuple[int, int]) -> Layout | None:
    """A score for every pixel, and descriptors on a grid whose stride divides both sides."""
    width, height = size
    maps = [name for name, array in outputs.items() if _flat(array, 2).shape == (height, width)]
    grids = {}
    for name, array in outputs.items():
        grid = _flat(array, 3)
        if grid.ndim == 3 and FEWEST_NUMBERS <= grid.shape[0] <= MOST_NUMBERS:
            rows, columns = grid.shape[1:]
            if rows and columns and height % rows == 0 and width % columns == 0 and height // rows == width // columns:
                grids[name] = height // rows
    if not maps or not grids:
        return None
    scores, descriptors = _named(maps, SCORES), _named(list(grids), DESCRIPTORS)
    numbers = _flat(outputs[descriptors], 3).shape[0]
    return Layout("", descriptors, scores, stride=grids[descriptors], numbers=numbers)


def _rows(outputs: Arrays) -> tuple[str, str, str] | None:
    """One output of rows x, y, score, descriptor."""
    if len(outputs) != 1:
        return None
    ((name, array),) = outputs.items()
    rows = _flat(array, 2)
    return (name, name, name) if rows.ndim == 2 and rows.shape[1] >= 3 + FEWEST_NUMBERS else None


def _sparse(outputs: Arrays) -> tuple[str, str, str] | None:
    """The names of keypoints, descriptors and scores ('' where there are none)."""
    shaped = [name for name, array in outputs.items() if _flat(array, 2).shape[1:] == (2,)]
    if not shaped:
        return None
    points = _named(shaped, POINTS)
    count = len(_flat(outputs[points], 2))
    rest = [name for name in outputs if name != points]
    wide = [name for name in rest if _is_descriptors(outputs[name], count)]
    if not wide:
        return None
    descriptors = _named(wide, DESCRIPTORS)
    single = [
        name for name in rest if name != descriptors and outputs[name].size == count and _is_line(outputs[name].shape)
    ]
    first = [name for name in single if not SECOND_SCORES.search(name.lower())]
    return points, descriptors, _named(first or single, SCORES) if single else ""


def _named(names: list[str], pattern: re.Pattern[str]) -> str:
    """The first whose name fits, else the first."""
    return next((name for name in names if pattern.search(name.lower())), names[0])


def _is_line(shape: tuple[int, ...]) -> bool:
    """Whether all sides but one are 1, or one of them is 0."""
    return len([side for side in shape if side != 1]) <= 1


def _is_descriptors(array: NDArray[Any], count: int) -> bool:
    flat = _flat(array, 2)
    if flat.ndim != 2 or count not in flat.shape:
        return False
    numbers = flat.shape[1] if flat.shape[0] == count else flat.shape[0]
    return bool(FEWEST_NUMBERS <= numbers <= MOST_NUMBERS)


def _points(outputs: Arrays, name: str) -> Floats:
    return _flat(outputs[name], 2)[:, :2]


def _descriptors(array: NDArray[Any], count: int) -> Floats:
    """(n, d), also of a model that gives (d, n)."""
    flat = _flat(array, 2)
    turned = flat.shape[0] != count and flat.shape[1] == count
    return flat.T if turned else flat


def _flat(array: NDArray[Any], rank: int) -> Floats:
    """The array as float32 without axes of length 1 before (for `rank` 1 also behind) that `rank` does not need."""
    found = np.asarray(array, dtype=np.float32)
    while found.ndim > rank and found.shape[0] == 1:
        found = found[0]
    return found.reshape(-1) if rank == 1 else found


def _finite(path: Path, outputs: Arrays, names: tuple[str, ...]) -> None:
    for name in dict.fromkeys(filter(None, names)):
        if not np.isfinite(np.asarray(outputs[name], dtype=np.float32)).all():
            raise BadFileError(path, f"its output '{name}' holds numbers that are not finite", "name another model")


def _coordinates(path: Path, points: Floats, size: tuple[int, int]) -> tuple[Coordinates, bool]:
    """In what keypoints are measured, and whether they are (y, x), which a picture wider than high shows."""
    low, high = float(points.min()), float(points.max())
    if low >= -1 - SLACK and high <= 1 + SLACK:
        return ("-1..1" if low < -SLACK else "0..1"), False
    width, height = size
    columns, rows = (float(value) for value in points.max(axis=0))
    if low < -1 or high > max(width, height) + 1:
        raise BadFileError(path, "its keypoints lie outside the picture", "name another model")
    return "pixels", rows > height + 1 and columns <= height + 1
