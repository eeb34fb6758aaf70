"""Polygon: an object polygon from clicked points."""

from __future__ import annotations

from annotator.domain.shapes import Role, Shape
from annotator.editing.edits import AddShape, Edit
from annotator.ui.tools.outline_tool import OutlineTool


class PolygonTool(OutlineTool):
    """Draws object polygons."""

    name = "polygon"
    title = "Polygon"
    default_key = "P"
    icon = "polygon"
    help = "Click points around the object; Enter, a double click or the first point closes, Backspace takes one back."

    def edit(self) -> Edit | None:
        session = self.host.session
        if session is None:
            return None
        self._new_id = session.annotation.fresh_id()
        return AddShape(Shape(self._new_id, Role.OBJECT, self.outline.polygon()))

    def committed(self) -> None:
        self.host.select((self._new_id,))
