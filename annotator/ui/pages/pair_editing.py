"""The open pair on the canvas and in the right column: polygons, findings, remarks, what blinking shows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.domain.errors import AnnotatorError, Place
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.ui.canvas.layers import RemarkPin
from annotator.ui.pages.drawing_panels import DrawingPanels
from annotator.ui.pages.page import Surroundings
from annotator.ui.pages.pair_column import PairColumn
from annotator.ui.pages.workbench import Workbench
from annotator.ui.presenting.copy_sources import copy_sources
from annotator.ui.presenting.open_pair import OpenPair
from annotator.ui.presenting.passes import remark_rows
from annotator.ui.views import RemarkRow
from annotator.ui.wording import tr

AROUND = 60.0
RETURNED = (PairState.RETURNED_1, PairState.RETURNED_2)


class PairEditing(QObject):
    """`edited` tells every finished edit."""

    edited = Signal()

    def __init__(self, bench: Workbench, column: PairColumn, around: Surroundings) -> None:
        super().__init__()
        self._bench, self._column, self._around = bench, column, around
        self._opened: OpenPair | None = None
        self._premask: Annotation | None = None
        self.panels = DrawingPanels(bench, column.polygons, column.findings, around.workers, around.project.rules)
        self.panels.edited.connect(self.edited)
        column.remarks.chosen.connect(self._go_remark)
        column.remarks.answered.connect(self._answer)
        column.remarks.settled.connect(self._settle)
        column.passes.chosen.connect(self._look_at_pass)
        bench.canvas.remark_clicked.connect(self._open_remark)
        bench.bar.comparison_chosen.connect(lambda _name: self._blink())

    def open(self, opened: OpenPair | None) -> None:
        """Show another pair."""
        self._opened = opened
        if opened is not None:
            key = opened.key
            self._bench.canvas.desk.sources = lambda: copy_sources(opened.project, key.group, key.image)
        empty = (
            tr("Open a pair to draw.") if opened is None else tr("Outline the query object: P, then click around it.")
        )
        self.panels.open(opened.session if opened is not None else None, empty)
        self._show_remarks()
        if opened is not None and opened.record.state in RETURNED:
            self._column.remarks.unfold_first()
        self._blink()

    def set_premask(self, premask: Annotation | None) -> None:
        """What blinking against the pre-mask shows."""
        self._premask = premask
        self._blink()

    def add_remark(self, place: Place, text: str) -> None:
        """Pin a remark to the open pair."""
        self._store_remark(place, text, None)

    def _store_remark(self, place: Place, text: str, parent: int | None) -> None:
        opened = self._opened
        if opened is None:
            return
        try:
            opened.project.store.add_remark(opened.key, place, opened.person, text, parent)
        except AnnotatorError as error:
            self._bench.problem.emit(str(error))
        self._show_remarks()

    def _show_remarks(self) -> None:
        opened = self._opened
        rows: tuple[RemarkRow, ...] = ()
        if opened is not None:
            try:
                rows = remark_rows(opened.project.store.remarks(opened.key))
            except AnnotatorError as error:
                self._bench.problem.emit(str(error))
        self._rows = rows
        self._column.remarks.set_rows(rows)
        self._bench.canvas.layers.remarks = tuple(
            RemarkPin(row.id, (row.place.x, row.place.y), not row.settled) for row in rows if row.id is not None
        )

    def _go_remark(self, row: RemarkRow) -> None:
        x, y = row.place.x, row.place.y
        self._bench.canvas.show_box((x - AROUND, y - AROUND, x + AROUND, y + AROUND))

    def _open_remark(self, remark: int) -> None:
        for position, row in enumerate(self._rows):
            if row.id == remark:
                self._column.remarks.open_thread(position)

    def _answer(self, remark: int, text: str) -> None:
        for row in self._rows:
            if row.id == remark:
                self._store_remark(row.place, text, remark)

    def _settle(self, remark: int) -> None:
        if self._opened is None:
            return
        try:
            self._opened.project.store.settle_remark(remark, self._opened.person)
        except AnnotatorError as error:
            self._bench.problem.emit(str(error))
        self._show_remarks()

    def _blink(self) -> None:
        """What Z shows: the image alone, the pre-mask, or the result of the pass before."""
        opened, bar = self._opened, self._bench.bar
        before = opened.previous[-1].pass_.annotation if opened is not None and opened.previous else None
        known = {"before": before, "premask": self._premask}
        for name, annotation in known.items():
            bar.comparison.set_possible(name, annotation is not None)
            if bar.comparison.value == name and annotation is None:
                bar.comparison.choose("nothing")
        inspecting = opened is not None and opened.base is not None
        shown = opened.base if opened is not None and inspecting else known.get(bar.comparison.value)
        self._bench.canvas.layers.blink = shown

    def _look_at_pass(self, position: int) -> None:
        """Blink against the pass that was clicked."""
        opened = self._opened
        if opened is not None and position < len(opened.previous):
            record = opened.previous[position].pass_
            self._bench.canvas.layers.blink = record.annotation
            said = tr("Hold the blink key to see pass {number} of {person}.")
            self._around.status.set_hint(said.format(number=record.pass_number, person=record.person))
