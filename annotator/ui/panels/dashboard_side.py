"""The right column of the dashboard: people, what asks for a look, the plots, disputes, checks, blind annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QWidget

from annotator.domain.dataset import PairKey, group_name
from annotator.ui import wording
from annotator.ui.panels.charts import DoneChart, WeekChart
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.panels.query_column import Thumb
from annotator.ui.presenting.dashboard import blind_lines, person_cells
from annotator.ui.presenting.pair_lists import attention, check_lines, checked_words
from annotator.ui.widgets.lines import area, column, emptied, row, scrolled
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import WHOLE, ElidedLabel, LinkLabel, NameLabel, PersonLabel, label
from annotator.ui.wording import tr
from qa.dashboard import Dashboard, DisputeRow, PersonRow
from qa.pair_lists import Behind, Which

MOST_DISPUTES = 40
LEAST, MOST = 328, 368
"""Widths of the column."""
WantPicture = Callable[[PairKey, Callable[[QPixmap], None]], None]


class DashboardSide(QWidget):
    """`pair_wanted` carries the key of a dispute, `list_wanted` which list of pairs is asked for."""

    pair_wanted = Signal(object)
    list_wanted = Signal(object)

    def __init__(self, want: WantPicture) -> None:
        super().__init__()
        self._want = want
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(LEAST)
        self.setMaximumWidth(MOST)
        people = Section(tr("Annotators"), "dashboard.people", line=False)
        self._people = QGridLayout()
        self._people.setContentsMargins(12, 0, 12, 4)
        self._people.setHorizontalSpacing(8)
        self._people.setVerticalSpacing(0)
        people.body.addLayout(self._people)
        empty = tr("Nothing is done yet: the plot begins with the first pair.")
        self.done = DoneChart("dashboard.done-chart", tr("Pairs done and forecast"), empty)
        empty = tr("No pair has two passes yet: agreement needs two.")
        self.weeks = WeekChart("dashboard.week-chart", tr("Agreement, mean IoU per week"), empty)
        self._stopped = Section(tr("Disputes"), "dashboard.stopped", line=False)
        inner = area("panel")
        stack = column(inner)
        stack.addWidget(people)
        self._attention = Section(tr("To look at"), "dashboard.attention", line=False)
        self._checks = Section(tr("Checks"), "dashboard.checks", line=False)
        stack.addWidget(self._attention)
        for chart in (self.done, self.weeks):
            section = Section(chart.accessibleName(), f"{chart.objectName()}.section", line=False)
            section.body.addWidget(chart)
            stack.addWidget(section)
        stack.addWidget(self._stopped)
        stack.addWidget(self._checks)
        self._blind_lines = column(margins=(12, 8, 12, 8))
        stack.addLayout(self._blind_lines)
        stack.addStretch(1)
        self._scroll = scrolled(inner)
        whole = column(self)
        whole.addWidget(self._scroll, 1)

    def ensure_visible(self, widget: QWidget) -> None:
        """Scroll to something in the column."""
        if self._scroll.isAncestorOf(widget):
            self._scroll.ensureWidgetVisible(widget)

    def show_board(self, board: Dashboard) -> None:
        """Show everything."""
        self._show_people(board.people)
        self.done.set_numbers(board.done, board.standing.pairs, board.forecast, board.at.date())
        self.weeks.set_numbers(board.agreement.weeks, board.limit)
        emptied(self._stopped.body)
        count = len(board.disputes)
        self._stopped.set_detail(str(count) if count else tr("none"), "" if count else "done")
        for number, dispute in enumerate(board.disputes[:MOST_DISPUTES]):
            self._stopped.body.addWidget(self._dispute(number, dispute))
        self._show_lines(self._attention, attention(board))
        self._show_lines(self._checks, check_lines(board))
        self._checks.set_detail(checked_words(board))
        emptied(self._blind_lines)
        for name, value in blind_lines(board):
            box = QWidget()
            line = row(box)
            line.addWidget(label(name, "second"))
            line.addStretch()
            line.addWidget(label(value, "value"))
            self._blind_lines.addWidget(box)

    def _show_people(self, people: tuple[PersonRow, ...]) -> None:
        while self._people.count():
            item = self._people.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        heads = (tr("Person"), tr("Pass 1"), tr("Pass 2"), tr("Pass 3"), tr("IoU"), tr("Pass 1 time"))
        self._row(0, heads, "hint")
        for number, person in enumerate(people, 1):
            self._row(number, person_cells(person), "value", Which(Behind.PERSON, person.name))
        if not people:
            self._people.addWidget(label(tr("Nobody handed over a pass yet."), "second"), 1, 0, 1, 6)

    def _row(self, number: int, texts: tuple[str, ...], kind: str, which: Which | None = None) -> None:
        for position, text in enumerate(texts):
            least = PersonLabel.LEAST if position == 0 else WHOLE
            made = label(text, kind) if which is None else LinkLabel(text, kind, position == 0, least)
            if isinstance(made, LinkLabel):
                made.pressed.connect(lambda: self.list_wanted.emit(which))
                if position == 0:
                    made.setObjectName(f"dashboard.person.{text}")
                    made.setToolTip(tr("Shows the pairs of {person}").format(person=text))
                    made.setAccessibleName(made.toolTip())
            side = Qt.AlignmentFlag.AlignLeft if position == 0 else Qt.AlignmentFlag.AlignRight
            made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            made.setMinimumHeight(28)
            self._people.addWidget(made, number, position)

    def _show_lines(self, section: Section, lines: Sequence[tuple[Which, str, int, str]]) -> None:
        emptied(section.body)
        for which, words, count, tone in lines:
            name = f"{section.objectName()}.{which.name or which.what.value}"
            line = ChoiceRow(name, f"{words}, {count}", 28)
            line.line.addWidget(ElidedLabel(words, "second"), 1)
            line.line.addWidget(label(wording.thousands(count), "value", tone if count else "quiet"))
            line.chosen.connect(lambda which=which: self.list_wanted.emit(which))
            section.body.addWidget(line)

    def _dispute(self, number: int, dispute: DisputeRow) -> ChoiceRow:
        said = dispute.state.value if dispute.lowest is None else f"{dispute.lowest:.2f}"
        line = ChoiceRow(f"dashboard.stopped.{number}", f"{dispute.key}, {said}", 44)
        thumb = Thumb()
        line.line.addWidget(thumb)
        line.line.addWidget(NameLabel(dispute.key.image), 1)
        line.line.addWidget(label(group_name(dispute.key.group), "second", "quiet"))
        line.line.addWidget(label(said, "second", "dispute"))
        line.setToolTip(dispute.reason)
        line.chosen.connect(lambda: self.pair_wanted.emit(dispute.key))
        self._want(dispute.key, thumb.set_picture)
        return line
