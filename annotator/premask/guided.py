"""Matching again where a geometry says that a feature should be."""

from __future__ import annotations

import numpy as np

from annotator.premask.features import Features, Floats
from annotator.premask.matching import Matches, Rows, no_matches
from annotator.premask.warp import Geometry

LIKENESS = 0.8
"""Inner product of descriptors of unit length below which a neighbour in the window is no match."""

LIKENESS_LEARNED = 0.5
"""The same for learned features, whose descriptors lie farther apart."""

SAME, SAME_LEARNED = 3.0, 6.0
"""Pixels within which two features are one place seen twice: learned ones are found at two sizes, less exactly."""

SCALE_TOLERANCE, SCALE_TOLERANCE_LEARNED = 1.1, 0.9
"""Octaves by which a feature's scale may change differently from the geometry; learned ones have that of their view."""

LARGEST_TILE = 96
"""Features of the reference that are compared at once with what lies near them; keeps the products small."""


def guided(
    reference: Features, index: Features, geometry: Geometry, radius: float, scale: float, limit: float = 0.91
) -> Matches:
    """Mutual best within `radius` pixels of where `geometry` puts a feature, with a ratio inside the window.

    `scale` is the geometry's enlargement at the object: features whose scale changes differently stay out.
    """
    expected = geometry.forward(reference.points.astype(np.float64)).astype(np.float32)
    if not len(index):
        return no_matches()
    highest = np.zeros(len(index), dtype=np.float32)
    x, y = index.points.T.copy()  # each side by side in memory
    sizes, wanted = _octaves(reference, index, scale)
    least, same = (LIKENESS, SAME) if index.framed else (LIKENESS_LEARNED, SAME_LEARNED)
    tolerance = SCALE_TOLERANCE if index.framed else SCALE_TOLERANCE_LEARNED
    seen = np.isfinite(expected).all(axis=1) & (wanted > sizes.min(initial=0.0) - tolerance)
    rows = np.flatnonzero(seen)
    found: list[tuple[Rows, Rows, Floats, Floats]] = []
    for tile in _tiles(expected, wanted, rows):
        places = expected[tile]
        low, high = places.min(axis=0) - radius, places.max(axis=0) + radius
        columns = np.flatnonzero((x >= low[0]) & (x <= high[0]))
        columns = columns[(y[columns] >= low[1]) & (y[columns] <= high[1])]
        finest, coarsest = wanted[tile].min() - tolerance, wanted[tile].max() + tolerance
        columns = columns[(sizes[columns] >= finest) & (sizes[columns] <= coarsest)]
        if len(columns) < 2:
            continue
        likeness = reference.descriptors[tile] @ index.descriptors[columns].T
        near = np.abs(expected[tile, 0, None] - x[columns]) <= radius
        near &= np.abs(expected[tile, 1, None] - y[columns]) <= radius
        near &= np.abs(wanted[tile, None] - sizes[columns]) <= tolerance
        likeness *= near  # what is far is like nothing; six times faster than setting it
        highest[columns] = np.maximum(highest[columns], likeness.max(axis=0))
        best, first, second = _two_places(likeness, index.points[columns], same)
        found.append((tile, columns[best], first, second))
    if not found:
        return no_matches()
    rows, best, first, second = (np.concatenate(part) for part in zip(*found, strict=True))
    ratio = np.sqrt(np.maximum(1 - first, 1e-6) / np.maximum(1 - second, 1e-6))
    good = np.flatnonzero((first > least) & (first >= highest[best]) & (ratio < limit))
    return Matches(rows[good], best[good], ratio[good].astype(np.float32))


def _octaves(reference: Features, index: Features, scale: float) -> tuple[Floats, Floats]:
    """Scales of both as octaves, the reference's as they should be in the index image."""
    wanted = np.log2(np.maximum(reference.scales * np.float32(scale), 1e-3))
    return np.asarray(np.log2(np.maximum(index.scales, 1e-3))), np.asarray(wanted)


def _tiles(points: Floats, octaves: Floats, rows: Rows) -> list[Rows]:
    """Rows as tiles of near neighbours of about one scale."""
    classes = np.floor(octaves[rows])
    return [tile for value in np.unique(classes) for tile in _tiles_of(points, rows[classes == value])]


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


def _two_places(likeness: Floats, points: Floats, apart: float) -> tuple[Rows, Floats, Floats]:
    rows = np.arange(len(likeness))
    best = likeness.argmax(axis=1)
    first = likeness[rows, best]
    likeness[rows, best] = 0.0
    other = likeness.argmax(axis=1)
    second = likeness[rows, other]
    same = np.abs(points[other] - points[best]).max(axis=1) <= apart
    second[same] = np.minimum(second[same], 0.8 * first[same])
    return best, first, second
