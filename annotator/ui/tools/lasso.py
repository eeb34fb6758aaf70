"""Lasso: an object polygon drawn freehand."""

from __future__ import annotations

from annotator.domain.shapes import Role, Shape
from annotator.editing.drawing.lasso import Lasso
from annotator.editing.edits import AddShape, Edit
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.sketching import paint_line

TOLERANCE = 1.5
"""Widget pixels by which the result may lie beside the stroke."""


class LassoTool(Tool):
    """Draws while the button is held."""

    name = "lasso"
    title = "Lasso"
    default_key = "L"
    icon = "lasso"
    help = "Hold the button and draw around the object; letting go closes the outline."

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._lasso: Lasso | None = None
        self._new_id = ""

    def press(self, event: ToolEvent) -> None:
        self._lasso = Lasso(self.host.snap(event), TOLERANCE / self.host.view.scale)

    def move(self, event: ToolEvent) -> None:
        if self._lasso is not None:
            self._lasso.add(self.host.snap(event))
            self.host.refresh(None)

    def release(self, event: ToolEvent) -> None:
        lasso, self._lasso = self._lasso, None
        if lasso is None:
            return
        lasso.add(self.host.snap(event))
        if len(lasso.points) > 2 and self.host.attempt(lambda: self._edit(lasso)):
            self.host.select((self._new_id,))
        self.host.refresh(None)

    def cancel(self) -> None:
        self._lasso = None
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if self._lasso is not None:
            paint_line(paint, self._lasso.points)

    def _edit(self, lasso: Lasso) -> Edit | None:
        if self.host.session is None:
            return None
        self._new_id = self.host.session.annotation.fresh_id()
        return AddShape(Shape(self._new_id, Role.OBJECT, lasso.polygon()))
