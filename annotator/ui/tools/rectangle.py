"""Rectangle: an upright object polygon between two corners."""

from __future__ import annotations

from annotator.domain.shapes import Role, Shape
from annotator.editing.drawing.rectangle import box_between, rectangle
from annotator.editing.edits import AddShape
from annotator.editing.hit_testing import Point
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.sketching import paint_box


class RectangleTool(Tool):
    """Drag from corner to corner."""

    name = "rectangle"
    title = "Rectangle"
    default_key = "R"
    icon = "rectangle"
    help = "Drag from corner to corner."

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._corners: tuple[Point, Point] | None = None

    def press(self, event: ToolEvent) -> None:
        at = self.host.snap(event)
        self._corners = at, at

    def move(self, event: ToolEvent) -> None:
        if self._corners is not None:
            self.host.refresh(box_between(*self._corners))
            self._corners = self._corners[0], self.host.snap(event)
            self.host.refresh(box_between(*self._corners))

    def release(self, event: ToolEvent) -> None:
        corners, self._corners = self._corners, None
        if corners is None or self.host.session is None:
            return
        made = rectangle(corners[0], self.host.snap(event))
        new_id = self.host.session.annotation.fresh_id()
        if made is not None and self.host.do(AddShape(Shape(new_id, Role.OBJECT, made))):
            self.host.select((new_id,))
        self.host.refresh(None)

    def cancel(self) -> None:
        self._corners = None
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if self._corners is not None:
            paint_box(paint, box_between(*self._corners), "overlay_object")
