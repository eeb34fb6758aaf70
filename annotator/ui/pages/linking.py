"""The linked cursor: a place under the cursor is marked in the index image and in every query that geometry reaches."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, QTimer

from annotator.domain.errors import Place
from annotator.domain.geometry import Points, Size
from annotator.premask.warp import Geometry
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.panels.queries import QueriesPanel

WAIT_MS = 30
"""The marks follow the cursor this often: often enough for the eye, and drawing goes first."""


class LinkedCursor(QObject):
    """Give it the geometries of the open pair; without any it rests."""

    def __init__(self, canvas: CanvasWidget, queries: QueriesPanel) -> None:
        super().__init__()
        self._canvas, self._queries = canvas, queries
        self._geometries: Mapping[int, Geometry] = {}
        self._from: int | None = None
        self._place: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._mark)
        canvas.cursor_moved.connect(lambda x, y: self._moved(None, (x, y)))
        canvas.cursor_left.connect(lambda: self._moved(None, None))
        queries.hovered.connect(self._over_query)
        queries.linked.connect(lambda _on: self._moved(None, None))

    def set_geometries(self, geometries: Mapping[int, Geometry]) -> None:
        """Link another pair: geometries by query number."""
        self._geometries = geometries
        self._queries.link.setVisible(bool(geometries))
        self._clear()

    def _over_query(self, number: int, place: Place | None) -> None:
        self._moved(number, (place.x, place.y) if place is not None else None)

    def _moved(self, number: int | None, place: tuple[float, float] | None) -> None:
        if not self._geometries:
            return
        on = self._queries.link.isChecked()
        self._from, self._place = number, place if on else None
        if self._place is None:
            self._clear()
        elif not self._timer.isActive():
            self._timer.start()

    def _clear(self) -> None:
        self._timer.stop()
        self._place = None
        if self._canvas.layers.linked is not None:
            self._canvas.layers.linked = None
        self._queries.set_marks({})

    def _mark(self) -> None:
        session = self._canvas.session
        if self._place is None or session is None:
            return
        places: dict[int, Place | None] = {}
        middle: tuple[float, float] | None = self._place
        if self._from is not None:
            known = self._geometries.get(self._from)
            middle = _inside(known.forward(np.array([self._place])), session.annotation.size) if known else None
            self._canvas.layers.linked = middle
        if middle is not None:
            for number, geometry in self._geometries.items():
                if number != self._from:
                    places[number] = _place(geometry.backward(np.array([middle])))
        self._queries.set_marks(places)


def _inside(points: Points, size: Size) -> tuple[float, float] | None:
    x, y = (float(value) for value in points[0])
    return (x, y) if np.isfinite([x, y]).all() and -0.5 <= x < size[0] and -0.5 <= y < size[1] else None


def _place(points: Points) -> Place | None:
    x, y = (float(value) for value in points[0])
    return Place(x, y) if np.isfinite([x, y]).all() else None
