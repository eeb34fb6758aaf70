"""The three columns of a page, whose widths a person changes and the window remembers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from annotator.ui.settings import Settings

SIDE, SMALL_LEFT, SMALL_RIGHT, ROOMY = 304, 256, 304, 1440
LEAST_SIDE, LEAST_MIDDLE = 240, 400


class Columns(QSplitter):
    """Narrower side columns where the window is small, until a person moves them."""

    def __init__(self, left_width: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.moved = False
        self._left_width = left_width

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        if not self.moved:
            small = self.width() < ROOMY
            left, right = (min(self._left_width, SMALL_LEFT), SMALL_RIGHT) if small else (self._left_width, SIDE)
            self.setSizes([left, max(LEAST_MIDDLE, self.width() - left - right - 2), right])


def three_columns(
    name: str, settings: Settings, left: QWidget, middle: QWidget, right: QWidget, left_width: int = SIDE
) -> QSplitter:
    """Side columns of 304 px by default, 240 at least; the middle takes the rest."""
    splitter = Columns(left_width)
    splitter.setObjectName(name)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    for widget, least in ((left, LEAST_SIDE), (middle, LEAST_MIDDLE), (right, LEAST_SIDE)):
        widget.setMinimumWidth(least)
        splitter.addWidget(widget)
    splitter.setStretchFactor(0, 0)
    splitter.setStretchFactor(1, 1)
    splitter.setStretchFactor(2, 0)
    saved = settings.state(name)
    if saved is not None:
        splitter.moved = splitter.restoreState(saved)

    def keep(_at: int, _index: int) -> None:
        splitter.moved = True
        settings.set_state(name, splitter.saveState())

    splitter.splitterMoved.connect(keep)
    return splitter
