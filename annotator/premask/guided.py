"""Matching again where a geometry says that a feature should be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Features, Floats
from annotator.premask.matching import Matches, Rows, distance_ratio, inner, no_matches
from annotator.premask.products import product, whole_columns, whole_rows
from annotator.premask.warp import Geometry

LIKENESS = 0.8
"""Inner product of descriptors of unit length below which a neighbour in the window is no match."""

LIKENESS_LEARNED = 0.5
"""The same for learned features, whose descriptors lie farther apart."""

SAME, SAME_LEARNED = 3.0, 6.0
"""Pixels within which two features are one place seen twice: learned ones are found at two sizes, less exactly."""

SCALE_TOLERANCE, SCALE_TOLERANCE_LEARNED = 1.1, 0.9
"""Octaves by which a feature's scale may change differently from the geometry; learned ones have that of their view."""

LEAST_NEAR = 2
"""Features near a tile below which nothing can be told apart."""

LARGEST_TILE = 96
"""Features of the reference that are compared at once with what lies near them; keeps the products small."""


class Field:
    """The features of an index image, laid out so that those near a place are found fast: from left to right."""

    def __init__(self, index: Features) -> None:
        order = np.argsort(index.points[:, 0], kind="stable")
        self.order = order
        self.index = index
        self.x, self.y = index.points[order].T.copy()
        self.octaves = _octaves(index.scales[order])
        self.whole = whole_columns(index.descriptors[order])

    def within(self, low: Floats, high: Floats) -> Rows:
        """Positions from left to right of the features with x, y and octave between `low` and `high`."""
        first, last = np.searchsorted(self.x, (low[0], high[0]))
        y, octaves = self.y[first:last], self.octaves[first:last]
        found = (y >= low[1]) & (y <= high[1]) & (octaves >= low[2]) & (octaves <= high[2])
        return np.asarray(np.flatnonzero(found) + first)


class Sought:
    """The features of a reference, ready to be matched in a field more than once: `order` lays them out in tiles of
    near neighbours of about one scale, which begin at `starts`.
    """

    def __init__(self, reference: Features) -> None:
        octaves = _octaves(reference.scales)
        tiles = _tiles(reference.points, octaves)
        self.features = reference
        self.order = np.concatenate(tiles) if tiles else np.zeros(0, dtype=np.intp)
        self.starts = np.cumsum([0, *(len(tile) for tile in tiles)])
        self.points = reference.points[self.order].astype(np.float64)
        self.octaves = octaves[self.order]
        self.whole = whole_rows(reference.descriptors[self.order])


def guided(
    sought: Sought, field: Field, geometry: Geometry, radius: float, scale: float, limit: float = 0.91
) -> Matches:
    """Mutual best within `radius` pixels of where `geometry` puts a feature, with a ratio inside the window.

    `scale` is the geometry's enlargement at the object: features whose scale changes differently stay out. The best are
    found with rounded descriptors, ratio and likeness are exact.
    """
    reference, index = sought.features, field.index
    if not len(index) or not len(reference):
        return no_matches()
    framed = index.framed
    wanted = sought.octaves + np.float32(np.log2(max(scale, 1e-3)))
    places = np.column_stack([geometry.forward(sought.points).astype(np.float32), wanted])
    reach = np.array([radius, radius, SCALE_TOLERANCE if framed else SCALE_TOLERANCE_LEARNED], dtype=np.float32)
    lows = np.fmin.reduceat(places, sought.starts[:-1], axis=0) - reach  # fmin: what lies beyond the horizon is NaN
    highs = np.fmax.reduceat(places, sought.starts[:-1], axis=0) + reach
    highest = np.zeros(len(index), dtype=np.int32)
    found = []
    for start, end, low, high in zip(sought.starts[:-1], sought.starts[1:], lows, highs, strict=True):
        near = field.within(low, high)
        if len(near) >= LEAST_NEAR:
            found.append(_best_two(sought, field, slice(start, end), near, places[start:end], reach, highest))
    if not found:
        return no_matches()
    rows, best, other, first, second = (np.concatenate(part) for part in zip(*found, strict=True))
    least, same = (LIKENESS, SAME) if framed else (LIKENESS_LEARNED, SAME_LEARNED)
    good = np.flatnonzero((first >= highest[best]) & (first * (sought.whole.unit * field.whole.unit) > 0.95 * least))
    matches = Matches(rows[good], field.order[best[good]], np.zeros(0, np.float32))
    return _judged(reference, index, matches, field.order[other[good]], second[good] > 0, least, same, limit)


def _best_two(
    sought: Sought, field: Field, tile: slice, near: Rows, places: Floats, reach: Floats, highest: NDArray[np.int32]
) -> tuple[Rows, Rows, Rows, NDArray[np.int32], NDArray[np.int32]]:
    """The rows of a tile, best and second best of the features `near` for each, and how like they are; 0 for none.

    `highest` is raised to the largest likeness of each of these features.
    """
    likeness = product(sought.whole.values[tile], field.whole.values[near].T, sought.whole.shift)
    allowed = np.abs(places[:, 0, None] - field.x[near]) <= reach[0]
    allowed &= np.abs(places[:, 1, None] - field.y[near]) <= reach[1]
    if np.ptp(places[:, 2]) > 0:  # else what is near is of the right scale for all
        allowed &= np.abs(places[:, 2, None] - field.octaves[near]) <= reach[2]
    likeness *= allowed  # what is far is like nothing; six times faster than setting it
    highest[near] = np.maximum(highest[near], likeness.max(axis=0))
    rows = np.arange(len(likeness))
    best = likeness.argmax(axis=1)
    first = likeness[rows, best]
    likeness[rows, best] = 0
    other = likeness.argmax(axis=1)
    return sought.order[tile], near[best], near[other], first, likeness[rows, other]


def _judged(
    reference: Features, index: Features, found: Matches, other: Rows, rivals: NDArray[np.bool_], least: float,
    same: float, limit: float,
) -> Matches:  # fmt: skip
    """The matches whose exact likeness and ratio are good; `other` is the second best of each where it has `rivals`."""
    ours = reference.descriptors[found.reference]
    first = inner(ours, index.descriptors[found.index])
    second = inner(ours, index.descriptors[other]) * rivals
    twice = np.abs(index.points[other] - index.points[found.index]).max(axis=1, initial=0) <= same
    second[twice] = np.minimum(second[twice], 0.8 * first[twice])
    ratio = distance_ratio(first, second)
    good = np.flatnonzero((first > least) & (ratio < limit))
    return Matches(found.reference[good], found.index[good], ratio[good])


def _octaves(scales: Floats) -> Floats:
    return np.asarray(np.log2(np.maximum(scales, 1e-3)), dtype=np.float32)


def _tiles(points: Floats, octaves: Floats) -> list[Rows]:
    """All rows as tiles of near neighbours of about one scale."""
    classes = np.floor(octaves)
    return [tile for value in np.unique(classes) for tile in _tiles_of(points, np.flatnonzero(classes == value))]


def _tiles_of(points: Floats, rows: Rows) -> list[Rows]:
    """Bands along the longer side of what the points spread over, each cut across."""
    spread = np.ptp(points[rows], axis=0)
    along, across = (1, 0) if spread[1] > spread[0] else (0, 1)
    count = -(-len(rows) // LARGEST_TILE)
    ratio = float(max(spread.max(), 1e-6) / max(spread.min(), 1e-6))
    bands = min(count, max(1, round(np.sqrt(count * min(ratio, count)))))
    order = rows[np.argsort(points[rows, along], kind="stable")]
    found: list[Rows] = []
    for band in np.array_split(order, bands):
        inner = band[np.argsort(points[band, across], kind="stable")]
        found += np.array_split(inner, -(-len(inner) // LARGEST_TILE))
    return found
