"""What can be wrong with a ring or polygon, as typed errors with the place where it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import shapely

from annotator.domain.errors import (
    GeometryError,
    HoleOutsideError,
    OutsideImageError,
    Place,
    SelfCrossingError,
    TooFewPointsError,
    ZeroAreaError,
)
from annotator.domain.geometry import Polygon, Ring, Size

_PLACE = re.compile(r"\[(\S+) (\S+)\]")

AREA_TOLERANCE = 1e-6
"""Square pixels; below the rounding of float64 at image coordinates nothing is called a crossing."""


def ring_problems(ring: Ring) -> list[GeometryError]:
    """Errors of one ring on its own: too few different vertices, crossing itself, no area.

    A ring may touch itself and run along itself, as traced masks with one-pixel necks do; it may not cross itself.
    Crossing shows as a difference of the even-odd area from the shoelace area.
    """
    points = ring.points
    place = Place(float(points[0, 0]), float(points[0, 1]))
    if len(np.unique(points, axis=0)) < 3:
        return [TooFewPointsError("a ring needs at least 3 different vertices", place)]
    shape = shapely.Polygon(points)
    if shape.is_valid:
        return [] if shape.area > AREA_TOLERANCE else [ZeroAreaError("a ring that encloses nothing", place)]
    even_odd = shapely.make_valid(shape).area
    if abs(even_odd - abs(ring.signed_area)) > AREA_TOLERANCE:
        where = _reported_place(shape, place)
        return [SelfCrossingError(f"the ring crosses itself at {where}", where)]
    return [] if even_odd > AREA_TOLERANCE else [ZeroAreaError("a ring that encloses nothing", place)]


def polygon_problems(polygon: Polygon, size: Size | None = None) -> list[GeometryError]:
    """All errors of a polygon: of its rings, of holes that leave it, and of vertices outside an image of `size`."""
    problems = [problem for ring in polygon.rings for problem in ring_problems(ring)]
    if size is not None:
        problems += _outside(polygon.rings, size)
    if polygon.holes and not problems:
        problems += _hole_problems(polygon)
    return problems


def require_valid(polygon: Polygon, size: Size | None = None) -> Polygon:
    """Return `polygon`; raises the first of its GeometryErrors."""
    for problem in polygon_problems(polygon, size):
        raise problem
    return polygon


def _outside(rings: Iterable[Ring], size: Size) -> list[GeometryError]:
    width, height = size
    for ring in rings:
        x, y = ring.points[:, 0], ring.points[:, 1]
        bad = (x < -0.5) | (y < -0.5) | (x > width - 0.5) | (y > height - 0.5)
        if bad.any():
            row = int(np.argmax(bad))
            place = Place(float(x[row]), float(y[row]))
            return [OutsideImageError(f"vertex {row + 1} lies outside the image at {place}", place)]
    return []


def _hole_problems(polygon: Polygon) -> list[GeometryError]:
    outer = shapely.make_valid(shapely.Polygon(polygon.outer.points))
    holes = [shapely.make_valid(shapely.Polygon(hole.points)) for hole in polygon.holes]
    for position, hole in enumerate(holes):
        beyond = shapely.difference(hole, outer)
        over = [shapely.intersection(hole, other) for other in holes[:position]]
        for wrong in (beyond, *over):
            if wrong.area > AREA_TOLERANCE:
                spot = wrong.representative_point()
                place = Place(float(spot.x), float(spot.y))
                what = "leaves its polygon" if wrong is beyond else "crosses another hole"
                return [HoleOutsideError(f"a hole {what} at {place}", place)]
    return []


def _reported_place(shape: shapely.Polygon, otherwise: Place) -> Place:
    match = _PLACE.search(shapely.is_valid_reason(shape))
    return Place(float(match[1]), float(match[2])) if match else otherwise
