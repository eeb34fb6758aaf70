"""Smooth and simplify, each with the bound of how far the outline moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    rings = [simplified(ring, tolerance) for ring in polygon.rings]
    bounds = [_dropped_distance(old, new) for old, new in zip(polygon.rings, rings, strict=True)]
    return _checked(polygon, rings, max(bounds))


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
    kept = _kept_rows(old.points, new.points)
    lengths = np.diff(np.append(kept, kept[0] + len(old)))
    owner = np.repeat(np.arange(len(kept)), lengths)
    points = np.roll(old.points, -int(kept[0]), axis=0)
    start = old.points[kept][owner]
    along = np.roll(old.points[kept], -1, axis=0)[owner] - start
    length = np.square(along).sum(axis=1)
    share = ((points - start) * along).sum(axis=1) / np.where(length > 0, length, 1.0)
    feet = start + np.clip(share, 0.0, 1.0)[:, None] * along
    return float(np.sqrt(np.square(points - feet).sum(axis=1).max()))


def _kept_rows(old: Points, new: Points) -> Points:
    """For each vertex of `new` its row in `old`, ascending."""
    rows, at = [], 0
    for point in new:
        steps = np.flatnonzero(np.all(old[at:] == point, axis=1))
        at += int(steps[0])
        rows.append(at)
        at += 1
    return np.array(rows)
