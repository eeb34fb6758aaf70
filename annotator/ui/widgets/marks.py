"""Painted marks of state: the segments under a thumbnail, the dots of the passes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import theme

TOKENS = {
    "empty": "empty",
    "done": "done",
    "work": "accent",
    "half": "accent",
    "returned": "warning",
    "dispute": "dispute",
    "warning": "warning",
}
"""Colour of a pass's mark by its state; `half` fills the left half of its segment."""


def draw_segments(painter: QPainter, box: QRectF, states: Sequence[str]) -> None:
    """One segment per pass in `box`, 2 px apart."""
    shown = theme.current()
    wide = (box.width() - 2 * (len(states) - 1)) / max(1, len(states))
    for number, state in enumerate(states):
        left = round(box.left() + number * (wide + 2))
        right = round(box.left() + number * (wide + 2) + wide)
        full = QRectF(left, box.top(), right - left, box.height())
        painter.fillRect(full, shown.colour("empty" if state == "half" else TOKENS[state]))
        if state == "half":
            painter.fillRect(QRectF(full.left(), full.top(), full.width() / 2, full.height()), shown.colour("accent"))


def draw_dot(painter: QPainter, centre: QPointF, state: str, radius: float = 4.0) -> None:
    """A dot: filled in the state's colour, or a quiet circle for `empty`."""
    shown = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == "empty":
        painter.setPen(QPen(shown.colour("text3"), 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius - 0.6, radius - 0.6)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shown.colour(TOKENS[state]))
        painter.drawEllipse(centre, radius, radius)


class Dots(QWidget):
    """The passes of a pair as dots."""

    STEP = 11

    def __init__(self, states: Sequence[str] = ("empty",)) -> None:
        super().__init__()
        self._states = tuple(states)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def states(self) -> tuple[str, ...]:
        """What is shown."""
        return self._states

    def set_states(self, states: Sequence[str]) -> None:
        """Show other states."""
        self._states = tuple(states)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(self.STEP * len(self._states), 16)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        for number, state in enumerate(self._states):
            draw_dot(painter, QPointF(self.STEP * number + 5, self.height() / 2), state)
