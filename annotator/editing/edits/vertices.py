"""Edits of single vertices: move, place, insert, delete. Each holds the vertices that it touches and no others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotator.domain.geometry import Points, Ring, as_points
from annotator.domain.shapes import Annotation
from annotator.editing.edits.protocol import Edit


@dataclass(frozen=True, slots=True)
class _OfRing(Edit):
    """An edit of ring `ring` (0 is the outer one) of shape `shape_id`."""

    shape_id: str
    ring: int

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))

    def _points(self, annotation: Annotation) -> Points:
        return annotation.shape(self.shape_id).polygon.rings[self.ring].points

    def _with(self, annotation: Annotation, points: Points) -> Annotation:
        ring = Ring(points)
        return annotation.mapped(
            self.shape_id, lambda shape: shape.with_polygon(shape.polygon.with_ring(self.ring, ring))
        )


@dataclass(frozen=True, slots=True)
class MoveVertices(_OfRing):
    """Shift the vertices at `indices` by `dx`, `dy` pixels."""

    indices: tuple[int, ...]
    dx: float
    dy: float

    @property
    def label(self) -> str:
        return _counted("move", len(self.indices))

    def apply(self, annotation: Annotation) -> Annotation:
        points = self._points(annotation).copy()
        points[list(self.indices)] += (self.dx, self.dy)
        return self._with(annotation, points)

    def inverse(self, annotation: Annotation) -> Edit:
        before = self._points(annotation)[list(self.indices)]
        return PlaceVertices(self.shape_id, self.ring, self.indices, as_points(before))

    def then(self, later: Edit) -> Edit | None:
        if not isinstance(later, MoveVertices) or _target(later) != _target(self) or later.indices != self.indices:
            return None
        return MoveVertices(self.shape_id, self.ring, self.indices, self.dx + later.dx, self.dy + later.dy)


@dataclass(frozen=True, slots=True, eq=False)
class PlaceVertices(_OfRing):
    """Put the vertices at `indices` at `points`, `(n, 2)` xy: the exact way back from a move."""

    indices: tuple[int, ...]
    points: Points

    @property
    def label(self) -> str:
        return _counted("move", len(self.indices))

    def apply(self, annotation: Annotation) -> Annotation:
        points = self._points(annotation).copy()
        points[list(self.indices)] = self.points
        return self._with(annotation, points)

    def inverse(self, annotation: Annotation) -> Edit:
        before = self._points(annotation)[list(self.indices)]
        return PlaceVertices(self.shape_id, self.ring, self.indices, as_points(before))

    def then(self, later: Edit) -> Edit | None:
        if isinstance(later, PlaceVertices) and _target(later) == _target(self) and later.indices == self.indices:
            return later
        return None


@dataclass(frozen=True, slots=True, eq=False)
class SpliceVertices(_OfRing):
    """Replace the `count` vertices from `start` on by `points`, `(n, 2)` xy."""

    start: int
    count: int
    points: Points

    @property
    def label(self) -> str:
        return "change an outline"

    def apply(self, annotation: Annotation) -> Annotation:
        before = self._points(annotation)
        parts = (before[: self.start], self.points, before[self.start + self.count :])
        return self._with(annotation, np.concatenate(parts))

    def inverse(self, annotation: Annotation) -> Edit:
        gone = as_points(self._points(annotation)[self.start : self.start + self.count])
        return SpliceVertices(self.shape_id, self.ring, self.start, len(self.points), gone)


@dataclass(frozen=True, slots=True)
class InsertVertex(_OfRing):
    """Put a vertex at `x`, `y` before the present vertex `index` (or after the last one)."""

    index: int
    x: float
    y: float

    @property
    def label(self) -> str:
        return "add a vertex"

    def apply(self, annotation: Annotation) -> Annotation:
        points = np.insert(self._points(annotation), self.index, (self.x, self.y), axis=0)
        return self._with(annotation, points)

    def inverse(self, annotation: Annotation) -> Edit:
        del annotation
        return DeleteVertices(self.shape_id, self.ring, (self.index,))


@dataclass(frozen=True, slots=True)
class DeleteVertices(_OfRing):
    """Take the vertices at `indices` out. Raises TooFewPointsError where fewer than three stay."""

    indices: tuple[int, ...]

    @property
    def label(self) -> str:
        return _counted("delete", len(self.indices))

    def apply(self, annotation: Annotation) -> Annotation:
        return self._with(annotation, np.delete(self._points(annotation), list(self.indices), axis=0))

    def inverse(self, annotation: Annotation) -> Edit:
        order = tuple(sorted(set(self.indices)))
        points = as_points(self._points(annotation)[list(order)])
        return _InsertVertices(self.shape_id, self.ring, order, points)


@dataclass(frozen=True, slots=True, eq=False)
class _InsertVertices(_OfRing):
    """Put `points` back so that they stand at `indices` (ascending) afterwards."""

    indices: tuple[int, ...]
    points: Points

    @property
    def label(self) -> str:
        return "add vertices"

    def apply(self, annotation: Annotation) -> Annotation:
        before = self._points(annotation)
        places = [index - earlier for earlier, index in enumerate(self.indices)]
        return self._with(annotation, np.insert(before, places, self.points, axis=0))

    def inverse(self, annotation: Annotation) -> Edit:
        del annotation
        return DeleteVertices(self.shape_id, self.ring, self.indices)


def insert_vertex(shape_id: str, ring: int, index: int, point: ArrayLike) -> InsertVertex:
    """InsertVertex from a point, `(2,)` xy."""
    x, y = np.asarray(point, dtype=np.float64).tolist()
    return InsertVertex(shape_id, ring, index, x, y)


def _target(edit: _OfRing) -> tuple[str, int]:
    return edit.shape_id, edit.ring


def _counted(verb: str, count: int) -> str:
    return f"{verb} a vertex" if count == 1 else f"{verb} {count} vertices"
