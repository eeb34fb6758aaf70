"""Rows of the side columns that can be chosen by mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.ui import theme
from annotator.ui.widgets.lines import row


class ChoiceRow(QWidget):
    """A row that highlights under the cursor and tells when it is chosen; widgets go into `line`."""

    chosen = Signal()

    def __init__(self, name: str, title: str, height: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMinimumHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._selected = False
        self._bar = ""
        self.line: QHBoxLayout = row(self, gap=8, margins=(12, 0, 12, 0))

    @property
    def selected(self) -> bool:
        """Whether it shows as chosen."""
        return self._selected

    def set_selected(self, selected: bool, bar: str = "") -> None:
        """Show as chosen, with a bar of a colour at the left where one is named."""
        self._selected, self._bar = selected, bar
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        shown = theme.current()
        if self._selected:
            painter.fillRect(self.rect(), shown.colour("selection"))
        elif self.underMouse() and self.isEnabled():
            painter.fillRect(self.rect(), shown.colour("raised"))
        if self._bar:
            painter.fillRect(0, 0, 3, self.height(), shown.colour(self._bar))
        if self.hasFocus():
            painter.setPen(shown.colour("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)
