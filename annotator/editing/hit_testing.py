"""What lies under the cursor, in numpy: vertices, edges and polygons among thousands of vertices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Box, Points, Ring
from annotator.domain.shapes import Annotation, Shape

Point = tuple[float, float]
"""x, y in pixels of the image."""


@dataclass(frozen=True, slots=True, order=True)
class VertexRef:
    """A vertex by its shape, ring (0 is the outer one) and index."""

    shape_id: str
    ring: int
    index: int


@dataclass(frozen=True, slots=True)
class VertexHit:
    """The nearest vertex, where it is and how far, in pixels of the image."""

    ref: VertexRef
    point: Point
    distance: float


@dataclass(frozen=True, slots=True)
class EdgeHit:
    """The nearest place on an edge; `index` is the edge's first vertex, the next one is its end."""

    shape_id: str
    ring: int
    index: int
    point: Point
    distance: float


def nearest_vertex(
    annotation: Annotation, at: Point, radius: float, among: Collection[str] | None = None
) -> VertexHit | None:
    """The vertex nearest to `at` within `radius` pixels, of the shapes `among` (None: all); the last drawn wins."""
    best: VertexHit | None = None
    for shape, number, ring in _rings_near(annotation, at, radius, among):
        squared = squared_distances(ring.points, at)
        row = int(np.argmin(squared))
        distance = float(np.sqrt(squared[row]))
        if distance <= (best.distance if best else radius):
            x, y = ring.points[row].tolist()
            best = VertexHit(VertexRef(shape.id, number, row), (x, y), distance)
    return best


def nearest_edge(
    annotation: Annotation, at: Point, radius: float, among: Collection[str] | None = None
) -> EdgeHit | None:
    """The edge nearest to `at` within `radius` pixels, of the shapes `among` (None: all)."""
    best: EdgeHit | None = None
    for shape, number, ring in _rings_near(annotation, at, radius, among):
        feet = feet_on_edges(ring.points, at)
        squared = squared_distances(feet, at)
        row = int(np.argmin(squared))
        distance = float(np.sqrt(squared[row]))
        if distance <= (best.distance if best else radius):
            x, y = feet[row].tolist()
            best = EdgeHit(shape.id, number, row, (x, y), distance)
    return best


def feet_on_edges(points: Points, at: Point) -> Points:
    """The point of each edge of a ring that is nearest to `at`, `(n, 2)`; edge i goes from vertex i to the next."""
    x, y = points[:, 0], points[:, 1]
    dx, dy = np.roll(x, -1) - x, np.roll(y, -1) - y
    length = dx * dx + dy * dy
    share = ((at[0] - x) * dx + (at[1] - y) * dy) / np.where(length > 0, length, 1.0)
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    return np.stack((x + share * dx, y + share * dy), axis=1)


def squared_distances(points: Points, at: Point) -> NDArray[np.float64]:
    """The squared distance of each of `points` `(n, 2)` to `at`."""
    dx, dy = points[:, 0] - at[0], points[:, 1] - at[1]
    return np.asarray(dx * dx + dy * dy)


def contains(ring: Ring, at: Point) -> bool:
    """True when `at` lies inside the ring by the even-odd rule."""
    x, y = at
    x1, y1, x2, y2 = ring.bounds
    if not (x1 <= x <= x2 and y1 <= y <= y2):
        return False
    start, end = ring.points, np.roll(ring.points, -1, axis=0)
    spans = (start[:, 1] > y) != (end[:, 1] > y)
    a, b = start[spans], end[spans]
    crossing = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return int(np.count_nonzero(crossing > x)) % 2 == 1


def shape_contains(shape: Shape, at: Point) -> bool:
    """True when `at` lies in the shape's polygon and in none of its holes."""
    polygon = shape.polygon
    return contains(polygon.outer, at) and not any(contains(hole, at) for hole in polygon.holes)


def shape_at(annotation: Annotation, at: Point, accept: Callable[[Shape], bool] | None = None) -> Shape | None:
    """The smallest shape that contains `at`, so that an occluder is found before the object under it."""
    found = [shape for shape in annotation.shapes if (accept is None or accept(shape)) and shape_contains(shape, at)]
    return min(reversed(found), key=lambda shape: shape.polygon.area, default=None)


def vertices_in(annotation: Annotation, box: Box, among: Collection[str] | None = None) -> tuple[VertexRef, ...]:
    """The vertices in a box x1, y1, x2, y2 (rubber band), of the shapes `among` (None: all)."""
    found = []
    for shape in annotation.shapes:
        if among is not None and shape.id not in among:
            continue
        for number, ring in enumerate(shape.polygon.rings):
            rows = np.flatnonzero(_inside(ring.points, box))
            found += [VertexRef(shape.id, number, row) for row in rows.tolist()]
    return tuple(found)


def shapes_in(annotation: Annotation, box: Box) -> tuple[str, ...]:
    """The shapes that lie in a box with all of their vertices."""
    return tuple(shape.id for shape in annotation.shapes if _inside(shape.polygon.outer.points, box).all())


def _inside(points: Points, box: Box) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))


def _rings_near(
    annotation: Annotation, at: Point, radius: float, among: Collection[str] | None
) -> Iterator[tuple[Shape, int, Ring]]:
    """The rings whose bounds come within `radius` of `at`."""
    x, y = at
    for shape in annotation.shapes:
        if among is not None and shape.id not in among:
            continue
        for number, ring in enumerate(shape.polygon.rings):
            x1, y1, x2, y2 = ring.bounds
            if x1 - radius <= x <= x2 + radius and y1 - radius <= y <= y2 + radius:
                yield shape, number, ring
