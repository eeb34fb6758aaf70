"""Remark: pin a note to a point or a region."""

from __future__ import annotations

from PySide6.QtCore import Qt

from annotator.domain.remarks import pinned
from annotator.editing.drawing.remark_region import RemarkStroke
from annotator.editing.hit_testing import Point
from annotator.editing.snapping import inside_image
from annotator.ui.canvas.pins import paint_region
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost


class RemarkTool(Tool):
    """A click or a drag, or Enter at the cursor, asks the window for the text."""

    name = "remark"
    title = "Remark"
    default_key = "W"
    icon = "remark"
    help = "Click a place or draw around a region, here or in a query; Enter pins at the cursor."

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._stroke: RemarkStroke | None = None
        self._cursor: Point | None = None

    def press(self, event: ToolEvent) -> None:
        if self.host.session is not None:
            self._stroke = RemarkStroke(event.at, self.host.session.annotation.size, self.host.view.scale)

    def move(self, event: ToolEvent) -> None:
        self._cursor = event.at
        if self._stroke is not None:
            self._stroke.add(event.at)
            self.host.refresh(None)

    def release(self, event: ToolEvent) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            stroke.add(event.at)
            self.host.refresh(None)
            self.host.ask_remark(stroke.place())

    def cancel(self) -> None:
        self._stroke = None
        self.host.refresh(None)

    def leave(self) -> None:
        self._cursor = None

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        session = self.host.session
        if key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or modifiers or session is None or self._stroke is not None:
            return False
        x1, y1, x2, y2 = self.host.seen
        at = self._cursor or ((x1 + x2) / 2, (y1 + y2) / 2)
        self.host.ask_remark(pinned(*inside_image(at, session.annotation.size)))
        return True

    def paint(self, paint: Paint) -> None:
        if self._stroke is not None and self._stroke.drawn:
            points = self._stroke.lasso.points
            paint_region(paint.painter, points, lambda at: _device(paint, at))


def _device(paint: Paint, at: Point) -> Point:
    x, y = paint.view.to_widget(at)
    return x * paint.ratio, y * paint.ratio
