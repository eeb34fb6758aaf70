"""What a person draws on an image: object and occluder polygons, and the annotation that they make together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import LARGEST_COORDINATE, Polygon, Size


class Role(StrEnum):
    """What a polygon does to the mask: add to it, cut out of it, or nothing (small things stay inside)."""

    OBJECT = "object"
    OCCLUDER = "occluder"
    KEPT = "kept occlusion"


class OccluderKind(StrEnum):
    """What hides the query object."""

    BUILDING = "building"
    VEGETATION = "vegetation"
    PERSON = "person"
    VEHICLE = "vehicle"
    STREET_FURNITURE = "street furniture"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shape:
    """A polygon with its role. `id` is unique within its annotation and stays through every edit.

    `kind` is set for occluders and kept occlusions and None for objects. `locked` shapes refuse edits in the window.
    """

    id: str
    role: Role
    polygon: Polygon
    kind: OccluderKind | None = None
    locked: bool = False

    def __post_init__(self) -> None:
        if not self.id:
            raise GeometryError("a polygon needs an id")
        if (self.kind is None) != (self.role is Role.OBJECT):
            raise GeometryError("an occluder needs a kind and an object has none")

    def with_polygon(self, polygon: Polygon) -> Shape:
        """The same shape around another polygon."""
        return replace(self, polygon=polygon)


@dataclass(frozen=True, slots=True)
class Annotation:
    """All polygons of one image for one query group; `size` is (width, height) of the image as shown.

    The mask is the union of the object polygons minus the union of the occluder polygons: see `raster.mask_of`.
    """

    size: Size
    shapes: tuple[Shape, ...] = ()

    def __post_init__(self) -> None:
        width, height = self.size
        if not 1 <= width <= LARGEST_COORDINATE or not 1 <= height <= LARGEST_COORDINATE:
            raise GeometryError(f"an image of {width} × {height} pixels cannot carry polygons")
        if len({shape.id for shape in self.shapes}) != len(self.shapes):
            raise GeometryError("two polygons have the same id")

    def of_role(self, role: Role) -> tuple[Shape, ...]:
        """The shapes of one role, in drawing order."""
        return tuple(shape for shape in self.shapes if shape.role is role)

    def shape(self, shape_id: str) -> Shape:
        """The shape with this id; raises KeyError."""
        for shape in self.shapes:
            if shape.id == shape_id:
                return shape
        raise KeyError(shape_id)

    def index(self, shape_id: str) -> int:
        """The position of a shape in drawing order; raises KeyError."""
        for position, shape in enumerate(self.shapes):
            if shape.id == shape_id:
                return position
        raise KeyError(shape_id)

    def with_shapes(self, shapes: Iterable[Shape]) -> Annotation:
        """The same image with other shapes."""
        return Annotation(self.size, tuple(shapes))

    def mapped(self, shape_id: str, change: Callable[[Shape], Shape]) -> Annotation:
        """A copy in which `change` was applied to one shape; raises KeyError."""
        position = self.index(shape_id)
        shapes = list(self.shapes)
        shapes[position] = change(shapes[position])
        return self.with_shapes(shapes)

    def fresh_id(self) -> str:
        """An id that no shape has: the smallest unused positive number, as text."""
        used = {shape.id for shape in self.shapes}
        return next(str(n) for n in range(1, len(used) + 2) if str(n) not in used)
