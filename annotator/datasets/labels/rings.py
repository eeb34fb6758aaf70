"""Rings of label files as polygons with holes: key-holes are opened, and rings of one group are nested.

A key-hole ring runs along a bridge to a hole and back along the same bridge. It is taken apart only where the outer
ring and the holes fill exactly the pixels that the one ring fills (FORMAT A2); otherwise integer rings, which were
traced from pixels, are traced again, and others stay as they were drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from annotator.domain.geometry import Points, Polygon, Ring, as_points
from annotator.domain.raster import Mask, fill_polygon
from annotator.domain.tracing import polygons_of

_LARGEST_WINDOW = 1 << 28
"""Pixels; a ring that spans more is left as it is, since comparing its pixels would take too much memory."""


def opened_keyhole(ring: Ring) -> list[Polygon]:
    """The polygons that a ring stands for: itself, or outer ring and holes when it is a key-hole."""
    whole = Polygon(ring)
    bounds = ring.bounds
    if not _repeats(ring.points) or (bounds[2] - bounds[0] + 3) * (bounds[3] - bounds[1] + 3) > _LARGEST_WINDOW:
        return [whole]
    wanted, offset = _window(whole)
    loops = _loops(ring.points)
    if len(loops) > 1:
        outer, *holes = sorted(loops, key=lambda loop: -abs(loop.signed_area))
        taken_apart = Polygon(outer, tuple(holes))
        if np.array_equal(_filled(taken_apart, wanted.shape, offset), wanted):
            return [taken_apart]
    if np.array_equal(ring.points, np.round(ring.points)) and _encloses_background(wanted):
        return [polygon.moved(*offset) for polygon in polygons_of(wanted)]
    return [whole]


def nested(rings: Sequence[Ring]) -> list[Polygon]:
    """Polygons of the rings of one group: a ring inside another is its hole, one inside a hole an island of its own.

    A ring that stands there twice, as duplicating a shape leaves it, counts once.
    """
    rings = list(dict.fromkeys(rings))
    areas = [shapely.make_valid(shapely.Polygon(ring.points)) for ring in rings]
    order = sorted(range(len(rings)), key=lambda position: -areas[position].area)
    parents: dict[int, int | None] = {}
    depths: dict[int, int] = {}
    for rank, position in enumerate(order):
        around = [other for other in order[:rank] if areas[other].covers(areas[position])]
        parents[position] = around[-1] if around else None
        depths[position] = 1 + depths[around[-1]] if around else 0
    polygons = []
    for position in order:
        if depths[position] % 2 == 0:
            holes = [rings[inner] for inner in order if parents[inner] == position and depths[inner] % 2 == 1]
            polygons.append(Polygon(rings[position], tuple(holes)))
    return polygons


def _repeats(points: Points) -> bool:
    return len(np.unique(points, axis=0)) < len(points)


def _window(polygon: Polygon) -> tuple[Mask, tuple[int, int]]:
    """The polygon's pixels with a border of one pixel, and the image pixel of the window's first one."""
    x1, y1, x2, y2 = (int(np.floor(side + 0.5)) for side in polygon.bounds)
    offset = (x1 - 1, y1 - 1)
    return _filled(polygon, (y2 - y1 + 3, x2 - x1 + 3), offset), offset


def _filled(polygon: Polygon, shape: tuple[int, ...], offset: tuple[int, int]) -> Mask:
    canvas: NDArray[np.uint8] = np.zeros(shape, dtype=np.uint8)
    fill_polygon(canvas, polygon, 1, offset)
    return canvas.view(np.bool_)


def _encloses_background(mask: Mask) -> bool:
    return any(polygon.holes for polygon in polygons_of(mask))


def _loops(points: Points) -> list[Ring]:
    """The closed lines that stay when every bridge inside the filled area is taken out."""
    partner = _bridges(points)
    count = len(points)
    left = [edge for edge in range(count) if edge not in partner]
    loops, done = [], set[int]()
    for first in left:
        if first in done:
            continue
        loop, edge = [], first
        while edge not in done:
            done.add(edge)
            loop.append(edge)
            edge = (edge + 1) % count
            while edge in partner:
                edge = (partner[edge] + 1) % count
        vertices = points[loop]
        if len(np.unique(vertices, axis=0)) >= 3:
            loops.append(Ring(as_points(vertices)))
    return loops


def _bridges(points: Points) -> dict[int, int]:
    """Edges run once each way inside the filled area, each with its way back; edges are numbered by first vertex."""
    ends = [tuple(point) for point in points.tolist()]
    following = ends[1:] + ends[:1]
    places: dict[tuple[object, object], list[int]] = {}
    for edge, pair in enumerate(zip(ends, following, strict=True)):
        places.setdefault(pair, []).append(edge)
    partner: dict[int, int] = {}
    for (start, end), edges in places.items():
        back = places.get((end, start), [])
        if start != end and len(edges) == len(back) == 1 and _inside(points, edges[0]):
            partner[edges[0]] = back[0]
    return partner


def _inside(points: Points, edge: int) -> bool:
    """Whether an edge's middle lies inside the ring, even-odd; an edge that is run both ways counts twice, as none."""
    after = np.roll(points, -1, axis=0)
    x, y = (points[edge] + after[edge]) / 2
    # A ray in a direction that no straight, diagonal or pixel-wise edge has cannot run along one of them.
    slope = 0.137_931
    above = points[:, 1] - y > (points[:, 0] - x) * slope
    crosses = above != np.roll(above, -1)
    start, step = points[crosses], after[crosses] - points[crosses]
    along = ((start[:, 0] - x) * slope - (start[:, 1] - y)) / (step[:, 1] - step[:, 0] * slope)
    hits = start[:, 0] + along * step[:, 0] > x + 1e-9
    return bool(np.count_nonzero(hits) % 2)
