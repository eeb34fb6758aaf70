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

SCALE_TOLERANCE = 1.1
"""Octaves by which a feature's scale may change differently from the geometry."""

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
    highest = np.full(len(index), -1.0, dtype=np.float32)
    x, y = index.points.T.copy()
    sizes, wanted = _octaves(reference, index, scale)
    least = LIKENESS if index.framed else LIKENESS_LEARNED
    seen = np.isfinite(expected).all(axis=1) & (wanted > sizes.min(initial=0.0) - SCALE_TOLERANCE)
    rows = np.flatnonzero(seen)
    found: list[tuple[Rows, Rows, Floats, Floats]] = []
    for tile in _tiles(expected, rows):
        low, high = expected[tile].min(axis=0) - radius, expected[tile].max(axis=0) + radius
        finest, coarsest = wanted[tile].min() - SCALE_TOLERANCE, wanted[tile].max() + SCALE_TOLERANCE
        fits = (sizes >= finest) & (sizes <= coarsest)
        columns = np.flatnonzero(fits & (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
        if len(columns) < 2:
            continue
        likeness = reference.descriptors[tile] @ index.descriptors[columns].T
        near = np.abs(expected[tile, 0, None] - index.points[columns, 0]) <= radius
        near &= np.abs(expected[tile, 1, None] - index.points[columns, 1]) <= radius
        near &= np.abs(sizes[columns] - wanted[tile, None]) <= SCALE_TOLERANCE
        likeness[~near] = -1.0
        highest[columns] = np.maximum(highest[columns], likeness.max(axis=0))
        best, first, second = _two_places(likeness, index.points[columns])
        found.append((tile, columns[best], first, second))
    if not found:
        return no_matches()
    rows, best, first, second = (np.concatenate(part) for part in zip(*found, strict=True))
    ratio = np.sqrt(np.maximum(1 - first, 1e-6) / np.maximum(1 - second, 1e-6))
    good = np.flatnonzero((first > least) & (first >= highest[best]) & (ratio < limit))
    return Matches(rows[good], best[good], ratio[good].astype(np.float32))


def _octaves(reference: Features, index: Features, scale: float) -> tuple[Floats, Floats]:
    """Scales of both as octaves, the reference's as they should be in the index image; all alike without frames."""
    if not index.framed:
        return np.zeros(len(index), np.float32), np.zeros(len(reference), np.float32)
    wanted = np.log2(np.maximum(reference.scales * np.float32(scale), 1e-3))
    return np.asarray(np.log2(np.maximum(index.scales, 1e-3))), np.asarray(wanted)


def _tiles(points: Floats, rows: Rows) -> list[Rows]:
    """Rows split at medians, along the longer side of what they spread over, into tiles of near neighbours."""
    if len(rows) <= LARGEST_TILE:
        return [rows] if len(rows) else []
    spread = np.ptp(points[rows], axis=0)
    order = rows[np.argsort(points[rows, int(spread[1] > spread[0])], kind="stable")]
    half = len(order) // 2
    return _tiles(points, order[:half]) + _tiles(points, order[half:])


def _two_places(likeness: Floats, points: Floats) -> tuple[Rows, Floats, Floats]:
    rows = np.arange(len(likeness))
    best = likeness.argmax(axis=1)
    first = likeness[rows, best]
    likeness[rows, best] = -1.0
    other = likeness.argmax(axis=1)
    second = likeness[rows, other]
    same = np.abs(points[other] - points[best]).max(axis=1) <= 3.0
    second[same] = np.minimum(second[same], 0.8 * first[same])
    return best, first, second
