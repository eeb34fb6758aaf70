"""Region algebra: unions, differences and cuts of polygons, with shapely.

Everything goes in and comes out as `Polygon`; rings that touch or cross themselves are made valid (even-odd) first.
Slivers below `SMALLEST_PIECE` are dropped, since no person draws them and no pixel shows them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from annotator.domain.geometry import Points, Polygon, Ring, as_points

SMALLEST_PIECE = 0.01
"""Square pixels."""


def to_shapely(polygon: Polygon) -> BaseGeometry:
    """A valid shapely geometry that covers what the polygon covers (even-odd)."""
    shape = shapely.Polygon(polygon.outer.points, [hole.points for hole in polygon.holes])
    if shape.is_valid:
        return shape
    covered = shapely.make_valid(shapely.Polygon(polygon.outer.points))
    for hole in polygon.holes:
        covered = shapely.difference(covered, shapely.make_valid(shapely.Polygon(hole.points)))
    return covered


def from_shapely(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons of any shapely geometry, largest first; lines, points and slivers are dropped."""
    parts = [part for part in shapely.get_parts(_flat(geometry)) if isinstance(part, shapely.Polygon)]
    parts = [part for part in parts if part.area > SMALLEST_PIECE]
    parts.sort(key=lambda part: -part.area)
    return [_polygon(part) for part in parts]


def union(polygons: Iterable[Polygon]) -> list[Polygon]:
    """What at least one polygon covers."""
    return from_shapely(shapely.union_all([to_shapely(polygon) for polygon in polygons]))


def subtract(polygon: Polygon, others: Iterable[Polygon]) -> list[Polygon]:
    """What `polygon` covers and no other does."""
    cut = shapely.union_all([to_shapely(other) for other in others])
    return from_shapely(shapely.difference(to_shapely(polygon), cut))


def intersect(first: Polygon, second: Polygon) -> list[Polygon]:
    """What both cover."""
    return from_shapely(shapely.intersection(to_shapely(first), to_shapely(second)))


def split(polygon: Polygon, line: Points) -> list[Polygon]:
    """The pieces of `polygon` beside a line of `(n, 2)` points; one piece where the line does not divide it."""
    shape = to_shapely(polygon)
    borders = shapely.union_all([shapely.boundary(shape), shapely.LineString(line)])
    faces = shapely.get_parts(shapely.polygonize([borders]))
    inside = [face for face in faces if shape.covers(face.representative_point())]
    return from_shapely(shapely.MultiPolygon(inside)) if len(inside) > 1 else [polygon]


def overlap_area(first: Polygon, others: Iterable[Polygon]) -> float:
    """Square pixels of `first` that the union of `others` covers."""
    cover = shapely.union_all([to_shapely(other) for other in others])
    return float(shapely.intersection(to_shapely(first), cover).area)


def simplified(ring: Ring, tolerance: float) -> Ring:
    """Fewer vertices within `tolerance` pixels (Douglas and Peucker, 1973); the ring itself where too few stay."""
    kept = shapely.get_coordinates(shapely.LinearRing(ring.points).simplify(tolerance))
    return Ring(as_points(kept)) if len(kept) >= 4 else ring


def deviation(ring: Ring, other: Ring) -> float:
    """The Hausdorff distance of two rings' lines in pixels: the bound that simplifying shows."""
    return float(shapely.hausdorff_distance(shapely.LinearRing(ring.points), shapely.LinearRing(other.points)))


def _flat(geometry: BaseGeometry) -> BaseGeometry:
    """Nested collections, which make_valid can return, as one level."""
    parts = shapely.get_parts(geometry)
    while any(isinstance(part, shapely.GeometryCollection | shapely.MultiPolygon) for part in parts):
        parts = shapely.get_parts(parts)
    return shapely.GeometryCollection(list(parts))


def _polygon(part: shapely.Polygon) -> Polygon:
    return Polygon(_ring(part.exterior), tuple(_ring(hole) for hole in part.interiors))


def _ring(line: shapely.LinearRing) -> Ring:
    return Ring(as_points(np.asarray(line.coords)))
