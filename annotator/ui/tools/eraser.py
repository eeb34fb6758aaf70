"""Eraser: take from polygons."""

from __future__ import annotations

from annotator.domain.geometry import Polygon
from annotator.domain.shapes import Shape
from annotator.editing.drawing.cutting import pieces_edit
from annotator.editing.drawing.stroke import erased, touches
from annotator.editing.edits import Edit
from annotator.ui.tools.stroke_tool import StrokeTool


class EraserTool(StrokeTool):
    """Takes from the selected polygons; with none selected, from every unlocked polygon under the stroke."""

    name = "eraser"
    title = "Eraser"
    default_key = "E"
    icon = "eraser"
    help = "Erase from the selected polygon, or from all under the eraser; [ and ] change the size."
    ink = "overlay_occluder"
    erases = True

    def edit(self, region: Polygon) -> Edit | None:
        session = self.host.session
        if session is None:
            return None
        pieces = [(shape, erased(shape.polygon, region)) for shape in self._under(region)]
        return pieces_edit(session.annotation, pieces, "erase")

    def _under(self, region: Polygon) -> list[Shape]:
        shapes = self.host.session.annotation.shapes if self.host.session else ()
        chosen = [shape for shape in shapes if shape.id in self.host.selection.shapes]
        among = chosen or [shape for shape in shapes if not shape.locked]
        return [shape for shape in among if touches(shape.polygon, region)]
