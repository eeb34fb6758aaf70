"""Buttons: an icon, a text with its key, a text of two weights with a chevron."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStyleOptionToolButton, QToolButton

from annotator.ui import icons, theme

HEIGHT = 28
LONGEST_WORDS = 240
"""Pixels of a button's words that are never given up; a person's name in them can be longer."""

LONGEST_WORD = 64
"""Pixels of the strong word of a chooser that are never given up."""

KEY_EDGE = 4
"""Pixels that are left free at both sides of words and key where a button is narrow."""

FEWEST = 5
"""Characters below which cut words tell nothing and are left out."""


class IconButton(QToolButton):
    """A 28-px button with one of the program's drawings; `title` is its tooltip and accessible name."""

    def __init__(self, drawing: str, title: str, name: str, checkable: bool = False, side: int = HEIGHT) -> None:
        super().__init__()
        self._drawing = drawing
        self._token = "text1"  # noqa: S105 (a colour's name)
        self._title = title
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setCheckable(checkable)
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_key(self, shown: str) -> None:
        """Show the key in the tooltip."""
        self.setToolTip(f"{self._title} ({shown})" if shown else self._title)

    def set_drawing(self, drawing: str, token: str = "text1", title: str = "") -> None:  # noqa: S107 (a colour)
        """Another drawing, colour or title."""
        self._drawing, self._token = drawing, token
        if title:
            self._title = title
            self.setAccessibleName(title)
            self.setToolTip(title)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        if not self.isEnabled():
            painter.setOpacity(theme.DISABLED)
        drawing = icons.pixmap(self._drawing, self._token, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - icons.SIDE) // 2, (self.height() - icons.SIDE) // 2, drawing)


class KeyButton(QPushButton):
    """A button that says what happens, with its key in small type; `primary` is the filled one."""

    def __init__(self, text: str, name: str, key: str = "", primary: bool = False, drawing: str = "") -> None:
        super().__init__()
        self._text, self._key, self._drawing = text, key, drawing
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setProperty("kind", "primary" if primary else "plain")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tell()

    @property
    def words(self) -> str:
        """The text without the key."""
        return self._text

    def set_words(self, text: str, key: str | None = None) -> None:
        """Another text, and another key where one is given."""
        self._text = text
        self._key = self._key if key is None else key
        self.setAccessibleName(text)
        self._tell()
        self.updateGeometry()
        self.update()

    @property
    def shows_key(self) -> bool:
        """Whether there is room for the key beside the words; the tooltip names it, too."""
        return bool(self._key) and self.width() >= self._content_width() + self._key_width() + 2 * KEY_EDGE

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(self._room() + self._content_width() + self._key_width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(self._room() + min(self._content_width(), LONGEST_WORDS), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        flat = self.property("kind") == "flat"
        if not flat or self.underMouse() or self.hasFocus():
            self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        if not self.isEnabled():
            painter.setOpacity(theme.DISABLED)
        ink, quiet = self._inks()
        shows_key = self.shows_key
        edge = KEY_EDGE if shows_key else min(8, self._room() // 2)
        left = max(edge, (self.width() - self._content_width() - (self._key_width() if shows_key else 0)) // 2)
        if self._drawing:
            drawing = icons.pixmap(self._drawing, "text1", self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - icons.SIDE) // 2, drawing)
            left += icons.SIDE + 8
        painter.setFont(self._font())
        painter.setPen(ink)
        room = self.width() - left - edge
        words = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        if shows_key:
            painter.setFont(theme.text_font(11))
            painter.setPen(quiet)
            box = QRect(left + self._words_width() + 8, 0, self.width(), self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._key)

    def _inks(self) -> tuple[QColor, QColor]:
        shown = theme.current()
        if self.property("kind") == "primary" and self.isEnabled():
            return shown.colour("on_button"), shown.colour("on_button", 0.82)
        return shown.colour("text1"), shown.colour("text2")

    def _font(self) -> QFont:
        primary = self.property("kind") == "primary"
        return theme.text_font(13, QFont.Weight.Medium if primary else QFont.Weight.Normal)

    def _room(self) -> int:
        return 12 if self.property("kind") == "flat" else 24

    def _content_width(self) -> int:
        return (icons.SIDE + 8 if self._drawing else 0) + self._words_width()

    def _words_width(self) -> int:
        return QFontMetrics(self._font()).horizontalAdvance(self._text)

    def _key_width(self) -> int:
        return QFontMetrics(theme.text_font(11)).horizontalAdvance(self._key) + 8 if self._key else 0

    def _tell(self) -> None:
        self.setToolTip(f"{self._text} ({self._key})" if self._key else "")


class ChooserButton(QPushButton):
    """Opens a menu: a strong word, quiet words behind it, and a chevron."""

    def __init__(self, name: str, title: str, drawing: str = "", framed: bool = True) -> None:
        super().__init__()
        self._strong, self._quiet, self._drawing = "", "", drawing
        self._framed = framed
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setProperty("kind", "plain" if framed else "flat")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # the quiet words give way

    def set_words(self, strong: str, quiet: str) -> None:
        """What is chosen now."""
        self._strong, self._quiet = strong, quiet
        self.setAccessibleDescription(f"{strong} {quiet}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        wide = QFontMetrics(self._strong_font()).horizontalAdvance(self._strong)
        wide += 8 + QFontMetrics(self._quiet_font()).horizontalAdvance(self._quiet) if self._quiet else 0
        return QSize(wide + 44 + (24 if self._drawing else 0), HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        strong = QFontMetrics(self._strong_font()).horizontalAdvance(self._strong)
        least = max(80, min(strong, LONGEST_WORD) + 44 + (24 if self._drawing else 0))
        return QSize(min(least, self.sizeHint().width()), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self._framed or self.underMouse() or self.hasFocus():
            self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        shown = theme.current()
        left, ratio = 10, self.devicePixelRatioF()
        if self._drawing:
            painter.drawPixmap(left, (self.height() - icons.SIDE) // 2, icons.pixmap(self._drawing, "text1", ratio))
            left += 24
        painter.setFont(self._strong_font())
        painter.setPen(shown.colour("text1"))
        left += self._write(painter, left, self._strong) + 8
        painter.setFont(self._quiet_font())
        painter.setPen(shown.colour("text2"))
        self._write(painter, left, self._quiet)
        painter.drawPixmap(
            self.width() - 24, (self.height() - icons.SIDE) // 2, icons.pixmap("chevron-down", "text2", ratio)
        )

    def _write(self, painter: QPainter, left: int, words: str) -> int:
        """Words from `left` to the chevron, and how wide they are."""
        room = max(0, self.width() - left - 28)
        text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        text = "" if text != words and len(text) < FEWEST else text
        painter.drawText(QRect(left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return painter.fontMetrics().horizontalAdvance(text)

    def _strong_font(self) -> QFont:
        return theme.text_font(13, QFont.Weight.DemiBold if self._framed else QFont.Weight.Medium)

    def _quiet_font(self) -> QFont:
        return theme.text_font(13 if self._framed else 12)


def quiet_button(text: str, name: str, key: str = "") -> KeyButton:
    """A flat button with its key, for headers and the status bar."""
    button = KeyButton(text, name, key)
    button.setProperty("kind", "flat")
    button.setFixedHeight(24)
    return button
