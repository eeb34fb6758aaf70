"""An upright rectangle between two corners."""

from __future__ import annotations

from annotator.domain.geometry import Box, Polygon, polygon
from annotator.editing.hit_testing import Point


def box_between(first: Point, second: Point) -> Box:
    """x1, y1, x2, y2 of the box with these corners."""
    (ax, ay), (bx, by) = first, second
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def rectangle(first: Point, second: Point) -> Polygon | None:
    """The rectangle with these corners; None where it encloses nothing."""
    x1, y1, x2, y2 = box_between(first, second)
    if x1 == x2 or y1 == y2:
        return None
    return polygon([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
