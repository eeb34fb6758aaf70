"""Brush: paint onto a polygon, or a new one."""

from __future__ import annotations

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.drawing.stroke import painted, strokes_as_polygons, touches
from annotator.editing.edits import AddShape, Edit, reshaped
from annotator.ui.tools.stroke_tool import StrokeTool


class BrushTool(StrokeTool):
    """A stroke that touches the selected polygon grows it, else the object polygon that it touches, else it is new."""

    name = "brush"
    title = "Brush"
    default_key = "B"
    icon = "brush"
    help = "Paint onto the polygon under the brush; [ and ] change the size."
    ink = "overlay_object"

    def edit(self, region: Polygon) -> Edit | None:
        session = self.host.session
        if session is None:
            return None
        annotation = session.annotation
        grown = self._touched(annotation, region)
        if grown is not None:
            after = painted(grown.polygon, region, annotation.size)
            return reshaped(grown.id, grown.polygon, after, "paint")
        pieces = strokes_as_polygons(region, annotation.size)
        if not pieces:
            raise GeometryError("the stroke lies outside the image")
        return AddShape(Shape(annotation.fresh_id(), Role.OBJECT, pieces[0]))

    def _touched(self, annotation: Annotation, region: Polygon) -> Shape | None:
        chosen = self.host.selection.shapes
        order = sorted(annotation.shapes, key=lambda shape: shape.id not in chosen)
        for shape in order:
            may = shape.id in chosen or (shape.role is Role.OBJECT and not shape.locked)
            if may and touches(shape.polygon, region):
                return shape
        return None
