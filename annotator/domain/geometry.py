"""Rings and polygons.

The one convention of the project: points are `xy`, float64, in pixels of the image as shown with its EXIF orientation
applied; the CENTRE of a pixel has integer coordinates (as in `cv2.fillPoly` and the benchmark's labels), so the pixels
of an image of `width` by `height` cover -0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotator.domain.errors import NotFiniteError, Place, TooFewPointsError

Points = NDArray[np.float64]
"""`(n, 2)` float64, columns x and y in pixels."""

LARGEST_COORDINATE = 1e6
"""No image has a million pixels on a side; beyond it a coordinate is broken data."""

Size = tuple[int, int]
"""Image size as (width, height) in pixels."""

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels, both corners inside."""


def as_points(points: ArrayLike) -> Points:
    """Copy `points` into a read-only `(n, 2)` float64 array.

    Raises NotFiniteError for NaN, infinity and absurd coordinates, and for anything that is not a list of x, y.
    """
    try:
        array = np.array(points, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotFiniteError("the vertices are not a list of x, y numbers") from error
    if array.size == 0:
        array = array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2:
        raise NotFiniteError("the vertices are not a list of x, y numbers")
    if not np.all(np.abs(array) <= LARGEST_COORDINATE):  # also false for NaN
        row = int(np.argmin(np.all(np.abs(array) <= LARGEST_COORDINATE, axis=1)))
        raise NotFiniteError(f"vertex {row + 1} has a coordinate that is no place in any image")
    array.flags.writeable = False
    return array


def bounds_of(points: Points) -> Box:
    """x1, y1, x2, y2 over at least one point; column by column, which numpy does forty times faster than by rows."""
    x, y = points[:, 0], points[:, 1]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """A closed line of at least three vertices; the last one joins the first, which is not repeated.

    `points` is `(n, 2)` float64 xy, read-only. Raises TooFewPointsError or NotFiniteError when made.
    """

    points: Points

    def __post_init__(self) -> None:
        points = as_points(self.points)
        if len(points) > 1 and bool(np.all(points[0] == points[-1])):
            points = as_points(points[:-1])
        if len(points) < 3:
            place = Place(*points[0].tolist()) if len(points) else None
            raise TooFewPointsError(f"a ring needs at least 3 vertices, this one has {len(points)}", place)
        object.__setattr__(self, "points", points)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ring) and np.array_equal(self.points, other.points)

    def __hash__(self) -> int:
        return hash(self.points.tobytes())

    def __len__(self) -> int:
        return len(self.points)

    @property
    def signed_area(self) -> float:
        """Area in square pixels by the shoelace formula; positive when clockwise on the screen (y down)."""
        x, y = self.points[:, 0], self.points[:, 1]
        return float(0.5 * (np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y)))

    @property
    def bounds(self) -> Box:
        """x1, y1, x2, y2 over the vertices."""
        return bounds_of(self.points)

    def moved(self, dx: float, dy: float) -> Ring:
        """The ring shifted by `dx`, `dy` pixels."""
        return Ring(self.points + np.array([dx, dy]))


@dataclass(frozen=True, slots=True)
class Polygon:
    """One outer ring and any number of holes."""

    outer: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outer ring, then the holes: the order in which rings are numbered everywhere."""
        return (self.outer, *self.holes)

    @property
    def bounds(self) -> Box:
        """x1, y1, x2, y2 over the outer ring."""
        return self.outer.bounds

    @property
    def vertices(self) -> int:
        """Number of vertices of all rings."""
        return sum(len(ring) for ring in self.rings)

    @property
    def area(self) -> float:
        """Area of the outer ring less its holes, in square pixels."""
        return abs(self.outer.signed_area) - sum(abs(hole.signed_area) for hole in self.holes)

    def with_ring(self, index: int, ring: Ring) -> Polygon:
        """A copy with ring `index` (0 is the outer one) replaced."""
        if index == 0:
            return Polygon(ring, self.holes)
        holes = list(self.holes)
        holes[index - 1] = ring
        return Polygon(self.outer, tuple(holes))

    def moved(self, dx: float, dy: float) -> Polygon:
        """The polygon shifted by `dx`, `dy` pixels."""
        return Polygon(self.outer.moved(dx, dy), tuple(hole.moved(dx, dy) for hole in self.holes))

    def __iter__(self) -> Iterator[Ring]:
        return iter(self.rings)


def polygon(outer: ArrayLike, *holes: ArrayLike) -> Polygon:
    """Make a polygon from plain lists of x, y: the outer ring, then any holes."""
    return Polygon(_ring(outer), tuple(_ring(hole) for hole in holes))


def _ring(points: ArrayLike) -> Ring:
    return Ring(as_points(points))
