"""What annotators remarked on the query that a researcher draws: as pins on its image and in a list, to answer, settle.

A remark belongs to a pair, so new ones are pinned where a pair is open.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.domain.remarks import Remark
from annotator.project.project import Project
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.pages.remark_threads import RemarkThreads
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.presenting.remarks import around, pins
from annotator.ui.views import RemarkRow
from qa.blind import sealed


class QueryThreads(RemarkThreads):
    """The threads on one query image, from all pairs of its group but those that the person may still draw blind."""

    def __init__(self, panel: RemarksPanel, project: Project, person: str, parent: QObject) -> None:
        super().__init__(panel, project, person, parent)
        self._query: tuple[int, int] | None = None
        self._remarks: dict[int, Remark] = {}

    @property
    def query(self) -> int | None:
        """The number of the query whose threads are shown."""
        return self._query[1] if self._query is not None else None

    def open_query(self, group: int, number: int | None) -> None:
        """Show the threads on another query of a group; None shows none."""
        self._query = (group, number) if number is not None else None
        self._read()

    def _stored(self) -> tuple[Remark, ...]:
        if self._query is None:
            return ()
        group, number = self._query
        kept_back = sealed(self._project, self._person, group)
        found = self._project.store.all_remarks(group)
        shown = tuple(one for one in found if one.place.query == number and one.pair not in kept_back)
        self._remarks = {one.id: one for one in shown}
        return shown

    def _where(self, row: RemarkRow) -> str:
        return self._remarks[row.id].pair.image if row.id is not None else ""

    def _answer(self, remark: int, text: str) -> None:
        first = self._remarks[remark]
        self._write(first.pair, first.place, text, remark)


class QueryRemarks(QObject):
    """Shows the threads of the open query; a click on one goes to its place, a click on a pin unfolds it."""

    def __init__(self, canvas: CanvasWidget, panel: RemarksPanel, project: Project, person: str) -> None:
        super().__init__(panel)
        self._canvas, self._panel = canvas, panel
        self.threads = QueryThreads(panel, project, person, self)
        self.threads.shown.connect(self._show_pins)
        panel.chosen.connect(self._go)
        panel.hovered.connect(self._mark)
        canvas.remark_clicked.connect(self._unfold)

    def _unfold(self, remark: int) -> None:
        self._panel.unfold(remark)
        self._show_pins()

    def _mark(self, remark: int | None) -> None:
        self._panel.mark(self._panel.unfolded if remark is None else remark)
        self._show_pins(remark)

    def _show_pins(self, marked: int | None = None) -> None:
        marked = self._panel.unfolded if marked is None else marked
        self._canvas.layers.remarks = pins(self.threads.rows, self.threads.query, marked)

    def _go(self, row: RemarkRow) -> None:
        self._show_pins()
        box = around(row.place)
        if box is not None:
            self._canvas.show_box(box)
