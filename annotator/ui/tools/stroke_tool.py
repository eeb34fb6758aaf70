"""What brush and eraser share: a round stroke with a live preview."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from PySide6.QtCore import Qt

from annotator.domain.geometry import Polygon
from annotator.editing.drawing.stroke import stroke_region
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point
from annotator.ui import theme
from annotator.ui.canvas.strokes import path_of
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost, on_grid
from annotator.ui.tools.sketching import as_array, paint_disc, paint_line

PREVIEW_OPACITY = 0.35


class StrokeTool(Tool):
    """Hold the button and paint; the edit is made when it is let go."""

    ink: ClassVar[str]
    erases: ClassVar[bool] = False
    uses_brush_size = True
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._points: list[Point] = []
        self._cursor: Point | None = None
        self._shown: tuple[tuple[int, float], Polygon | None] | None = None

    @abstractmethod
    def edit(self, region: Polygon) -> Edit | None:
        """The edit of a stroke over `region`."""

    def press(self, event: ToolEvent) -> None:
        self._points, self._shown = [on_grid(event.at)], None
        self._moved_to(event.at)

    def move(self, event: ToolEvent) -> None:
        if self._points and on_grid(event.at) != self._points[-1]:
            self._points.append(on_grid(event.at))
        self._moved_to(event.at)

    def release(self, event: ToolEvent) -> None:
        self.move(event)
        points, self._points = self._points, []
        if not points:
            return
        region = stroke_region(as_array(points), self.host.brush_size, erase=self.erases)
        if region is not None:
            self.host.attempt(lambda: self.edit(region))
        self.host.refresh(None)

    def leave(self) -> None:
        self._cursor = None

    def cancel(self) -> None:
        self._points = []
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if self._points:
            region = self._preview()
            if region is not None:
                rings = [paint.device(ring.points) for ring in region.rings]
                paint.painter.setPen(Qt.PenStyle.NoPen)
                paint.painter.setBrush(theme.current().colour(self.ink, PREVIEW_OPACITY))
                paint.painter.drawPath(path_of(rings))
                for ring in region.rings:
                    paint_line(paint, ring.points, self.ink, closed=True)
        if self._cursor is not None:
            paint_disc(paint, self._cursor, self.host.brush_size / 2, "overlay_hole")

    def _preview(self) -> Polygon | None:
        """The region painted so far, made once for each point that is added."""
        state = len(self._points), self.host.brush_size
        if self._shown is None or self._shown[0] != state:
            self._shown = state, stroke_region(as_array(self._points), self.host.brush_size)
        return self._shown[1]

    def _moved_to(self, at: Point) -> None:
        reach = self.host.brush_size / 2 + 1
        for place in (self._cursor, at):
            if place is not None:
                x, y = place
                self.host.refresh((x - reach, y - reach, x + reach, y + reach))
        self._cursor = at
