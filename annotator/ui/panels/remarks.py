"""Remarks of the open pair: threads with their numbers, answers, settling."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QWidget

from annotator.ui import icons, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import RemarkRow
from annotator.ui.widgets.buttons import IconButton, KeyButton
from annotator.ui.widgets.in_sight import InSight
from annotator.ui.widgets.lines import column, emptied, row
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, PersonLabel, label

LEAST_WORDS = 96
"""Pixels of a remark that a long name leaves to it."""


class RemarkLineRow(ChoiceRow):
    """One thread in the list; `hovered` tells whether the cursor, or the keyboard, is on it."""

    hovered = Signal(bool)

    def __init__(self, name: str, view: RemarkRow) -> None:
        first = view.lines[0]
        super().__init__(name, first.text, 40 if view.where else 28)
        tone = "quiet" if view.settled else ""
        mark = label()
        drawing = "check" if view.settled else "remark"
        mark.setPixmap(icons.pixmap(drawing, "done" if view.settled else "text1", self.devicePixelRatioF()))
        self.line.addWidget(mark)
        if view.number:
            number = label(str(view.number), "value", "quiet")
            number.setMinimumWidth(12)
            number.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.line.addWidget(number)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(ElidedLabel(first.text, tone=tone, least=LEAST_WORDS))
        if view.where:
            words.addWidget(ElidedLabel(view.where, "hint"))
        words.addStretch()
        self.line.addLayout(words, 1)
        self.line.addWidget(PersonLabel(first.person, "second"))
        state = self.tr("settled") if view.settled else self.tr("open")
        self.setAccessibleDescription(", ".join(part for part in (state, view.where, first.person) if part))

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 (Qt's name)
        super().enterEvent(event)
        self.hovered.emit(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().leaveEvent(event)
        self.hovered.emit(False)


class RemarksPanel(Section):
    """`chosen` goes to a remark's place; `answered` carries its id and the text; `settled` its id.

    `hovered` carries the id under the cursor or None; `add_wanted` asks for a remark on the pair as a whole.
    """

    chosen = Signal(object)
    answered = Signal(int, str)
    settled = Signal(int)
    hovered = Signal(object)
    add_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Remarks"), "remarks")
        self._views: tuple[RemarkRow, ...] = ()
        self._lines: dict[int | None, RemarkLineRow] = {}
        self._unfolded: int | None = None
        self._thread_box: QWidget | None = None
        self._in_sight: InSight | None = None
        self._possible = False
        self._rows = column()
        self.body.addLayout(self._rows)
        self.add = IconButton("add", self.tr("Remark on the pair as a whole"), "remarks.add", side=24)
        self.add.clicked.connect(self.add_wanted)
        self.add.hide()
        self.tools.addWidget(self.add)

    @property
    def views(self) -> tuple[RemarkRow, ...]:
        """The threads as they are listed."""
        return self._views

    @property
    def unfolded(self) -> int | None:
        """The id of the thread that is unfolded."""
        return self._unfolded

    def set_possible(self, possible: bool) -> None:
        """Whether remarks can be written: then the section shows even when it is empty."""
        self._possible = possible
        self.add.setVisible(possible)
        self.setVisible(possible or bool(self._views))

    def set_rows(self, views: Sequence[RemarkRow]) -> None:
        """Show the threads; without any the section hides, unless one can be written."""
        self._views = tuple(views)
        if self._unfolded not in {view.id for view in views}:
            self._unfolded = None
        still_open = sum(not view.settled for view in views)
        words = self.tr("{count} open").format(count=still_open) if still_open else self.tr("all settled")
        self.set_detail(words if views else self.tr("none"), "warning" if still_open else "done" if views else "")
        self._rebuild()
        self.setVisible(self._possible or bool(views))

    def open_thread(self, position: int) -> None:
        """Unfold a thread, or fold it when it is unfolded."""
        wanted = self._views[position].id
        self.unfold(None if self._unfolded == wanted else wanted)

    def unfold(self, remark: int | None) -> None:
        """Show one thread in full; None folds all."""
        self._unfolded = remark
        self._rebuild()
        line = self._lines.get(remark)
        if line is not None:
            line.setFocus()
            self._bring_in()

    def _bring_in(self) -> None:
        """Scroll the column so that the unfolded thread shows with its answer."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self._thread_box is not None:
            self._in_sight = self._in_sight or InSight(above)
            self._in_sight.want(self._thread_box, 8)

    def unfold_first(self) -> None:
        """Show the first thread that is open, without going to its place."""
        self._unfolded = next((view.id for view in self._views if not view.settled), None)
        self._rebuild()

    def mark(self, remark: int | None) -> None:
        """Show one thread as chosen."""
        for known, line in self._lines.items():
            line.set_selected(known is not None and known == remark)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._views:
            self._rebuild()

    def _rebuild(self) -> None:
        emptied(self._rows)
        self._lines, self._thread_box = {}, None
        for position, view in enumerate(self._views):
            line = self._lines[view.id] = self._line(position, view)
            self._rows.addWidget(line)
            if view.id is not None and view.id == self._unfolded:
                self._thread_box = self._thread(view)
                self._rows.addWidget(self._thread_box)

    def _line(self, position: int, view: RemarkRow) -> RemarkLineRow:
        line = RemarkLineRow(f"remarks.{position}", view)
        line.set_selected(view.id is not None and view.id == self._unfolded)
        line.hovered.connect(lambda on: self.hovered.emit(view.id if on else None))

        def pick() -> None:
            self.open_thread(position)
            self.chosen.emit(view)

        line.chosen.connect(pick)
        return line

    def _thread(self, view: RemarkRow) -> QWidget:
        box = QWidget()
        whole = column(box, gap=4, margins=(36, 4, 12, 8))
        for said in view.lines:
            head = row(gap=8)
            head.addWidget(PersonLabel(said.person, "strong"))
            head.addWidget(label(wording.short_day(said.at), "second", "quiet"))
            head.addStretch()
            whole.addLayout(head)
            whole.addWidget(label(said.text, "second", wrap=True))
        if view.id is not None and not view.settled:
            whole.addLayout(self._answer(view.id))
        return box

    def _answer(self, remark: int) -> QHBoxLayout:
        line = row(gap=8)
        reply = QLineEdit()
        reply.setObjectName("remarks.reply")
        reply.setAccessibleName(self.tr("Reply"))
        reply.setPlaceholderText(self.tr("Reply"))
        settle = KeyButton(self.tr("Settle"), "remarks.settle")

        def answer() -> None:
            if reply.text().strip():
                self.answered.emit(remark, reply.text().strip())

        reply.returnPressed.connect(answer)
        settle.clicked.connect(lambda: self.settled.emit(remark))
        line.addWidget(reply, 1)
        line.addWidget(settle)
        return line
