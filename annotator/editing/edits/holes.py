"""Edits of holes."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.geometry import Polygon, Ring
from annotator.domain.shapes import Annotation, Shape
from annotator.editing.edits.protocol import Edit


@dataclass(frozen=True, slots=True)
class AddHole(Edit):
    """Add `ring` to the holes of a shape, at `position` among them (None: last)."""

    shape_id: str
    ring: Ring
    position: int | None = None

    @property
    def label(self) -> str:
        return "draw a hole"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))

    def apply(self, annotation: Annotation) -> Annotation:
        def add(shape: Shape) -> Shape:
            holes = list(shape.polygon.holes)
            holes.insert(len(holes) if self.position is None else self.position, self.ring)
            return shape.with_polygon(Polygon(shape.polygon.outer, tuple(holes)))

        return annotation.mapped(self.shape_id, add)

    def inverse(self, annotation: Annotation) -> Edit:
        count = len(annotation.shape(self.shape_id).polygon.holes)
        return RemoveHole(self.shape_id, count if self.position is None else self.position)


@dataclass(frozen=True, slots=True)
class RemoveHole(Edit):
    """Remove hole `hole` (0 is the first hole, which is ring 1) of a shape. Raises IndexError where there is none."""

    shape_id: str
    hole: int

    @property
    def label(self) -> str:
        return "remove a hole"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))

    def apply(self, annotation: Annotation) -> Annotation:
        def remove(shape: Shape) -> Shape:
            holes = list(shape.polygon.holes)
            del holes[self.hole]
            return shape.with_polygon(Polygon(shape.polygon.outer, tuple(holes)))

        return annotation.mapped(self.shape_id, remove)

    def inverse(self, annotation: Annotation) -> Edit:
        return AddHole(self.shape_id, annotation.shape(self.shape_id).polygon.holes[self.hole], self.hole)
