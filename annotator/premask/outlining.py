"""From the mask that a proposer found to polygons that a person can edit: valid, few vertices, no specks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from annotator.domain.geometry import Polygon, Ring, as_points
from annotator.domain.raster import Mask
from annotator.domain.regions import from_shapely, simplified, to_shapely, union
from annotator.domain.tracing import polygons_of

SIMPLIFYING = 0.8
"""Pixels by which an outline may move when its vertices are thinned, so that a person can edit it."""

SPECK = 4.0
"""Square pixels of the working image up to which a piece or a hole is left out."""

MOST_PIECES = 200
"""Pieces, and holes of each, that are outlined, the largest: nobody edits more, and thousands take minutes to mend."""

GRID = 0.125
"""Pixels of the original image between places that a vertex may take; exact in binary and in a file's decimals."""


def outlines(mask: Mask, factor: float) -> tuple[Polygon, ...]:
    """The polygons of a working mask in pixels of the original image (`1 / factor` times as large), largest first.

    They are valid (`domain.validity`) and apart from each other, although thinning each ring on its own can let a ring
    cross itself or a hole leave its polygon. None only for an empty mask. Of a mask of very many pieces or holes the
    largest are outlined.
    """
    traced = _largest(polygons_of(mask))
    pieces = union(_thinned(one) for one in traced) or union(traced)
    large = [one for one in pieces if one.area > SPECK] or pieces[:1]
    found: list[Polygon] = []
    for piece in large:
        holes = tuple(_brought_back(hole, factor) for hole in piece.holes if abs(hole.signed_area) > SPECK)
        found += _on_grid(Polygon(_brought_back(piece.outer, factor), holes))
    return tuple(found)


def _largest(polygons: Sequence[Polygon]) -> list[Polygon]:
    """The `MOST_PIECES` largest, each with its `MOST_PIECES` largest holes."""
    return [
        Polygon(one.outer, tuple(sorted(one.holes, key=lambda hole: -abs(hole.signed_area))[:MOST_PIECES]))
        for one in sorted(polygons, key=lambda one: -one.area)[:MOST_PIECES]
    ]


def _thinned(one: Polygon) -> Polygon:
    return Polygon(simplified(one.outer, SIMPLIFYING), tuple(simplified(hole, SIMPLIFYING) for hole in one.holes))


def _on_grid(one: Polygon) -> list[Polygon]:
    """The polygon with its vertices on the grid, still valid; in pieces where a neck is thinner than the grid."""
    return from_shapely(shapely.set_precision(to_shapely(one), GRID)) or [one]


def _brought_back(ring: Ring, factor: float) -> Ring:
    return ring if factor == 1 else Ring(as_points(np.asarray((ring.points + 0.5) / factor - 0.5)))
