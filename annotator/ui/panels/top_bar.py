"""The bar at the top: modes, group, image and its pass, previous and next, queue, clock, person. 40 px."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from annotator.ui import icons
from annotator.ui.widgets.buttons import ChooserButton, IconButton
from annotator.ui.widgets.lines import across, column, row, upright
from annotator.ui.widgets.marks import Dots
from annotator.ui.widgets.text import ElidedLabel, NameLabel, label, set_tone

ROOMY = 960
"""Width beside the modes from which everything is written out; below it tooltips tell what is left out."""


AROUND = 24
"""Pixels of space around the name of a mode that give way."""

NAME, SHORT_NAME = 136, 96
"""Pixels of the image's name that are never given up, where there is room and where there is none."""


class Tab(QToolButton):
    """A mode; its name is never shortened, the space around it gives way in a narrow window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        least = super().sizeHint()
        return QSize(least.width() + AROUND, least.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return super().sizeHint()


class TopBar(QWidget):
    """Tells what the person wants; shows what it is given."""

    mode_chosen = Signal(str)
    step_wanted = Signal(int)
    group_menu_wanted = Signal()
    person_menu_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("top")
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(40)
        whole = column(self)
        line = row(gap=8, margins=(8, 0, 12, 0))
        whole.addLayout(line, 1)
        whole.addWidget(across())
        self.menu_button = IconButton("menu", self.tr("Menu"), "top.menu")
        self.menu = QMenu(self)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(self.menu)
        line.addWidget(self.menu_button)
        self._tabs = row(gap=0)
        self._tab_group = QButtonGroup(self)
        self._tab_buttons: dict[str, Tab] = {}
        line.addLayout(self._tabs)
        line.addWidget(upright(20))
        self.group = ChooserButton("top.group", self.tr("Query group"))
        self.group.clicked.connect(self.group_menu_wanted)
        line.addWidget(self.group)
        line.addSpacing(8)
        self._image = NameLabel("", "strong", least=NAME)
        self._image.setObjectName("top.image")
        self._difficulty = label("", tone="quiet", name="top.difficulty")
        line.addWidget(self._image)
        line.addWidget(self._difficulty)
        self._pass_line = upright(20)
        line.addWidget(self._pass_line)
        self._dots = Dots(("empty", "empty", "empty"))
        self._pass = label("", name="top.pass")
        self._task = ElidedLabel("", tone="quiet")
        self._task.setObjectName("top.task")
        for widget in (self._dots, self._pass, self._task):
            line.addWidget(widget)
        line.addStretch(1)
        self._add_right(line)

    def set_modes(self, modes: Sequence[tuple[str, str]], current: str) -> None:
        """The tabs as (name, text)."""
        for button in self._tab_buttons.values():
            self._tab_group.removeButton(button)
            self._tabs.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        self._tab_buttons = {}
        for name, text in modes:
            button = Tab(self)
            button.setObjectName(f"tab.{name}")
            button.setProperty("look", "tab")
            button.setText(text)
            button.setAccessibleName(text)
            button.setCheckable(True)
            button.setFixedHeight(39)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, name=name: self.mode_chosen.emit(name))
            self._tab_group.addButton(button)
            self._tab_buttons[name] = button
            self._tabs.addWidget(button)
        self.set_mode(current)

    def set_mode(self, mode: str) -> None:
        """Which tab is in front."""
        if mode in self._tab_buttons:
            self._tab_buttons[mode].setChecked(True)

    def set_tab_text(self, mode: str, text: str) -> None:
        """Another text of a tab, with a count for example."""
        if mode in self._tab_buttons:
            self._tab_buttons[mode].setText(text)

    def set_image(self, name: str, difficulty: str) -> None:
        """The image and its difficulty; an empty name hides them."""
        self._image.setText(name)
        self._difficulty.setText(difficulty)
        self._image.setVisible(bool(name))
        self._fit_in()

    def set_pass(self, dots: Sequence[str], title: str, task: str, tone: str = "") -> None:
        """The dots of the passes and what is done now; an empty title hides them."""
        self._dots.set_states(dots)
        self._pass.setText(title)
        set_tone(self._pass, tone)
        self._task.setText(task)
        for widget in (self._pass_line, self._pass):
            widget.setVisible(bool(title))
        self._fit_in()

    def set_steps(self, text: str, previous: str, following: str) -> None:
        """`7 of 103` with the keys of previous and next; empty hides all of it."""
        self._position.setText(text)
        self._previous.set_key(previous)
        self._next.set_key(following)
        self._previous_key.setText(previous)
        self._next_key.setText(following)
        self._steps.setVisible(bool(text))

    def set_queue(self, text: str) -> None:
        """`58 in your queue`; empty hides it."""
        self._queue.setText(text)
        self._queue_box.setToolTip(text)
        self._fit_in()

    def set_clock(self, text: str, running: bool) -> None:
        """Active time of the open pair; quiet while it stands still. Empty hides it."""
        self._clock.setText(text)
        set_tone(self._clock, "" if running else "quiet")
        self._clock.setToolTip(self.tr("Active time") if running else self.tr("Active time, standing still"))
        self._clock_box.setVisible(bool(text))

    def set_person(self, name: str, role: str) -> None:
        """Who works."""
        self.person.set_words(name, role)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._fit_in()

    def _fit_in(self) -> None:
        """What tells least is left out where the window is narrow; tooltips and panels still tell it."""
        roomy = self.width() - sum(tab.sizeHint().width() for tab in self._tab_buttons.values()) >= ROOMY
        self._image.set_least(NAME if roomy else SHORT_NAME)
        self._difficulty.setVisible(roomy and bool(self._difficulty.text()))
        self._dots.setVisible(roomy and bool(self._dots.states))
        self._task.setVisible(roomy and bool(self._pass.text()))
        self._queue_box.setVisible(roomy and bool(self._queue.text()))
        for key in (self._previous_key, self._next_key):
            key.setVisible(roomy)
        left_out = () if roomy else (self._task.text(), self._difficulty.text())
        self._pass.setToolTip(", ".join(words for words in left_out if words))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint_marks()

    def _add_right(self, line: QHBoxLayout) -> None:
        self._steps = QWidget()
        steps = row(self._steps, gap=4)
        self._previous = IconButton("previous", self.tr("Previous image"), "top.previous")
        self._next = IconButton("next", self.tr("Next image"), "top.next")
        self._position = label("", name="top.position")
        self._previous_key, self._next_key = label("", "hint"), label("", "hint")
        self._previous.clicked.connect(lambda: self.step_wanted.emit(-1))
        self._next.clicked.connect(lambda: self.step_wanted.emit(1))
        for widget in (self._previous, self._previous_key, self._position, self._next_key, self._next):
            steps.addWidget(widget)
        line.addWidget(self._steps)
        self._queue_mark, self._queue = label(), label("", name="top.queue")
        self._queue_box = self._boxed(self._queue_mark, self._queue)
        self._clock_mark, self._clock = label(), label("", name="top.clock")
        self._clock_box = self._boxed(self._clock_mark, self._clock)
        self.extra = row(gap=8)
        line.addLayout(self.extra)
        line.addWidget(self._queue_box)
        line.addWidget(self._clock_box)
        line.addWidget(upright(20))
        self.person = ChooserButton("top.person", self.tr("Person"), "person", framed=False)
        self.person.clicked.connect(self.person_menu_wanted)
        line.addWidget(self.person)
        self._paint_marks()

    def _boxed(self, mark: QWidget, text: QWidget) -> QWidget:
        box = QWidget()
        inner = row(box, gap=8, margins=(0, 0, 4, 0))
        inner.addWidget(upright(20))
        inner.addSpacing(4)
        inner.addWidget(mark)
        inner.addWidget(text)
        return box

    def _paint_marks(self) -> None:
        ratio = self.devicePixelRatioF()
        self._queue_mark.setPixmap(icons.pixmap("queue", "text1", ratio))
        self._clock_mark.setPixmap(icons.pixmap("clock", "text1", ratio))
