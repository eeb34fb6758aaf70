"""Where the project stands: figures, progress and agreement per group, people, plots, disputes, report and release."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from annotator.domain.passes import PersonRole
from annotator.ui import theme, wording
from annotator.ui.dialogs.release import ReleaseDialog
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.panels.dashboard_side import LEAST, MOST, DashboardSide
from annotator.ui.panels.pair_list import PairList
from annotator.ui.panels.progress_table import HEADS, ProgressModel, ProgressTable, part_colour
from annotator.ui.presenting.dashboard import figures
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, column, row, upright
from annotator.ui.widgets.text import label
from annotator.ui.wording import tr
from annotator.ui.workers import CancelToken
from qa.dashboard import Dashboard, dashboard
from qa.pair_lists import Behind, ListedPair, Which, pairs_behind
from qa.report.write import write_report

LEGEND = (("done", "done"), ("pass2", "pass 2"), ("pass1", "pass 1"), ("open", "open"), ("waiting", "waiting"))
AT_ONCE = 200
"""New pairs whose agreement is measured before the numbers are shown again."""

ROOMY = 1440
"""Width of the window from which the right column has all its room."""

FIGURES = (
    ("done", "Pairs done"),
    ("agreement", "Agreement, mean IoU"),
    ("stopped", "Disputes"),
    ("time", "Time for three passes"),
    ("forecast", "Forecast"),
)

BEHIND = {
    "done": Behind.DONE,
    "agreement": Behind.BELOW,
    "stopped": Behind.STOPPED,
    "time": Behind.TIME,
    "forecast": Behind.TO_DO,
}
"""The pairs behind each figure."""

CELLS = {
    "Pairs": Behind.TO_DO,
    "Progress": Behind.DONE,
    "Agreement": Behind.BELOW,
    "IoU": Behind.BELOW,
    "95 %": Behind.BELOW,
    "Disputes": Behind.STOPPED,
    "Minutes": Behind.TIME,
    "Forecast": Behind.TO_DO,
}
"""The pairs of a group behind each cell of the table."""


class Square(QWidget):
    """A colour of the progress bars."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        QPainter(self).fillRect(self.rect(), part_colour(self._part))


class FigureBox(QWidget):
    """A figure that can be pressed; `pressed` carries its name."""

    pressed = Signal(str)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._name = name
        self.setObjectName(f"dashboard.{name}.box")
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._name)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._name)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(theme.current().colour("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class DashboardPage(Page):
    """Every number shows the pairs behind it in place of the groups; a click on one of them opens it."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("dashboard")
        self.setProperty("area", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board: Dashboard | None = None
        self._which: Which | None = None
        self._model = ProgressModel()
        self.table = ProgressTable(self._model)
        self.table.activated.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self.pairs = PairList()
        self.pairs.chosen.connect(self.pair_wanted)
        self.pairs.closed.connect(self.show_groups)
        self.report = KeyButton(tr("Save report"), "dashboard.report", drawing="file")
        self.release = KeyButton(tr("Make release…"), "dashboard.release")
        self.report.clicked.connect(self.save_report)
        self.release.clicked.connect(self.make_release)
        for button in (self.report, self.release):
            button.hide()
            around.top.extra.addWidget(button)
        whole = row(self, gap=0)
        left = column()
        left.addWidget(self._make_figures())
        left.addWidget(across())
        self._middle = QStackedWidget()
        groups = QWidget()
        stack = column(groups)
        stack.addWidget(self._make_head())
        stack.addWidget(self.table, 1)
        self._middle.addWidget(groups)
        self._middle.addWidget(self.pairs)
        left.addWidget(self._middle, 1)
        whole.addLayout(left, 1)
        whole.addWidget(upright())
        self.side = DashboardSide(around.images.small)
        self.side.pair_wanted.connect(self.pair_wanted)
        self.side.list_wanted.connect(self.show_pairs)
        whole.addWidget(self.side)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self.side.setFixedWidth(MOST if self.width() >= ROOMY else LEAST)

    def enter(self) -> None:
        top, project = self.around.top, self.around.project
        facts = tr("{pairs} pairs, {queries} queries").format(
            pairs=wording.thousands(sum(len(group.positives) for group in project.groups)),
            queries=len(project.truth.queries),
        )
        top.group.set_words(project.name, facts)
        self.report.show()
        self.release.setVisible(self.around.person.role is PersonRole.RESEARCHER)
        self.around.status.set_hint(tr("Enter opens a group. Every number opens the pairs behind it."))
        self._look(0)
        if self._which is not None:
            self.show_pairs(self._which)
        else:
            self.table.setFocus()

    def leave(self) -> bool:
        for channel in ("dashboard", "pairs-behind"):
            self.around.workers.cancel(channel)
        self.report.hide()
        self.release.hide()
        return True

    def show_group(self, number: int) -> None:
        self.group_wanted.emit(number)

    def show_pairs(self, which: Which) -> None:
        """The pairs behind a figure, in place of the groups."""
        self._which = which
        project = self.around.project

        def arrived(rows: tuple[ListedPair, ...]) -> None:
            self.pairs.show_rows(which, rows, project.rules.agreement)
            self._middle.setCurrentWidget(self.pairs)
            self.pairs.table.setFocus() if rows else self.pairs.back.setFocus()
            self.around.status.set_hint(tr("A click or Enter opens the pair. Esc shows the groups again."))

        self.around.workers.submit(
            "pairs-behind", lambda _token: pairs_behind(project, which), arrived, lambda error: self.say(str(error))
        )

    def show_groups(self) -> None:
        """The table of groups again."""
        self._which = None
        self.around.workers.cancel("pairs-behind")
        self._middle.setCurrentIndex(0)
        self.table.setFocus()
        self.around.status.set_hint(tr("Enter opens a group. Every number opens the pairs behind it."))

    def save_report(self) -> None:
        """Write the page of `annotator report` where the person wants it."""
        project, board = self.around.project, self.board
        suggestion = str(project.folder / "report.html")
        name, _ = QFileDialog.getSaveFileName(self, tr("Save report"), suggestion, tr("Web page (*.html)"))
        if not name or board is None:
            return
        out = Path(name if name.lower().endswith((".html", ".htm")) else f"{name}.html")
        self.report.setEnabled(False)
        self.around.status.set_hint(tr("Writing the report…"))

        def job(_token: CancelToken) -> Path:
            return write_report(project, dashboard(project) if board.unmeasured else board, out)

        self.around.workers.submit("report", job, self._reported, self._report_failed)

    def make_release(self) -> None:
        """Ask where the release goes, and make it."""
        standing = self.board.standing if self.board is not None else None
        to_go = standing.pairs - standing.done if standing is not None else 0
        dialog = ReleaseDialog(self.around.project, self.around.workers, to_go, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _look(self, most: int) -> None:
        """Gather the numbers beside the window; at most so many pairs whose agreement is new are measured first."""
        project = self.around.project
        self.around.workers.submit(
            "dashboard", lambda _token: dashboard(project, most), self._arrived, lambda error: self.say(str(error))
        )

    def _arrived(self, board: Dashboard) -> None:
        self.board = board
        for name, shown in figures(board).items():
            for widget, text in zip(self._labels[name], shown, strict=True):
                widget.setText(text)
        current = self.table.currentIndex().row()
        self._model.set_rows(board.groups, board.limit)
        self.table.selectRow(max(0, current))
        self._count.setText(str(len(board.groups)))
        self.side.show_board(board)
        to_go = board.standing.pairs - board.standing.done
        self.release.set_words(tr("Make release…"), tr("{n} pairs to go").format(n=wording.thousands(to_go)))
        now = wording.short_day(datetime.now().astimezone())
        self.around.status.set_place(tr("As of {time}").format(time=now))
        if board.unmeasured:
            self._look(AT_ONCE)

    def _reported(self, path: Path) -> None:
        self.report.setEnabled(True)
        self.around.status.set_hint(tr("The report is at {path}.").format(path=path))

    def _report_failed(self, error: Exception) -> None:
        self.report.setEnabled(True)
        self.say(str(error))

    def _open(self, index: QModelIndex) -> None:
        self.group_wanted.emit(self._model.rows[index.row()].number)

    def _clicked(self, index: QModelIndex) -> None:
        row_, head = self._model.rows[index.row()], HEADS[index.column()]
        if head in CELLS:
            self.show_pairs(Which(CELLS[head], group=row_.number))

    def _figure_pressed(self, name: str) -> None:
        self.show_pairs(Which(BEHIND[name]))

    def _make_figures(self) -> QWidget:
        box = QWidget()
        line = row(box, gap=0, margins=(16, 12, 16, 12))
        self._labels = {}
        for position, (name, title) in enumerate(FIGURES):
            if position:
                line.addWidget(upright())
                line.addSpacing(16)
            box_ = FigureBox(name, tr(title))
            box_.pressed.connect(self._figure_pressed)
            stack = column(box_, gap=2)
            figure = label("", "bigfigure", name=f"dashboard.{name}")
            beside, below = label("", "project", "quiet"), label("", "second", "quiet", wrap=True)
            numbers = row(gap=6)
            numbers.addWidget(figure)
            numbers.addWidget(beside)
            numbers.addStretch()
            stack.addWidget(label(tr(title), "second"))
            stack.addLayout(numbers)
            stack.addWidget(below)
            stack.addStretch(1)
            line.addWidget(box_, 1)
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
