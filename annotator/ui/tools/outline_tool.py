"""What the polygon, occluder and hole tools share: an outline of clicked points."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from PySide6.QtCore import Qt

from annotator.domain.errors import GeometryError, SelfCrossingError
from annotator.editing.drawing.outline import Outline
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point
from annotator.ui.tools.base import HIT_RADIUS, WORTH_KEEPING, Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.sketching import box_of, paint_outline


class OutlineTool(Tool):
    """Click points; double click, Enter or a click on the first point closes; Backspace takes the last one back."""

    ink: ClassVar[str] = "overlay_object"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self.outline = Outline()
        self._cursor: Point | None = None
        self._closing = False

    @abstractmethod
    def edit(self) -> Edit | None:
        """The edit that the closed outline makes; raises GeometryError where it cannot stand."""

    def accepts(self, at: Point) -> bool:
        """True when an outline may start at `at`."""
        del at
        return True

    def outline_changed(self) -> None:
        """The outline or the place of the cursor changed."""

    def press(self, event: ToolEvent) -> None:
        if event.double:
            self.close()
            return
        at = self._place(event)
        if self._closes(event):
            self.close()
        elif self.outline.points or self.accepts(event.at):
            self._become(self.outline.with_point(at))

    def move(self, event: ToolEvent) -> None:
        if not self.outline.points:
            return
        self._refresh()
        self._cursor, self._closing = self._place(event), self._closes(event)
        self._refresh()
        self.outline_changed()

    def leave(self) -> None:
        self._cursor = None

    @property
    def unfinished(self) -> bool:
        return len(self.outline.points) >= WORTH_KEEPING

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        del modifiers
        if not self.outline.points:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        elif key is Qt.Key.Key_Backspace:
            self._become(self.outline.without_last())
        else:
            return key is Qt.Key.Key_Escape
        return True

    def close(self) -> None:
        """Close the outline and make the edit; an outline that cannot stand stays, to be mended."""
        if not self.outline.points:
            return
        if self.host.attempt(self._closed_edit):
            self.cancel()
            self.committed()

    def committed(self) -> None:
        """The edit was applied."""

    def cancel(self) -> None:
        self._refresh()
        self.outline, self._cursor, self._closing = Outline(), None, False
        self.host.refresh(None)
        self.outline_changed()

    def paint(self, paint: Paint) -> None:
        if self.outline.points:
            paint_outline(paint, self.outline.points, self._cursor, self.ink, closing=self._closing)

    def with_cursor(self) -> Outline:
        """The outline as it would be with a click at the cursor."""
        return self.outline.with_point(self._cursor) if self._cursor and not self._closing else self.outline

    def _closed_edit(self) -> Edit | None:
        if len(self.outline.points) < 3:
            raise GeometryError(f"an outline needs 3 points, this one has {len(self.outline.points)}")
        try:
            return self.edit()
        except SelfCrossingError as error:
            raise GeometryError(f"{error}; Backspace takes points back", error.place) from error

    def _place(self, event: ToolEvent) -> Point:
        return self.host.snap(event)

    def _closes(self, event: ToolEvent) -> bool:
        return self.outline.closes(event.at, HIT_RADIUS / self.host.view.scale)

    def _become(self, outline: Outline) -> None:
        self._refresh()
        self.outline = outline
        self._refresh()
        self.outline_changed()

    def _refresh(self) -> None:
        points = list(self.outline.points)
        if self._cursor is not None:
            points.append(self._cursor)
        box = box_of(points)
        if box is not None:
            self.host.refresh(box)
