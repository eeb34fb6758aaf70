"""Copy: the mask of another image of the group, brought here by geometry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt

from annotator.domain.geometry import Polygon
from annotator.editing.drawing.carrying import CopySource, carried
from annotator.editing.drawing.region import new_objects
from annotator.ui.canvas.strokes import DASHED
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.latest import LatestWork
from annotator.ui.tools.regions import select_new, shape_ids
from annotator.ui.tools.sketching import paint_line


class CopyTool(Tool):
    """Choose the image to copy from, look at the copy, take it with Enter. A click chooses again."""

    name = "copy"
    title = "Copy a mask"
    default_key = "C"
    icon = "copy"
    help = "Choose the image of the group to copy from; Enter takes the copy, C or a click chooses another one."
    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._sources: Sequence[CopySource] = ()
        self._pieces: tuple[Polygon, ...] = ()
        self._title = ""
        self._work = LatestWork(host, "copy")

    @property
    def pieces(self) -> tuple[Polygon, ...]:
        """What Enter would take."""
        return self._pieces

    def begin(self) -> None:
        self._ask()

    def press(self, event: ToolEvent) -> None:
        del event
        self._ask()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        del modifiers
        if not self._pieces:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return True
        return key is Qt.Key.Key_Escape

    def cancel(self) -> None:
        self._work.forget()
        self._pieces = ()
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        for polygon in self._pieces:
            for ring in polygon.rings:
                paint_line(paint, ring.points, "overlay_premask", closed=True, dashes=DASHED)

    def _ask(self) -> None:
        if self.host.session is None:
            return
        self._sources = self.host.copy_sources()
        if not self._sources:
            self.host.hint("No other image of the group has a mask yet, so there is nothing to copy.")
        elif len(self._sources) == 1:
            self._find(0)
        else:
            self.host.choose([source.title for source in self._sources], self._find)

    def _find(self, row: int) -> None:
        picture, session = self.host.picture, self.host.session
        if picture is None or session is None:
            return
        source, size = self._sources[row], session.annotation.size
        self.cancel()
        self._title = source.title
        self.host.hint(f"Looking for the object of {source.title} in this image.")

        def find() -> tuple[Polygon, ...]:
            pixels = np.ascontiguousarray(picture.levels[0][:, :, 2::-1])
            return carried(source.annotation, source.find(pixels), size)

        self._work.want(find, self._found)

    def _found(self, pieces: tuple[Polygon, ...]) -> None:
        self._pieces = pieces
        self.host.hint(f"The mask of {self._title}: Enter takes it, Esc drops it, a click chooses another image.")
        self.host.refresh(None)

    def _take(self) -> None:
        session, pieces = self.host.session, self._pieces
        if session is None:
            return
        before = shape_ids(self.host)
        if self.host.attempt(lambda: new_objects(session.annotation, pieces, "copy a mask")):
            self.cancel()
            select_new(self.host, before)
