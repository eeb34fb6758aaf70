"""An outline that is being clicked: what the polygon, hole and occluder tools build."""

from __future__ import annotations

import math
from dataclasses import dataclass

from annotator.domain.geometry import Polygon, Ring, as_points
from annotator.domain.validity import ring_problems
from annotator.editing.hit_testing import Point


@dataclass(frozen=True, slots=True)
class Outline:
    """The points so far, in order. Every change gives a new outline."""

    points: tuple[Point, ...] = ()

    def with_point(self, point: Point) -> Outline:
        """One point more; the same point twice in a row counts once."""
        if self.points and self.points[-1] == point:
            return self
        return Outline((*self.points, point))

    def without_last(self) -> Outline:
        """One point less."""
        return Outline(self.points[:-1])

    def closes(self, point: Point, radius: float) -> bool:
        """True when a click at `point` means the first point again."""
        return len(self.points) >= 3 and math.dist(self.points[0], point) <= radius

    def ring(self) -> Ring:
        """The closed ring. Raises TooFewPointsError, SelfCrossingError or ZeroAreaError where none stands."""
        ring = Ring(as_points(self.points))
        for problem in ring_problems(ring):
            raise problem
        return ring

    def polygon(self) -> Polygon:
        """The closed ring as a polygon without holes; raises what `ring` raises."""
        return Polygon(self.ring())
