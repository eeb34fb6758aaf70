"""Remarks of the open pair: in the list, as pins on the index image and on the queries, written, answered, settled."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from annotator.domain.passes import PairState
from annotator.domain.remarks import RemarkPlace
from annotator.ui.canvas.pins import pin_at
from annotator.ui.dialogs.sentence import ask
from annotator.ui.pages.page import Surroundings
from annotator.ui.pages.pair_facts import remark_words
from annotator.ui.pages.remark_threads import RemarkThreads
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.presenting.open_pair import OpenPair
from annotator.ui.presenting.remarks import around, pins
from annotator.ui.views import RemarkRow

RETURNED = (PairState.RETURNED_1, PairState.RETURNED_2)
TOOL = "remark"


class PairRemarks(QObject):
    """`changed` tells that a remark was written, answered or settled."""

    changed = Signal()

    def __init__(
        self, bench: Workbench, panel: RemarksPanel, queries: QueriesPanel, surroundings: Surroundings
    ) -> None:
        super().__init__(bench)
        self._bench, self._panel, self._queries = bench, panel, queries
        self._opened: OpenPair | None = None
        self._threads = RemarkThreads(panel, surroundings.project, surroundings.person.name, self)
        self._threads.problem.connect(bench.problem)
        self._threads.shown.connect(self._shown)
        self._threads.changed.connect(self.changed)
        self._marked: int | None = None
        self._wanted: int | None = None
        panel.chosen.connect(self._chosen)
        panel.hovered.connect(self._mark)
        panel.add_wanted.connect(self.ask_for_pair)
        canvas = bench.canvas
        canvas.remark_clicked.connect(self._unfold)
        canvas.remark_requested.connect(self._ask)
        canvas.tool_changed.connect(lambda _tool: self._show_remarking())
        canvas.cursor_moved.connect(self._over_canvas)
        queries.remark_wanted.connect(self._ask)
        queries.remark_clicked.connect(self._unfold)
        queries.remark_hovered.connect(self._mark)

    def open(self, opened: OpenPair | None) -> None:
        """Show the remarks of another pair."""
        self._opened, self._marked = opened, None
        self._threads.open(opened.key if opened is not None else None)
        self._show_remarking()
        if opened is not None and opened.record.state in RETURNED:
            self._panel.unfold_first()
            self._mark(None)
        if opened is not None and self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            QTimer.singleShot(0, self, lambda: self._go_if_here(wanted))  # after the others have shown the pair

    def go_to(self, remark: int) -> None:
        """Unfold a thread and show its place: now where its pair is shown, otherwise as soon as it is."""
        self._wanted = remark
        for row in self._threads.rows:
            if row.id == remark:
                self._wanted = None
                self._unfold(remark)
                self._go(row)

    def _go_if_here(self, remark: int) -> None:
        if any(row.id == remark for row in self._threads.rows):
            self.go_to(remark)

    def ask_for_pair(self) -> None:
        """Ask for a remark on the pair as a whole."""
        if self._opened is not None:
            self._ask(RemarkPlace())

    def _ask(self, place: RemarkPlace) -> None:
        if self._opened is not None:
            text = ask(self._bench, *remark_words(place))
            if text:
                self._threads.write(place, text)

    def _shown(self) -> None:
        self._marked = self._panel.unfolded
        self._show_pins()

    def _show_pins(self) -> None:
        self._bench.canvas.layers.remarks = pins(self._threads.rows, None, self._marked)
        queries = {row.place.query for row in self._threads.rows if row.place.query is not None}
        self._queries.set_remarks({number: pins(self._threads.rows, number, self._marked) for number in queries})

    def _show_remarking(self) -> None:
        """The query pictures take remarks while the canvas does."""
        canvas = self._bench.canvas
        on = canvas.tool is not None and canvas.tool.name == TOOL and not canvas.desk.read_only
        self._queries.set_remarking(on and self._opened is not None)

    def _chosen(self, row: RemarkRow) -> None:
        self._mark(None)
        self._go(row)

    def _go(self, row: RemarkRow) -> None:
        box = around(row.place)
        if row.place.query is not None:
            self._queries.show_place(row.place.query, box)
        elif box is not None:
            self._bench.canvas.show_box(box)

    def _mark(self, remark: int | None) -> None:
        """Mark one remark in the list and on the images; None marks the thread that is unfolded, if any."""
        remark = self._panel.unfolded if remark is None else remark
        if remark != self._marked:
            self._marked = remark
            self._panel.mark(remark)
            self._show_pins()

    def _over_canvas(self, x: float, y: float) -> None:
        """The pin under the cursor is marked, in the list too."""
        canvas = self._bench.canvas
        at = QPointF(*canvas.view.to_widget((x, y)))
        self._mark(pin_at(canvas.layers.remarks, canvas.view.to_widget, at))

    def _unfold(self, remark: int) -> None:
        self._panel.unfold(remark)
        self._mark(remark)
