"""Remarks: notes pinned to a place in the index image or in a query image, with their threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from annotator.domain.codec import DECIMALS
from annotator.domain.dataset import PairKey
from annotator.domain.errors import NotFiniteError, OutsideImageError, Place, RefusedError, ZeroAreaError
from annotator.domain.geometry import LARGEST_COORDINATE, Box, Ring, Size

MOST_VERTICES = 500
"""A region says where to look; an outline of more vertices is no longer drawn by hand."""


@dataclass(frozen=True, slots=True)
class RemarkPlace:
    """Where a remark is pinned: to `point`, to the inside of `region`, or to the image as a whole where both are None.

    The image is the index image of the pair, or the query image of query number `query` of its group. Points are x, y
    in pixels, a pixel's centre at integers; a region is kept to a thousandth of a pixel, as polygons are. Raises
    GeometryError for a place that cannot be, RefusedError for a region of too many vertices or one with a point too.
    """

    point: Place | None = None
    region: Ring | None = None
    query: int | None = None

    def __post_init__(self) -> None:
        if self.point is not None and self.region is not None:
            raise RefusedError("A remark is pinned to a point or to a region; choose one of them.")
        if self.point is not None and not all(
            abs(value) <= LARGEST_COORDINATE for value in (self.point.x, self.point.y)
        ):
            raise NotFiniteError("The point of the remark is no place in any image; pin it inside the image.")
        if self.region is not None:
            object.__setattr__(self, "region", _sane(self.region))

    @property
    def anchor(self) -> Place | None:
        """Where the pin stands: the point, or the region's topmost vertex (of several the leftmost)."""
        if self.region is None:
            return self.point
        y, x = min((y, x) for x, y in self.region.points.tolist())
        return Place(x, y)

    @property
    def box(self) -> Box | None:
        """x1, y1, x2, y2 around the point or the region; None for the image as a whole."""
        if self.region is not None:
            return self.region.bounds
        return None if self.point is None else (self.point.x, self.point.y, self.point.x, self.point.y)

    def require_inside(self, size: Size, name: str) -> None:
        """Raise OutsideImageError unless the place lies in the image `name` of `size` (width, height)."""
        box = self.box
        if box is None:
            return
        width, height = size
        # -0.5 to size - 0.5 is what the pixels cover (see `geometry`).
        if box[0] < -0.5 or box[1] < -0.5 or box[2] > width - 0.5 or box[3] > height - 0.5:
            raise OutsideImageError(
                f"The remark lies outside {name}, which has {width} × {height} pixels; pin it inside the image.",
                self.anchor,
            )


def pinned(x: float, y: float, query: int | None = None) -> RemarkPlace:
    """The place of a remark on one point."""
    return RemarkPlace(Place(x, y), query=query)


@dataclass(frozen=True, slots=True)
class Remark:
    """A note on a pair, pinned to a place in its index image or in a query image; open until its thread is settled.

    `parent` is the remark that this one answers, None for the first of a thread.
    """

    id: int
    pair: PairKey
    place: RemarkPlace
    person: str
    text: str
    at: datetime
    parent: int | None = None
    settled: bool = False


def _sane(region: Ring) -> Ring:
    if len(region) > MOST_VERTICES:
        raise RefusedError(
            f"The region of a remark has {len(region)} vertices and may have {MOST_VERTICES}; draw it more plainly."
        )
    rounded = Ring(region.points.round(DECIMALS))
    if rounded.signed_area == 0:
        raise ZeroAreaError("The region of the remark encloses nothing; draw around the place, or click for a point.")
    return rounded
