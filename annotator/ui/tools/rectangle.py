"""Rectangle: an upright object polygon between two corners, or with Alt the object that fills it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from annotator.domain.shapes import Role, Shape
from annotator.editing.drawing.rectangle import box_between, rectangle
from annotator.editing.edits import AddShape
from annotator.editing.hit_testing import Point
from annotator.editing.snapping import inside_image
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.box_to_mask import BoxToMask
from annotator.ui.tools.sketching import paint_box


class RectangleTool(Tool):
    """Drag from corner to corner."""

    name = "rectangle"
    title = "Rectangle"
    default_key = "R"
    icon = "rectangle"
    help = "Drag from corner to corner; with Alt the object that fills the box is outlined, with Alt+Shift an occluder."

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._corners: tuple[Point, Point] | None = None
        self._mask: BoxToMask | None = None
        self._occluder = False

    def press(self, event: ToolEvent) -> None:
        if self._mask is not None:
            self._mask.drop()
        self._mask = BoxToMask(self.host) if event.holds(Qt.KeyboardModifier.AltModifier) else None
        self._occluder = event.holds(Qt.KeyboardModifier.ShiftModifier)
        at = self._place(event)
        self._corners = at, at

    def move(self, event: ToolEvent) -> None:
        if self._corners is not None:
            self.host.refresh(box_between(*self._corners))
            self._corners = self._corners[0], self._place(event)
            self.host.refresh(box_between(*self._corners))
            if self._mask is not None:
                self._mask.follow(box_between(*self._corners))

    def release(self, event: ToolEvent) -> None:
        corners, self._corners = self._corners, None
        if corners is None or self.host.session is None:
            return
        end = self._place(event)
        if self._mask is not None:
            self._mask.finish(box_between(corners[0], end), occluder=self._occluder)
            return
        made = rectangle(corners[0], end)
        new_id = self.host.session.annotation.fresh_id()
        if made is not None and self.host.do(AddShape(Shape(new_id, Role.OBJECT, made))):
            self.host.select((new_id,))
        self.host.refresh(None)

    def cancel(self) -> None:
        self._corners = None
        if self._mask is not None:
            self._mask.drop()
            self._mask = None
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if self._corners is not None:
            paint_box(paint, box_between(*self._corners), "overlay_object")
        if self._mask is not None:
            self._mask.paint(paint)

    def _place(self, event: ToolEvent) -> Point:
        if self._mask is None or self.host.session is None:
            return self.host.snap(event)
        return inside_image(event.at, self.host.session.annotation.size)
