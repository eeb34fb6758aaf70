"""The three columns of a page, whose widths a person changes and the window remembers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from annotator.ui.settings import Settings

SIDE = 304
LEAST_SIDE, LEAST_MIDDLE = 240, 400


def three_columns(
    name: str, settings: Settings, left: QWidget, middle: QWidget, right: QWidget, left_width: int = SIDE
) -> QSplitter:
    """Side columns of 304 px by default, 240 at least; the middle takes the rest."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName(name)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    for widget, least in ((left, LEAST_SIDE), (middle, LEAST_MIDDLE), (right, LEAST_SIDE)):
        widget.setMinimumWidth(least)
        splitter.addWidget(widget)
    splitter.setStretchFactor(0, 0)
    splitter.setStretchFactor(1, 1)
    splitter.setStretchFactor(2, 0)
    splitter.setSizes([left_width, 1600 - left_width - SIDE, SIDE])
    saved = settings.state(name)
    if saved is not None:
        splitter.restoreState(saved)
    splitter.splitterMoved.connect(lambda _at, _index: settings.set_state(name, splitter.saveState()))
    return splitter
