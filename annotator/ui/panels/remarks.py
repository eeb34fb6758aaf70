"""Remarks pinned to the image: open threads, answers, settling."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from annotator.ui import icons, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import RemarkRow
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import column, emptied, row
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label


class RemarksPanel(Section):
    """`chosen` goes to a remark's place; `answered` carries its id and the text; `settled` its id."""

    chosen = Signal(object)
    answered = Signal(int, str)
    settled = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Remarks"), "remarks")
        self._views: tuple[RemarkRow, ...] = ()
        self._open: int | None = None
        self._rows = column()
        self.body.addLayout(self._rows)

    def set_rows(self, views: Sequence[RemarkRow]) -> None:
        """Show the threads; the section hides when there are none."""
        self._views = tuple(views)
        still_open = sum(not view.settled for view in views)
        words = self.tr("{count} open").format(count=still_open) if still_open else self.tr("all settled")
        self.set_detail(words, "warning" if still_open else "done")
        self._rebuild()
        self.setVisible(bool(views))

    def open_thread(self, position: int) -> None:
        """Unfold a thread, or fold it when it is unfolded."""
        self._open = None if self._open == position else position
        self._rebuild()

    def unfold_first(self) -> None:
        """Show the first thread that is open, without going to its place."""
        still_open = (position for position, view in enumerate(self._views) if not view.settled)
        self._open = next(still_open, None)
        self._rebuild()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._views:
            self._rebuild()

    def _rebuild(self) -> None:
        emptied(self._rows)
        for position, view in enumerate(self._views):
            self._rows.addWidget(self._line(position, view))
            if position == self._open:
                self._rows.addWidget(self._thread(view))

    def _line(self, position: int, view: RemarkRow) -> ChoiceRow:
        first = view.lines[0]
        line = ChoiceRow(f"remarks.{position}", first.text, 28)
        mark = label()
        drawing = "check" if view.settled else "remark"
        mark.setPixmap(icons.pixmap(drawing, "done" if view.settled else "text1", self.devicePixelRatioF()))
        line.line.addWidget(mark)
        line.line.addWidget(ElidedLabel(first.text, tone="quiet" if view.settled else ""), 1)
        line.line.addWidget(label(first.person, "second"))
        line.set_selected(position == self._open)

        def pick() -> None:
            self.chosen.emit(view)
            self.open_thread(position)

        line.chosen.connect(pick)
        return line

    def _thread(self, view: RemarkRow) -> QWidget:
        box = QWidget()
        whole = column(box, gap=4, margins=(36, 4, 12, 8))
        for said in view.lines:
            head = row(gap=8)
            head.addWidget(label(said.person, "strong"))
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
