"""Edits of a whole polygon's place."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.geometry import Polygon
from annotator.domain.shapes import Annotation
from annotator.editing.edits.protocol import Edit


@dataclass(frozen=True, slots=True)
class MoveShape(Edit):
    """Shift a polygon with its holes by `dx`, `dy` pixels."""

    shape_id: str
    dx: float
    dy: float

    @property
    def label(self) -> str:
        return "move a polygon"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))

    def apply(self, annotation: Annotation) -> Annotation:
        return annotation.mapped(self.shape_id, lambda shape: shape.with_polygon(shape.polygon.moved(self.dx, self.dy)))

    def inverse(self, annotation: Annotation) -> Edit:
        """The move back; where rounding would not lead back to the bit, the polygon itself."""
        before = annotation.shape(self.shape_id).polygon
        if before.moved(self.dx, self.dy).moved(-self.dx, -self.dy) == before:
            return MoveShape(self.shape_id, -self.dx, -self.dy)
        return PlacePolygon(self.shape_id, before)

    def then(self, later: Edit) -> Edit | None:
        if isinstance(later, MoveShape) and later.shape_id == self.shape_id:
            return MoveShape(self.shape_id, self.dx + later.dx, self.dy + later.dy)
        if isinstance(later, PlacePolygon) and later.shape_id == self.shape_id:
            return later
        return None


@dataclass(frozen=True, slots=True)
class PlacePolygon(Edit):
    """Give a shape another polygon."""

    shape_id: str
    polygon: Polygon

    @property
    def label(self) -> str:
        return "change a polygon"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))

    def apply(self, annotation: Annotation) -> Annotation:
        return annotation.mapped(self.shape_id, lambda shape: shape.with_polygon(self.polygon))

    def inverse(self, annotation: Annotation) -> Edit:
        return PlacePolygon(self.shape_id, annotation.shape(self.shape_id).polygon)

    def then(self, later: Edit) -> Edit | None:
        if isinstance(later, PlacePolygon) and later.shape_id == self.shape_id:
            return later
        return None
