"""The drawing tools at the left of the canvas, each with its key. 48 px."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from annotator.ui import icons, theme
from annotator.ui.widgets.lines import across, column, row

LOWEST = 24
"""Pixels to which a button gives way in a low window."""


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """A tool as the column shows it: its name, icon, title, and the number of the block that it stands in."""

    name: str
    drawing: str
    title: str
    block: int


class ToolButton(QToolButton):
    """An icon and the letter of its key, side by side; a mark in the corner where the tool has something to choose."""

    def __init__(self, entry: ToolEntry) -> None:
        super().__init__()
        self._entry = entry
        self._key = self._choice = ""
        self.setObjectName(f"tool.{entry.name}")
        self.setAccessibleName(entry.title)
        self.setCheckable(True)
        self.setMinimumSize(QSize(40, LOWEST))
        self.setMaximumSize(QSize(40, 30))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_key(self, key: str) -> None:
        """The letter beside the icon."""
        self._key = key
        self._tell()

    def set_choice(self, words: str) -> None:
        """What is chosen, for the tooltip; empty where there is nothing to choose."""
        self._choice = words
        self.setAccessibleDescription(words)
        self._tell()

    def _tell(self) -> None:
        title = f"{self._entry.title} ({self._key})" if self._key else self._entry.title
        self.setToolTip(f"{title}, {self._choice}" if self._choice else title)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        shown = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(shown.colour("selection"))
            painter.drawRoundedRect(self.rect(), 4, 4)
            painter.fillRect(QRect(0, 3, 2, self.height() - 6), shown.colour("accent"))
        elif self.underMouse() and self.isEnabled():
            painter.setBrush(shown.colour("raised"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(shown.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        painter.setOpacity(1.0 if self.isEnabled() else theme.DISABLED)
        painter.drawPixmap(
            7, (self.height() - icons.SIDE) // 2, icons.pixmap(self._entry.drawing, "text1", self.devicePixelRatioF())
        )
        painter.setFont(theme.text_font(11))
        painter.setPen(shown.colour("text1" if self.isChecked() else "text2"))
        letter = self._key if len(self._key) <= 1 else ""
        painter.drawText(QRect(25, 0, 14, self.height()), Qt.AlignmentFlag.AlignCenter, letter)
        if self._choice:
            right, low = self.width() - 2, self.height() - 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shown.colour("text2"))
            painter.drawPolygon(QPolygon([QPoint(right - 5, low), QPoint(right, low - 5), QPoint(right, low)]))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()


class ToolColumn(QWidget):
    """`chosen` and `choice_wanted` (a right click) carry the name of the tool."""

    chosen = Signal(str)
    choice_wanted = Signal(str)

    def __init__(self, entries: Sequence[ToolEntry]) -> None:
        super().__init__()
        self.setObjectName("tools")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(48)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, ToolButton] = {}
        whole = column(self, gap=1, margins=(4, 4, 4, 4))
        block = entries[0].block if entries else 0
        for entry in entries:
            if entry.block != block:
                block = entry.block
                whole.addSpacing(3)
                line = row(margins=(4, 0, 4, 0))
                line.addWidget(across())
                whole.addLayout(line)
                whole.addSpacing(3)
            button = ToolButton(entry)
            button.clicked.connect(lambda _checked=False, name=entry.name: self.chosen.emit(name))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(lambda _at, name=entry.name: self.choice_wanted.emit(name))
            self._group.addButton(button)
            self._buttons[entry.name] = button
            whole.addWidget(button)
        whole.addStretch(1)

    def set_current(self, name: str) -> None:
        """Which tool is in hand."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def set_offered(self, name: str, offered: bool) -> None:
        """Show a tool or leave it out."""
        if name in self._buttons:
            self._buttons[name].setVisible(offered)

    def set_choice(self, name: str, words: str) -> None:
        """Mark a tool that has something to choose; `words` tell what is chosen, none where there is nothing."""
        if name in self._buttons:
            self._buttons[name].set_choice(words)

    def button(self, name: str) -> ToolButton:
        """The button of a tool that stands here."""
        return self._buttons[name]

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """The key of each tool by name."""
        for name, button in self._buttons.items():
            button.set_key(keys.get(name, ""))

    def set_possible(self, possible: bool) -> None:
        """Enable the tools while something can be drawn on."""
        for button in self._buttons.values():
            button.setEnabled(possible)
