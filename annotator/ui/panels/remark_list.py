"""The remarks of a whole project: filters above, threads below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from annotator.ui import icons, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.presenting.remark_lists import ALL, OPEN, SETTLED, RemarkFilter, ThreadLine
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, area, column, emptied, row, scrolled
from annotator.ui.widgets.segmented import Segmented
from annotator.ui.widgets.text import ElidedLabel, label

AT_ONCE = 100
"""Rows that are shown before somebody asks for more: nobody reads a thousand."""


class ThreadRow(ChoiceRow):
    """One thread: its first text, where it is, who wrote it and when."""

    def __init__(self, line: ThreadLine) -> None:
        super().__init__(f"remark-list.{line.id}", line.text, 48)
        self._settled = line.settled
        self._mark = label()
        self.line.addWidget(self._mark)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(ElidedLabel(line.text, tone="quiet" if line.settled else ""))
        words.addWidget(ElidedLabel(line.below, "hint"))
        words.addStretch()
        self.line.addLayout(words, 1)
        who = column(gap=0)
        who.addStretch()
        for text, kind in ((line.person, "second"), (wording.short_day(line.at), "hint")):
            shown = label(text, kind)
            shown.setAlignment(Qt.AlignmentFlag.AlignRight)
            who.addWidget(shown)
        who.addStretch()
        self.line.addLayout(who)
        state = self.tr("settled") if line.settled else self.tr("open")
        self.setAccessibleDescription(f"{state}, {line.below}, {line.person}")
        self.setToolTip(line.text)
        self._paint_mark()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint_mark()

    def _paint_mark(self) -> None:
        drawing, token = ("check", "done") if self._settled else ("remark", "warning")
        self._mark.setPixmap(icons.pixmap(drawing, token, self.devicePixelRatioF()))


class RemarkList(QWidget):
    """`chosen` carries the ThreadLine that somebody wants to see; `filtered` the RemarkFilter."""

    chosen = Signal(object)
    filtered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ThreadLine, ...] = ()
        self._shown = 0
        whole = column(self)
        whole.addWidget(self._make_head())
        whole.addWidget(across())
        inner = area("window")
        stack = column(inner)
        self._rows = column()
        stack.addLayout(self._rows)
        self._more = KeyButton("", "remark-list.more")
        self._more.clicked.connect(lambda: self._show_more(focus=True))
        foot = row(margins=(12, 8, 12, 8))
        foot.addWidget(self._more)
        foot.addStretch(1)
        stack.addLayout(foot)
        self._empty = label("", "second", name="remark-list.empty", wrap=True)
        self._empty.setContentsMargins(12, 12, 12, 12)
        stack.addWidget(self._empty)
        stack.addStretch(1)
        whole.addWidget(scrolled(inner), 1)

    @property
    def filter(self) -> RemarkFilter:
        """Which threads are wanted."""
        return RemarkFilter(self.state.value, self.group.currentData(), self.person.currentData())

    def set_choices(self, groups: Sequence[tuple[int, str]], people: Sequence[str], person: str | None) -> None:
        """The groups and people to choose from; `person` is chosen at first."""
        for box, everything, entries in (
            (self.group, self.tr("All groups"), groups),
            (self.person, self.tr("Everybody"), [(name, name) for name in people]),
        ):
            box.blockSignals(True)
            box.clear()
            box.addItem(everything, None)
            for value, text in entries:
                box.addItem(text, value)
            box.blockSignals(False)
        self.person.setCurrentIndex(max(0, self.person.findData(person)))

    def set_lines(self, lines: Sequence[ThreadLine], total: int) -> None:
        """Show the threads that the filter takes, of `total`."""
        self._lines, self._shown = tuple(lines), 0
        emptied(self._rows)
        self._show_more()
        self._count.setText(self.tr("{shown} of {total}").format(shown=len(lines), total=total))
        none = self.tr(
            "Nobody wrote a remark yet. Take the remark tool in a pair and click the place that it is about."
        )
        other = self.tr("No remark is like this. Choose another state, group or person above.")
        self._empty.setText(other if total else none)
        self._empty.setVisible(not lines)

    def _show_more(self, *, focus: bool = False) -> None:
        first = self._shown
        for line in self._lines[first : first + AT_ONCE]:
            made = ThreadRow(line)
            made.chosen.connect(lambda line=line: self.chosen.emit(line))
            self._rows.addWidget(made)
            if focus:
                made.setFocus()
                focus = False
        self._shown = min(first + AT_ONCE, len(self._lines))
        left = len(self._lines) - self._shown
        self._more.set_words(self.tr("Show {count} more").format(count=min(left, AT_ONCE)))
        self._more.setVisible(left > 0)

    def _make_head(self) -> QWidget:
        head = area("window")
        line = row(head, gap=8, margins=(12, 8, 12, 8))
        states = ((OPEN, self.tr("Open")), (SETTLED, self.tr("Settled")), (ALL, self.tr("All")))
        self.state = Segmented(states, "remark-list", self.tr("State"))
        self.state.chosen.connect(lambda _state: self.filtered.emit(self.filter))
        line.addWidget(label(self.tr("Remarks"), "section"))
        line.addWidget(self.state)
        self.group, self.person = QComboBox(), QComboBox()
        for box, name, title in (
            (self.group, "group", self.tr("Group")),
            (self.person, "person", self.tr("Concerns")),
        ):
            box.setObjectName(f"remark-list.{name}")
            box.setAccessibleName(title)
            box.setMinimumWidth(120)
            box.currentIndexChanged.connect(lambda _index: self.filtered.emit(self.filter))
            line.addWidget(box)
        self.person.setToolTip(self.tr("Who wrote in the thread or did a pass of its pair"))
        line.addStretch(1)
        self._count = label("", "second", name="remark-list.count")
        line.addWidget(self._count)
        return head
