"""Progress per group and pass, per person, and the pairs that wait for a researcher."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from annotator.ui import wording
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.panels.progress_table import ProgressModel, ProgressTable, part_colour
from annotator.ui.presenting.dashboard import PARTS, GroupProgress, PersonProgress, Progress, progress
from annotator.ui.widgets.lines import across, area, column, emptied, row, upright
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label
from annotator.ui.wording import tr

LEGEND = (("done", "done"), ("pass2", "pass 2"), ("pass1", "pass 1"), ("open", "open"), ("waiting", "waiting"))


class Square(QWidget):
    """A colour of the progress bars."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        QPainter(self).fillRect(self.rect(), part_colour(self._part))


class DashboardPage(Page):
    """Every number opens the pairs behind it: `group_wanted`, `pair_wanted`."""

    group_wanted = Signal(int)
    pair_wanted = Signal(object)

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("dashboard")
        self.setProperty("area", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = ProgressModel()
        self.table = ProgressTable(self._model)
        self.table.activated.connect(self._open)
        whole = row(self, gap=0)
        left = column()
        left.addWidget(self._make_figures())
        left.addWidget(across())
        left.addWidget(self._make_head())
        left.addWidget(self.table, 1)
        whole.addLayout(left, 1)
        whole.addWidget(upright())
        whole.addWidget(self._make_side())

    def enter(self) -> None:
        top = self.around.top
        project = self.around.project
        facts = tr("{pairs} pairs, {queries} queries").format(
            pairs=wording.thousands(sum(len(group.positives) for group in project.groups)),
            queries=len(project.truth.queries),
        )
        top.group.set_words(project.name, facts)
        self.around.status.set_hint(tr("Enter opens a group."))
        self.around.workers.submit("dashboard", lambda _token: progress(project), self._arrived, self._failed)
        self.table.setFocus()

    def show_group(self, number: int) -> None:
        self.group_wanted.emit(number)

    def _arrived(self, found: Progress) -> None:
        self._figures(found)
        current = self.table.currentIndex().row()
        self._model.set_rows(found.groups)
        self.table.selectRow(max(0, current))
        self._count.setText(str(len(found.groups)))
        self._show_people(found.people)
        self._show_stopped(found)
        self.around.status.set_place(tr("As of {time}").format(time=wording.short_day(datetime.now().astimezone())))

    def _failed(self, error: Exception) -> None:
        self.say(str(error))

    def _open(self, index: QModelIndex) -> None:
        group: GroupProgress = self._model.rows[index.row()]
        self.group_wanted.emit(group.number)

    def _figures(self, found: Progress) -> None:
        counts = dict(zip(PARTS, found.parts, strict=True))
        times = [seconds for seconds in found.seconds if seconds is not None]
        shown = {
            "done": (
                wording.thousands(counts["done"]),
                tr("of {pairs}").format(pairs=wording.thousands(found.pairs)),
                tr("{two} after pass 2, {one} after pass 1").format(two=counts["pass2"], one=counts["pass1"]),
            ),
            "stopped": (
                str(len(found.stopped)),
                tr("to settle"),
                tr("{count} settled").format(count=found.settled),
            ),
            "time": (
                wording.duration(sum(times)) if times else "–",
                "",
                ", ".join(wording.clock(seconds) if seconds is not None else "–" for seconds in found.seconds),
            ),
            "waiting": (
                wording.thousands(counts["waiting"]),
                "",
                tr("images that are not here, groups that are not open"),
            ),
        }
        for name, (figure, beside, below) in self._labels.items():
            figure.setText(shown[name][0])
            beside.setText(shown[name][1])
            below.setText(shown[name][2])

    def _show_people(self, people: tuple[PersonProgress, ...]) -> None:
        while self._people.count():
            item = self._people.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        heads = (tr("Person"), tr("Pass 1"), tr("Pass 2"), tr("Pass 3"), tr("Returned"), tr("Pass 1 time"))
        self._row(0, heads, "hint")
        for number, person in enumerate(people, 1):
            seconds = wording.clock(person.seconds) if person.seconds is not None else "–"
            self._row(number, (person.name, *map(str, person.passes), str(person.returned), seconds), "value")
        if not people:
            self._people.addWidget(label(tr("Nobody handed over a pass yet."), "second"), 1, 0, 1, 6)

    def _row(self, number: int, texts: tuple[str, ...], kind: str) -> None:
        for position, text in enumerate(texts):
            made = label(text, kind)
            side = Qt.AlignmentFlag.AlignLeft if position == 0 else Qt.AlignmentFlag.AlignRight
            made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            made.setMinimumHeight(24)
            self._people.addWidget(made, number, position)

    def _show_stopped(self, found: Progress) -> None:
        emptied(self._stopped.body)
        count = len(found.stopped)
        self._stopped.set_detail(str(count) if count else tr("none"), "" if count else "done")
        for number, pair in enumerate(found.stopped[:40]):
            line = ChoiceRow(f"dashboard.stopped.{number}", str(pair.key), 28)
            line.line.addWidget(ElidedLabel(pair.key.image), 1)
            line.line.addWidget(label(str(pair.key).split(":")[0], "second", "quiet"))
            line.line.addWidget(label(pair.state, "second", "dispute"))
            line.chosen.connect(lambda key=pair.key: self.pair_wanted.emit(key))
            self._stopped.body.addWidget(line)

    def _make_figures(self) -> QWidget:
        box = QWidget()
        line = row(box, gap=0, margins=(16, 12, 16, 12))
        self._labels = {}
        titles = (
            ("done", tr("Pairs done")),
            ("stopped", tr("Disputes")),
            ("time", tr("Time for three passes")),
            ("waiting", tr("Waiting")),
        )
        for position, (name, title) in enumerate(titles):
            if position:
                line.addWidget(upright())
                line.addSpacing(16)
            stack = column(gap=2)
            figure = label("", "bigfigure", name=f"dashboard.{name}")
            beside, below = label("", "project", "quiet"), ElidedLabel("", "second", "quiet")
            figures = row(gap=6)
            figures.addWidget(figure)
            figures.addWidget(beside)
            figures.addStretch()
            stack.addWidget(label(title, "second"))
            stack.addLayout(figures)
            stack.addWidget(below)
            line.addLayout(stack, 1)
            self._labels[name] = (figure, beside, below)
        return box

    def _make_head(self) -> QWidget:
        box = QWidget()
        box.setFixedHeight(40)
        line = row(box, gap=8, margins=(16, 0, 16, 0))
        line.addWidget(label(tr("Query groups"), "section"))
        self._count = label("", "second")
        line.addWidget(self._count)
        line.addStretch()
        for part, text in LEGEND:
            line.addWidget(Square(part))
            line.addWidget(label(tr(text), "second"))
            line.addSpacing(8)
        return box

    def _make_side(self) -> QWidget:
        side = area("panel")
        side.setFixedWidth(368)
        inside = column(side)
        people = Section(tr("Annotators"), "dashboard.people")
        self._people = QGridLayout()
        self._people.setContentsMargins(12, 0, 12, 4)
        self._people.setHorizontalSpacing(12)
        self._people.setVerticalSpacing(0)
        people.body.addLayout(self._people)
        inside.addWidget(people)
        self._stopped = Section(tr("Disputes"), "dashboard.stopped", line=False)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = area("panel")
        stack = column(inner)
        stack.addWidget(self._stopped)
        stack.addStretch(1)
        scroll.setWidget(inner)
        inside.addWidget(scroll, 1)
        return side
