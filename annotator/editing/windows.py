"""Windows of an image: boxes of whole pixels, and which box two annotations differ in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.domain.geometry import Box, Points, Polygon, Size, bounds_of
from annotator.domain.raster import pixel_points
from annotator.domain.shapes import Annotation


@dataclass(frozen=True, slots=True)
class Window:
    """Pixels x1 <= x < x2, y1 <= y < y2 of an image."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def empty(self) -> bool:
        """True when it holds no pixel."""
        return self.x2 <= self.x1 or self.y2 <= self.y1

    @property
    def rows(self) -> slice:
        """The rows as a slice of an array of the whole image."""
        return slice(self.y1, self.y2)

    @property
    def columns(self) -> slice:
        """The columns as a slice of an array of the whole image."""
        return slice(self.x1, self.x2)

    def united(self, other: Window | None) -> Window:
        """The smallest window that holds both; empty ones add nothing."""
        if other is None or other.empty:
            return self
        if self.empty:
            return other
        low = min(self.x1, other.x1), min(self.y1, other.y1)
        return Window(*low, max(self.x2, other.x2), max(self.y2, other.y2))

    def clipped(self, size: Size) -> Window:
        """The part inside an image of `size` (width, height); `NOTHING` where no pixel is."""
        width, height = size
        part = Window(max(self.x1, 0), max(self.y1, 0), min(self.x2, width), min(self.y2, height))
        return NOTHING if part.empty else part

    def meets(self, other: Window) -> bool:
        """True when they share a pixel."""
        return max(self.x1, other.x1) < min(self.x2, other.x2) and max(self.y1, other.y1) < min(self.y2, other.y2)


NOTHING = Window(0, 0, 0, 0)


def window_of(points: Points) -> Window:
    """The pixels that the points `(n, 2)` xy lie in; `NOTHING` for no points."""
    if not len(points):
        return NOTHING
    x1, y1, x2, y2 = bounds_of(points)
    corners = pixel_points(np.array([(x1, y1), (x2, y2)]))
    (left, top), (right, bottom) = corners.tolist()
    return Window(left, top, right + 1, bottom + 1)


def box_window(box: Box) -> Window:
    """The pixels of a box x1, y1, x2, y2."""
    return window_of(np.array([box[:2], box[2:]], dtype=np.float64))


def changed_window(before: Annotation, after: Annotation) -> Window:
    """The window in which the polygons of two annotations differ: shapes, their rings or their roles."""
    if before is after:
        return NOTHING
    found = NOTHING
    old = {shape.id: shape for shape in before.shapes}
    for shape in after.shapes:
        earlier = old.pop(shape.id, None)
        if earlier is shape:
            continue
        if earlier is None or earlier.role is not shape.role:
            found = found.united(window_of(shape.polygon.outer.points))
            found = found.united(window_of(earlier.polygon.outer.points)) if earlier else found
        elif earlier.polygon is not shape.polygon:
            found = found.united(_polygon_window(earlier.polygon, shape.polygon))
    for gone in old.values():
        found = found.united(window_of(gone.polygon.outer.points))
    return found


def _polygon_window(before: Polygon, after: Polygon) -> Window:
    if len(before.rings) != len(after.rings):
        return _rings_window(before, after)
    found = NOTHING
    for old, new in zip(before.rings, after.rings, strict=True):
        if old is not new:
            found = found.united(_ring_window(old.points, new.points))
    return found


def _rings_window(before: Polygon, after: Polygon) -> Window:
    """The rings that only one of the two has: a hole that was added or filled."""
    old, new = set(before.rings), set(after.rings)
    found = NOTHING
    for ring in old ^ new:
        found = found.united(window_of(ring.points))
    return found


def _ring_window(old: Points, new: Points) -> Window:
    """Around the run of vertices that differs, with the unchanged neighbours on both sides."""
    shorter = min(len(old), len(new))
    head = common_start(old[:shorter], new[:shorter])
    if head == len(old) == len(new):
        return NOTHING
    tail = common_start(old[::-1][: shorter - head], new[::-1][: shorter - head])
    runs = [_run(points, head, tail) for points in (old, new)]
    return window_of(np.concatenate(runs))


def _run(points: Points, head: int, tail: int) -> Points:
    rows = np.arange(head - 1, len(points) - tail + 1) % len(points)
    return points[rows]


def common_start(first: Points, second: Points) -> int:
    """How many vertices two runs of the same length have in common at their start."""
    differ = (first[:, 0] != second[:, 0]) | (first[:, 1] != second[:, 1])
    return int(np.argmax(differ)) if differ.any() else len(first)
