"""A row of choices of which one holds; where there is no room for it, one button with a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QMenu, QToolButton

from annotator.ui import theme
from annotator.ui.widgets.buttons import ChooserButton
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
        self._group.buttonToggled.connect(lambda _button, _on: self._tell())
        self._compact = False
        self._layout = row(self, gap=0, margins=(0, 0, 0, 0))
        self._chooser = ChooserButton(f"{name}.choose", title, framed=False)
        self._chooser.setFixedHeight(26)
        self._chooser.clicked.connect(self._open)
        self._chooser.hide()
        self._layout.addWidget(self._chooser)
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
        self.set_compact(self._compact)

    @property
    def wide(self) -> int:
        """Pixels that it needs as it is shown now."""
        if self._compact:
            return self._chooser.sizeHint().width() + 2
        return sum(button.sizeHint().width() for button in self._buttons.values()) + 2

    def set_compact(self, compact: bool) -> None:
        """Show the choice that holds alone, with a menu of all."""
        self._compact = compact
        for button in self._buttons.values():
            button.setVisible(not compact)
        self._chooser.setVisible(compact)
        self._tell()

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

    def _tell(self) -> None:
        button = self._buttons.get(self.value)
        self._chooser.set_words(button.text() if button is not None else "", "")

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self._name}.menu")
        for button in self._buttons.values():
            action = menu.addAction(button.text())
            action.setCheckable(True)
            action.setChecked(button.isChecked())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._chooser.mapToGlobal(QPoint(0, self._chooser.height() + 2)))

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
