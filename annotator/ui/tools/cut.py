"""Cut: a line that splits polygons, or a region that is taken out or added."""

from __future__ import annotations

from PySide6.QtCore import Qt

from annotator.domain.errors import GeometryError
from annotator.domain.shapes import Shape
from annotator.editing.drawing.cutting import added, split_by_line, subtracted
from annotator.editing.edits import Edit
from annotator.ui.tools.base import ToolEvent, ToolHost
from annotator.ui.tools.outline_tool import OutlineTool
from annotator.ui.tools.sketching import as_array


class CutTool(OutlineTool):
    """An open line splits; closed on its first point it cuts the region out; closed with Shift it adds the region."""

    name = "cut"
    title = "Cut"
    default_key = "X"
    icon = "cut"
    help = "Click a line across a polygon and press Enter to split it; close the line to cut out, with Shift to add."
    ink = "overlay_occluder"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._closed = False
        self._adds = False

    def press(self, event: ToolEvent) -> None:
        self._closed = self._closes(event)
        self._adds = event.holds(Qt.KeyboardModifier.ShiftModifier)
        super().press(event)
        self._closed = False

    def edit(self) -> Edit | None:
        session = self.host.session
        if session is None:
            return None
        chosen = self._chosen(session.annotation.shapes)
        if not self._closed:
            made = split_by_line(session.annotation, chosen, as_array(self.outline.points))
        elif self._adds:
            made = next((edit for shape in chosen if (edit := added(shape, self.outline.polygon()))), None)
        else:
            made = subtracted(session.annotation, chosen, self.outline.polygon())
        if made is None:
            raise GeometryError("the cut meets no polygon; a line must cross the outline twice")
        return made

    def _closed_edit(self) -> Edit | None:
        if len(self.outline.points) < 2:
            raise GeometryError("a cut needs 2 points at least")
        return self.edit()

    def _chosen(self, shapes: tuple[Shape, ...]) -> list[Shape]:
        selected = [shape for shape in shapes if shape.id in self.host.selection.shapes]
        return selected or [shape for shape in shapes if not shape.locked]
