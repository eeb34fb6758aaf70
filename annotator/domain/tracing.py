"""From a mask back to polygons, exactly: refilling what is traced gives the same mask."""

from __future__ import annotations

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from annotator.domain.geometry import Polygon, Ring, as_points
from annotator.domain.raster import Mask

IntPoints = NDArray[np.int32]
"""`(n, 2)` int32 xy."""


def trace(mask: Mask) -> list[tuple[IntPoints, list[IntPoints]]]:
    """Borders of every 8-connected component, largest component (in pixels of its outline's area) first.

    Each entry is the outer border and the borders of its holes, as foreground pixel centres without approximation:
    border following of Suzuki and Abe (1985), in which a hole's border is the foreground around it.
    """
    contours, hierarchy = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if hierarchy is None:
        return []
    rings = [contour.reshape(-1, 2).astype(np.int32) for contour in contours]
    parents = hierarchy[0][:, 3]
    holes: dict[int, list[IntPoints]] = {}
    for position, parent in enumerate(parents):
        if parent >= 0:
            holes.setdefault(int(parent), []).append(rings[position])
    outer = [position for position, parent in enumerate(parents) if parent < 0]
    outer.sort(key=lambda position: -cv2.contourArea(rings[position]))
    return [(rings[position], holes.get(position, [])) for position in outer]


def straightened(ring: IntPoints) -> IntPoints:
    """Drop the vertices inside straight horizontal, vertical or diagonal runs; turning points all stay."""
    if len(ring) < 3:
        return ring
    before = ring - np.roll(ring, 1, axis=0)
    after = np.roll(ring, -1, axis=0) - ring
    turns = np.any(before != after, axis=1)
    return ring[turns] if turns.any() else ring


def polygons_of(mask: Mask) -> list[Polygon]:
    """Polygons whose filled union is `mask` exactly, largest first; lines of pixels get a thin ring."""
    found = []
    for outer, holes in trace(mask):
        found.append(Polygon(_ring(outer), tuple(_ring(hole) for hole in holes)))
    return found


def _ring(border: IntPoints) -> Ring:
    points = straightened(border)
    flat = len(points) < 3 or cv2.contourArea(points) == 0
    return Ring(as_points(_thickened(points) if flat else points))


def _thickened(points: IntPoints) -> NDArray[np.float64]:
    """A thin ring around a line of pixels that a ring through the centres would enclose nothing of.

    Every vertex stays within a quarter pixel of the line's, so that it rounds to the same pixels.
    """
    line = shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points)
    return np.asarray(shapely.get_coordinates(shapely.buffer(line, 0.25, quad_segs=1)))
