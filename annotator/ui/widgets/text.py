"""Labels: with a type and tone of the style sheet, and one that elides."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

WHOLE = 1 << 15
"""As the least width of a label: it shows all of its text."""


LONG_WORD = 20
"""Characters from which a word (a file's name, a path) may break anywhere, so that it makes no column wider."""

BREAK = "\u200b"
"""Zero-width space: a place where a line may break."""


def label(text: str = "", kind: str = "", tone: str = "", name: str = "", wrap: bool = False) -> QLabel:
    """A label of a type (section, second, hint, figure …) and a tone (quiet, done, warning, error …)."""
    made = WrappedLabel() if wrap else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if kind:
        made.setProperty("type", kind)
    if tone:
        made.setProperty("tone", tone)
    if name:
        made.setObjectName(name)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a label another tone and let the style sheet see it."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        style: QStyle = widget.style()
        style.unpolish(widget)
        style.polish(widget)


class WrappedLabel(QLabel):
    """Words over as many lines as they need; very long ones break, where QLabel would ask for all their width."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(re.sub(rf"\S{{{LONG_WORD},}}", _breakable, text))

    def text(self) -> str:
        """The words as they were given."""
        return super().text().replace(BREAK, "")


def _breakable(word: re.Match[str]) -> str:
    return re.sub(r"(?<=[\w./\\-])(?=\w)", BREAK, word.group())


class ElidedLabel(QLabel):
    """A one-line label that ends in … where there is no room; the whole text is its tooltip then.

    `least` is the width in pixels up to which the text is kept while others in the row give way.
    """

    MODE = Qt.TextElideMode.ElideRight

    def __init__(self, text: str = "", kind: str = "", tone: str = "", least: int = 0) -> None:
        super().__init__(text)
        self._least = least
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            self.setProperty("type", kind)
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        hint = super().minimumSizeHint()
        if len(self.text()) <= 3:
            return hint
        wide = max(self._least, self.fontMetrics().horizontalAdvance("…") + 4)
        return QSize(min(hint.width(), wide), hint.height())

    def set_least(self, least: int) -> None:
        """Keep more or less of the text."""
        self._least = least
        self.updateGeometry()

    @property
    def shown(self) -> str:
        """What there is room for; nothing where not even one letter fits."""
        text = self.fontMetrics().elidedText(self.text(), self.MODE, self.width())
        return text if text != "…" else ""

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(text)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        self.setToolTip(self.text() if self.shown != self.text() else "")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter, text = QPainter(self), self.shown
        self.style().drawItemText(
            painter, self.contentsRect(), int(self.alignment()), self.palette(), self.isEnabled(), text,
            self.foregroundRole(),
        )  # fmt: skip


class LinkLabel(ElidedLabel):
    """A text that can be pressed; the `first` of a row takes the focus. Its tooltip says what a press does."""

    pressed = Signal()

    def __init__(self, text: str = "", kind: str = "", first: bool = False, least: int = WHOLE) -> None:
        super().__init__(text, kind, least=least)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if first else Qt.FocusPolicy.NoFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        """The tooltip is its owner's."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(self.palette().highlight().color())
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PersonLabel(ElidedLabel):
    """A person's name: an ordinary one is kept while other words give way, a very long one ends in …."""

    LEAST = 64

    def __init__(self, text: str = "", kind: str = "", tone: str = "") -> None:
        super().__init__(text, kind, tone, self.LEAST)


class NameLabel(ElidedLabel):
    """The name of an image: its end tells it from others of its landmark, so the middle gives way."""

    MODE = Qt.TextElideMode.ElideMiddle
