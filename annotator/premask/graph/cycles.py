"""Cycles of geometries: a path through another image must arrive where the direct geometry does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.warp import Geometry, Points

PROBES = 150
"""Places of the query object at which two paths are compared."""

OPEN = 1.0
"""Gap, in object sizes, of paths that have nothing to do with each other; larger gaps say no more."""

REACH = 0.05
"""Gap, in object sizes, at which closure has fallen to 1/e: what a good warp of a facade is off by."""


def probes(mask: Mask, count: int = PROBES) -> Points:
    """About `count` `(n, 2)` xy places on a square grid in a mask `bool (height, width)`; none where it is empty.

    A mask that is thinner than the grid gives every so-manieth of its pixels.
    """
    step = max(1, int(np.sqrt(np.count_nonzero(mask) / count)))
    first = step // 2
    rows, columns = np.nonzero(mask[first::step, first::step])
    found = np.column_stack([columns, rows]) * step + first
    if len(found) < count / 4:
        rows, columns = np.nonzero(mask)
        found = np.column_stack([columns, rows])[:: max(1, len(rows) // count)]
    return found.astype(np.float64)


def through(path: Sequence[Geometry], points: Points) -> Points:
    """`(n, 2)` xy of the first image brought along a path of geometries; NaN beyond a horizon on the way."""
    found = points
    for geometry in path:
        found = geometry.forward(found)
    return found


def gap(one: Points, other: Points) -> float:
    """Median distance between where two paths arrive, over the size of the object there (root of its box's area).

    `OPEN` where fewer than half of the places arrive on both.
    """
    both = np.isfinite(one).all(axis=1) & np.isfinite(other).all(axis=1)
    if both.sum() < max(3, len(one) / 2):
        return OPEN
    size = min(_size(one[both]), _size(other[both]))
    return float(min(OPEN, np.median(np.linalg.norm(one[both] - other[both], axis=1)) / max(size, 1e-6)))


def closure(gaps: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """1 for a cycle that closes exactly, falling to 0: exp of minus the gap over `REACH`."""
    return np.asarray(np.exp(-np.asarray(gaps, dtype=np.float64) / REACH))


def _size(points: Points) -> float:
    return float(np.sqrt(np.prod(np.maximum(np.ptp(points, axis=0), 1e-3))))
