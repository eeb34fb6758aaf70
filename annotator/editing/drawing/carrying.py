"""Copy a mask from another image by geometry: polygons through a mapping of its points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Points, Polygon, Ring, Size, as_points
from annotator.domain.regions import from_shapely, simplified, to_shapely
from annotator.domain.shapes import Annotation, Role

Mapping = Callable[[Points], Points]
"""`(n, 2)` xy of one image to `(n, 2)` xy of another; NaN where a point has no place there."""

STEP = 4.0
"""Pixels of the source between two points that are mapped, so that straight edges may bend."""

TOLERANCE = 0.5
"""Pixels by which the copy may be simplified again."""

FARTHEST = 4.0
"""A point that lands this many image sizes away has no place in the image."""


@dataclass(frozen=True, slots=True)
class CopySource:
    """An image whose mask can be copied. `find` gets the image to copy to, uint8 `(height, width, 3)` RGB.

    It gives the mapping from the source to it, and raises GeometryError with a sentence where none is found.
    """

    title: str
    annotation: Annotation
    find: Callable[[NDArray[np.uint8]], Mapping]


def carried(annotation: Annotation, mapping: Mapping, size: Size) -> tuple[Polygon, ...]:
    """The object polygons of `annotation` in an image of `size`, with their holes, largest first.

    Occluders are not copied: what stands in front is another thing in every photograph. Raises GeometryError where
    there is nothing to copy, and where the mapping leads out of the image.
    """
    objects = annotation.of_role(Role.OBJECT)
    if not objects:
        raise GeometryError("the image to copy from has no object polygon")
    width, height = size
    image = shapely.box(0, 0, width - 1, height - 1)
    found: list[Polygon] = []
    for shape in objects:
        moved = _moved(shape.polygon, mapping, size)
        found += from_shapely(shapely.intersection(to_shapely(moved), image))
    if not found:
        raise GeometryError("the copied mask would lie outside this image")
    return tuple(sorted(found, key=lambda polygon: -polygon.area))


def _moved(polygon: Polygon, mapping: Mapping, size: Size) -> Polygon:
    rings = []
    for ring in polygon.rings:
        dense = shapely.get_coordinates(shapely.segmentize(shapely.LinearRing(ring.points), STEP))
        points = mapping(as_points(dense[:-1]))
        if not np.isfinite(points).all() or np.abs(points).max() > FARTHEST * max(size):
            raise GeometryError("the two images show the object from too different sides to copy the mask")
        rings.append(simplified(Ring(as_points(points)), TOLERANCE))
    return Polygon(rings[0], tuple(rings[1:]))
