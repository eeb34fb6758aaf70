"""A freehand outline: points are dropped while it is drawn, so that a long stroke stays light."""

from __future__ import annotations

import math

import numpy as np

from annotator.domain.geometry import Points, Polygon, Ring, as_points
from annotator.domain.regions import from_shapely, simplified, to_shapely
from annotator.editing.hit_testing import Point


class Lasso:
    """Collects the points of a stroke. `tolerance` is how far, in pixels, the result may lie beside the stroke."""

    def __init__(self, start: Point, tolerance: float) -> None:
        self._tolerance = tolerance
        self._points = [start]
        self._run: list[Point] = []

    @property
    def points(self) -> Points:
        """The line so far, `(n, 2)` xy."""
        return np.array([*self._points, *self._run[-1:]], dtype=np.float64)

    def add(self, point: Point) -> None:
        """Go on to `point`: a vertex is set where the run since the last one bends by more than the tolerance."""
        if self._run and _bend(self._points[-1], point, self._run) > self._tolerance / 2:
            self._points.append(self._run[-1])
            self._run = []
        if point != self._points[-1]:
            self._run.append(point)

    def polygon(self) -> Polygon:
        """The closed stroke, made valid and simplified; raises TooFewPointsError where it encloses nothing."""
        ring = Ring(as_points([*self._points, *self._run[-1:]]))
        pieces = from_shapely(to_shapely(Polygon(simplified(ring, self._tolerance / 2))))
        return Polygon(pieces[0].outer) if pieces else Polygon(Ring(as_points([])))


def _bend(start: Point, end: Point, run: list[Point]) -> float:
    """The largest distance of the run's points to the straight line from `start` to `end`."""
    length = math.dist(start, end)
    if length == 0:
        return max(math.dist(start, point) for point in run)
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    return max(abs((x - start[0]) * dy - (y - start[1]) * dx) for x, y in run)
