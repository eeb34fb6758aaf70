"""Scrolling to something whose place is not known yet: layouts within layouts take several rounds of events."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

_PLACED = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show}


class InSight(QObject):
    """Keeps one widget of a scroll area in sight while things find their place; over once the person scrolls."""

    def __init__(self, scroll: QScrollArea) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        self._wanted: QWidget | None = None
        self._margin = 0
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._bring)
        bar.actionTriggered.connect(self.forget)
        scroll.viewport().installEventFilter(self)

    def want(self, widget: QWidget, margin: int = 0) -> None:
        """Show this widget, with `margin` pixels above and below, now and wherever it comes to stand."""
        self.forget()
        self._wanted, self._margin = widget, margin
        widget.installEventFilter(self)
        self._bring()

    def forget(self) -> None:
        """Nothing is to be kept in sight any more."""
        if self._wanted is not None and isValid(self._wanted):
            self._wanted.removeEventFilter(self)
        self._wanted = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() in _PLACED:
            self._bring()
        return False

    def _bring(self) -> None:
        if self._wanted is not None and isValid(self._wanted):
            self._scroll.ensureWidgetVisible(self._wanted, 0, self._margin)
