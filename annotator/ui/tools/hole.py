"""Hole: an inner ring in an object or occluder polygon."""

from __future__ import annotations

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Polygon
from annotator.domain.shapes import Shape
from annotator.domain.validity import require_valid
from annotator.editing.edits import AddHole, Edit
from annotator.editing.hit_testing import Point, shape_at
from annotator.ui.tools.base import ToolHost
from annotator.ui.tools.outline_tool import OutlineTool


class HoleTool(OutlineTool):
    """Draws holes; the polygon under the first point gets it, the selected one first."""

    name = "hole"
    title = "Hole"
    default_key = "H"
    icon = "hole"
    help = "Click points around a place inside a polygon where the object is absent; Enter closes."
    ink = "overlay_hole"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._shape_id = ""

    def accepts(self, at: Point) -> bool:
        shape = self._under(at)
        self._shape_id = shape.id if shape else ""
        if shape is None:
            self.host.hint("A hole starts inside a polygon.")
        return shape is not None

    def edit(self) -> Edit | None:
        if self.host.session is None:
            return None
        try:
            shape = self.host.session.annotation.shape(self._shape_id)
        except KeyError as error:
            raise GeometryError("the polygon of this hole is gone") from error
        ring = self.outline.ring()
        require_valid(Polygon(shape.polygon.outer, (*shape.polygon.holes, ring)))
        return AddHole(shape.id, ring)

    def committed(self) -> None:
        self.host.select((self._shape_id,))

    def _under(self, at: Point) -> Shape | None:
        if self.host.session is None:
            return None
        annotation = self.host.session.annotation
        chosen = self.host.selection.shapes
        selected = shape_at(annotation, at, lambda shape: shape.id in chosen)
        return selected or shape_at(annotation, at)
