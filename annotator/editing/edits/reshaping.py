"""The smallest edit that gives a shape another polygon: what brush strokes and smoothing hand to the session."""

from __future__ import annotations

import numpy as np

from annotator.domain.geometry import Points, Polygon, as_points
from annotator.editing.edits.compound import Compound
from annotator.editing.edits.moving import PlacePolygon
from annotator.editing.edits.protocol import Edit
from annotator.editing.edits.vertices import SpliceVertices
from annotator.editing.windows import common_start


def reshaped(shape_id: str, before: Polygon, after: Polygon, name: str = "change an outline") -> Edit:
    """An edit from `before` to `after` that holds only the run of vertices that differs in each ring.

    Rings of `after` may come rotated or turned round, as boolean operations return them: that is no change.
    Where the number of rings differs, it is the whole polygon.
    """
    if len(before.rings) != len(after.rings):
        return Compound((PlacePolygon(shape_id, after),), name)
    parts = []
    for number, (old, new) in enumerate(zip(before.rings, after.rings, strict=True)):
        splice = _splice(shape_id, number, old.points, _aligned(old.points, new.points))
        if splice is not None:
            parts.append(splice)
    return Compound(tuple(parts), name)


def _aligned(old: Points, new: Points) -> Points:
    """`new` in the direction of `old` and starting at its first vertex that is also in `new`."""
    if _turn(old) != _turn(new):
        new = new[::-1]
    lookup = {point.tobytes(): row for row, point in reversed(list(enumerate(np.ascontiguousarray(new))))}
    for position, point in enumerate(np.ascontiguousarray(old)):
        row = lookup.get(point.tobytes())
        if row is not None:
            return np.roll(new, position - row, axis=0)
    return new


def _splice(shape_id: str, ring: int, old: Points, new: Points) -> SpliceVertices | None:
    shorter = min(len(old), len(new))
    head = common_start(old[:shorter], new[:shorter])
    if head == len(old) == len(new):
        return None
    rest = shorter - head
    tail = common_start(old[::-1][:rest], new[::-1][:rest])
    return SpliceVertices(shape_id, ring, head, len(old) - head - tail, as_points(new[head : len(new) - tail]))


def _turn(points: Points) -> bool:
    x, y = points[:, 0], points[:, 1]
    return bool(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y) > 0)
