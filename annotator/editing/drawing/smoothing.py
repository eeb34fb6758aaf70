"""Smooth and simplify, each with the bound of how far the outline moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Points, Polygon, Ring, as_points
from annotator.domain.regions import simplified
from annotator.domain.validity import polygon_problems


@dataclass(frozen=True, slots=True)
class Reshaped:
    """The new polygon; `bound` is how far in pixels no point of the outline moved (Hausdorff distance at most)."""

    polygon: Polygon
    bound: float
    vertices_before: int

    @property
    def vertices(self) -> int:
        """Number of vertices now."""
        return self.polygon.vertices


def simplify(polygon: Polygon, tolerance: float) -> Reshaped:
    """Fewer vertices within `tolerance` pixels (Douglas and Peucker); as it is where the result would cross itself."""
    found = [_simplified_within(ring, tolerance) for ring in polygon.rings]
    return _checked(polygon, [ring for ring, _ in found], max(bound for _, bound in found))


def smooth(polygon: Polygon, strength: float) -> Reshaped:
    """Every vertex goes towards the middle of its neighbours (Taubin, 1995, so that it does not shrink).

    `strength` is the largest distance in pixels that a vertex may go.
    """
    rings, bound = [], 0.0
    for ring in polygon.rings:
        moved = _taubin(ring.points)
        step = moved - ring.points
        length = np.sqrt(np.square(step).sum(axis=1, keepdims=True))
        step *= np.minimum(1.0, strength / np.maximum(length, 1e-12))
        rings.append(Ring(as_points(ring.points + step)))
        bound = max(bound, float(np.sqrt(np.square(step).sum(axis=1)).max()))
    return _checked(polygon, rings, bound)


def _checked(before: Polygon, rings: list[Ring], bound: float) -> Reshaped:
    after = Polygon(rings[0], tuple(rings[1:]))
    if polygon_problems(after):
        return Reshaped(before, 0.0, before.vertices)
    return Reshaped(after, bound, before.vertices)


def _simplified_within(ring: Ring, tolerance: float) -> tuple[Ring, float]:
    """A simpler ring and its bound: where a ring's first vertex is dropped too, GEOS can exceed its tolerance."""
    asked = tolerance
    for _ in range(6):
        simpler = simplified(ring, asked)
        bound = _dropped_distance(ring, simpler)
        if bound <= tolerance:
            return simpler, bound
        asked *= 0.95 * tolerance / bound
    return ring, 0.0


def _taubin(points: Points, rounds: int = 4) -> Points:
    for _ in range(rounds):
        for weight in (0.5, -0.53):
            middle = (np.roll(points, 1, axis=0) + np.roll(points, -1, axis=0)) / 2
            points = points + weight * (middle - points)
    return points


def _dropped_distance(old: Ring, new: Ring) -> float:
    """The largest distance of a dropped vertex to the edge in its place.

    The outline between two kept vertices and its chord are then within that distance of each other, both ways.
    """
    if len(old) == len(new):
        return 0.0
    first = int(np.argmax(np.all(old.points == new.points[0], axis=1)))  # simplifying may start the ring elsewhere
    points = np.roll(old.points, -first, axis=0)
    kept = _kept_rows(points, new.points)
    owner = np.repeat(np.arange(len(kept)), np.diff(np.append(kept, len(points))))
    start = points[kept][owner]
    along = np.roll(points[kept], -1, axis=0)[owner] - start
    length = np.square(along).sum(axis=1)
    share = ((points - start) * along).sum(axis=1) / np.where(length > 0, length, 1.0)
    feet = start + np.clip(share, 0.0, 1.0)[:, None] * along
    return float(np.sqrt(np.square(points - feet).sum(axis=1).max()))


def _kept_rows(old: Points, new: Points) -> NDArray[np.intp]:
    """For each vertex of `new` its row in `old`, ascending; both start at the same vertex."""
    rows, at = [], 0
    for point in new:
        at += int(np.argmax(np.all(old[at:] == point, axis=1)))
        rows.append(at)
        at += 1
    return np.array(rows, dtype=np.intp)
