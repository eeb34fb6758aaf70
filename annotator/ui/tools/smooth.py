"""Smooth: even out or simplify an outline, with a live bound of how far it moves."""

from __future__ import annotations

from PySide6.QtCore import Qt

from annotator.domain.shapes import Shape
from annotator.editing.drawing.smoothing import Reshaped, simplify, smooth
from annotator.editing.edits import reshaped
from annotator.editing.hit_testing import shape_at
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.sketching import paint_line

STEPS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Pixels of the image that the outline may move."""


class SmoothTool(Tool):
    """Click a polygon for a preview; [ and ] change the strength, Enter takes it; with Shift it is simplified."""

    name = "smooth"
    title = "Smooth"
    default_key = "S"
    icon = "smooth"
    help = "Click a polygon to preview; + and - change the strength, Enter smooths, Shift+click simplifies instead."
    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._step = 3
        self._simplifies = False
        self._shape: Shape | None = None
        self._preview: Reshaped | None = None
        if host.session is not None and len(host.selection.shapes) == 1:
            self._take(host.session.annotation.shape(host.selection.shapes[0]))

    @property
    def preview(self) -> Reshaped | None:
        """What Enter would make, with its bound."""
        return self._preview

    def press(self, event: ToolEvent) -> None:
        if self.host.session is None:
            return
        shape = shape_at(self.host.session.annotation, event.at)
        if event.double and self._shape is not None:
            self._commit()
        elif shape is not None:
            self._simplifies = event.holds(Qt.KeyboardModifier.ShiftModifier)
            self.host.select((shape.id,))
            self._take(shape)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        del modifiers
        if self._shape is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_BracketRight, Qt.Key.Key_Equal):
            self._strengthen(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_BracketLeft):
            self._strengthen(-1)
        else:
            return key is Qt.Key.Key_Escape
        return True

    def cancel(self) -> None:
        self._shape = self._preview = None
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if self._preview is not None:
            for ring in self._preview.polygon.rings:
                paint_line(paint, ring.points, "overlay_hole", closed=True)

    def _strengthen(self, by: int) -> None:
        self._step = min(max(self._step + by, 0), len(STEPS) - 1)
        if self._shape is not None:
            self._take(self._shape)

    def _take(self, shape: Shape) -> None:
        self._shape = shape
        work = simplify if self._simplifies else smooth
        self._preview = work(shape.polygon, STEPS[self._step])
        found = self._preview
        verb = "Simplify" if self._simplifies else "Smooth"
        self.host.hint(
            f"{verb}: the outline moves {found.bound:.2f} px at most, limit {STEPS[self._step]:g} px; "
            f"{found.vertices_before} to {found.vertices} vertices. Enter takes it."
        )
        self.host.refresh(None)

    def _commit(self) -> None:
        shape, found = self._shape, self._preview
        self.cancel()
        if shape is not None and found is not None and found.polygon is not shape.polygon:
            name = "simplify an outline" if self._simplifies else "smooth an outline"
            self.host.do(reshaped(shape.id, shape.polygon, found.polygon, name))
