"""A row of choices of which one holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton

from annotator.ui import theme
from annotator.ui.widgets.lines import row


class SegmentButton(QToolButton):
    """Never narrower than its text."""

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        metrics = QFontMetrics(theme.text_font(13, QFont.Weight.Medium))
        return QSize(metrics.horizontalAdvance(self.text()) + 24, 26)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return self.sizeHint()


class Segmented(QFrame):
    """Exclusive choices side by side; arrows move between them. `chosen` carries the name of the choice."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, title: str) -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(title)
        self._name = name
        self._buttons: dict[str, SegmentButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._layout = row(self, gap=0, margins=(0, 0, 0, 0))
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices as (name, text); the first one holds."""
        for old in self._buttons.values():
            self._group.removeButton(old)
            self._layout.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._buttons = {key: self._button(key, text) for key, text in choices}
        if choices:
            self._buttons[choices[0][0]].setChecked(True)

    @property
    def value(self) -> str:
        """The choice that holds; empty when there are none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Make a choice hold without telling it."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def set_possible(self, key: str, possible: bool) -> None:
        """Enable or disable one choice."""
        self._buttons[key].setEnabled(possible)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        usable = [key for key, button in self._buttons.items() if button.isEnabled()]
        if self.value in usable:
            key = usable[(usable.index(self.value) + step) % len(usable)]
            self._buttons[key].setFocus()
            self._buttons[key].click()

    def _button(self, key: str, text: str) -> SegmentButton:
        button = SegmentButton(self)
        button.setText(text)
        button.setAccessibleName(text)
        button.setObjectName(f"{self._name}.{key}")
        button.setProperty("look", "segment")
        button.setCheckable(True)
        button.setFixedHeight(26)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._layout.addWidget(button)
        return button
