"""Remarks of the pair that a researcher decides on: a decision that ends a pair has to find them settled."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.domain.dataset import PairKey
from annotator.domain.remarks import RemarkPlace
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.dialogs.sentence import ask
from annotator.ui.pages.page import Page
from annotator.ui.pages.pair_facts import remark_words
from annotator.ui.pages.remark_threads import RemarkThreads
from annotator.ui.panels.dispute_view import DisputeView
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.presenting.remarks import around, pins
from annotator.ui.views import RemarkRow


class DisputeRemarks(QObject):
    """Shows the pins on the queries; a click goes to the place there, or in the pictures of the passes."""

    def __init__(
        self, page: Page, panel: RemarksPanel, view: DisputeView, queries: QueriesPanel, canvas: CanvasWidget
    ) -> None:
        super().__init__(page)
        self._page, self._panel, self._view, self._queries = page, panel, view, queries
        surroundings = page.around
        self._threads = RemarkThreads(panel, surroundings.project, surroundings.person.name, self)
        self._threads.problem.connect(page.say)
        self._threads.shown.connect(self._show_pins)
        panel.chosen.connect(self._go)
        panel.hovered.connect(lambda _remark: self._show_pins())
        panel.add_wanted.connect(lambda: self._ask(RemarkPlace()))
        canvas.remark_requested.connect(self._ask)
        queries.remark_clicked.connect(panel.unfold)

    def open(self, key: PairKey | None) -> None:
        """Show the remarks of another pair."""
        self._threads.open(key)

    def _ask(self, place: RemarkPlace) -> None:
        text = ask(self._page, *remark_words(place))
        if text:
            self._threads.write(place, text)

    def _show_pins(self) -> None:
        rows, marked = self._threads.rows, self._panel.unfolded
        queries = {row.place.query for row in rows if row.place.query is not None}
        self._queries.set_remarks({number: pins(rows, number, marked) for number in queries})

    def _go(self, row: RemarkRow) -> None:
        self._show_pins()
        box = around(row.place)
        if row.place.query is not None:
            self._queries.show_place(row.place.query, box)
        elif box is not None:
            self._view.show_box(box)
