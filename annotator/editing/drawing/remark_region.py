"""The place of a remark from a stroke of the hand: a click is a point, a drag around something a region."""

from __future__ import annotations

from annotator.domain.errors import GeometryError, Place
from annotator.domain.geometry import Size
from annotator.domain.regions import simplified
from annotator.domain.remarks import MOST_VERTICES, RemarkPlace
from annotator.editing.drawing.lasso import Lasso
from annotator.editing.hit_testing import Point
from annotator.editing.snapping import inside_image

CLICK = 4.0
"""Pixels of the screen within which a stroke is a click."""


class RemarkStroke:
    """Collects a stroke on an image of `size` (width, height), shown at `scale` screen pixels per image pixel."""

    def __init__(self, start: Point, size: Size, scale: float, query: int | None = None) -> None:
        self._size, self._scale, self._query = size, scale, query
        self._start = inside_image(start, size)
        self._far = False
        self._tolerance = 1.5 / scale
        self.lasso = Lasso(self._start, self._tolerance)

    @property
    def drawn(self) -> bool:
        """True once the stroke left the place where it began, so that it is no click."""
        return self._far

    def add(self, at: Point) -> None:
        """Go on to `at`."""
        point = inside_image(at, self._size)
        dx, dy = point[0] - self._start[0], point[1] - self._start[1]
        self._far = self._far or max(abs(dx), abs(dy)) * self._scale > CLICK
        self.lasso.add(point)

    def place(self) -> RemarkPlace:
        """What was meant: a stroke that encloses nothing is its first point."""
        point = RemarkPlace(Place(*self._start), query=self._query)
        if not self._far:
            return point
        try:
            ring = self.lasso.polygon().outer
            tolerance = self._tolerance
            while len(ring) > MOST_VERTICES:
                tolerance *= 2
                ring = simplified(ring, tolerance)
            return RemarkPlace(region=ring, query=self._query)
        except GeometryError:
            return point
