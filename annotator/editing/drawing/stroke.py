"""Brush and eraser: a stroke as a region, united with or taken from polygons; holes stay."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from annotator.domain.geometry import Points, Polygon, Size
from annotator.domain.regions import from_shapely, subtract, to_shapely

SMOOTHING = 0.25
"""Pixels by which the stroke's outline may be simplified: invisible, and it keeps the vertices few."""

THINNEST = 0.25
"""Radius in pixels of a stroke one pixel wide: its ring rounds to the pixels of the line itself."""


def stroke_region(points: Points, size: float, *, erase: bool = False) -> Polygon | None:
    """The region of a round brush `size` pixels wide along `points`, `(n, 2)` xy; None for no points.

    A ring's own pixels belong to the fill, so a brush's ring runs half a pixel inside its edge, and an eraser's half a
    pixel outside: what stays ends where the eraser's edge was.
    """
    if not len(points):
        return None
    radius = size / 2 + 0.5 if erase else max(THINNEST, size / 2 - 0.5)
    line = shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points)
    region = shapely.buffer(line.simplify(SMOOTHING / 2), radius, quad_segs=_segments(radius))
    found = from_shapely(region.simplify(min(SMOOTHING, radius / 4)))
    return found[0] if found else None


def painted(polygon: Polygon, stroke: Polygon, size: Size) -> Polygon:
    """`polygon` with the stroke added, inside an image of `size`; itself where the two do not touch."""
    both = from_shapely(shapely.union(to_shapely(polygon), _inside(stroke, size)))
    return both[0] if len(both) == 1 else polygon


def touches(polygon: Polygon, stroke: Polygon) -> bool:
    """True when they share a point, so that a stroke goes on with the polygon."""
    return bool(shapely.intersects(to_shapely(polygon), to_shapely(stroke)))


def strokes_as_polygons(stroke: Polygon, size: Size) -> list[Polygon]:
    """The stroke on its own, inside an image of `size` (width, height)."""
    return from_shapely(_inside(stroke, size))


def erased(polygon: Polygon, stroke: Polygon) -> list[Polygon]:
    """What the eraser leaves of `polygon`, largest first; the same polygon where it was not touched."""
    if not touches(polygon, stroke):
        return [polygon]
    return subtract(polygon, [stroke])


def _inside(stroke: Polygon, size: Size) -> BaseGeometry:
    return shapely.intersection(to_shapely(stroke), shapely.box(0, 0, size[0] - 1, size[1] - 1))


def _segments(radius: float) -> int:
    """Segments of a quarter circle that keep the outline within about an eighth of a pixel of the disc."""
    return int(np.clip(np.ceil(np.sqrt(radius) * 1.2), 2, 24))
