"""The open pair on the canvas and in the right column: polygons, findings, what blinking shows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.domain.shapes import Annotation
from annotator.ui.pages.drawing_panels import DrawingPanels
from annotator.ui.pages.page import Surroundings
from annotator.ui.pages.pair_column import PairColumn
from annotator.ui.pages.workbench import Workbench
from annotator.ui.presenting.copy_sources import copy_sources
from annotator.ui.presenting.open_pair import OpenPair
from annotator.ui.wording import tr


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
        column.passes.chosen.connect(self._look_at_pass)
        bench.bar.comparison_chosen.connect(lambda _name: self._blink())

    def open(self, opened: OpenPair | None) -> None:
        """Show another pair."""
        self._opened = opened
        if opened is not None:
            key = opened.key
            self._bench.canvas.desk.sources = lambda: copy_sources(opened.project, key.group, key.image, opened.person)
        empty = (
            tr("Open a pair to draw.") if opened is None else tr("Outline the query object: P, then click around it.")
        )
        self.panels.open(opened.session if opened is not None else None, empty)
        self._blink()

    def set_premask(self, premask: Annotation | None) -> None:
        """What blinking against the pre-mask shows."""
        self._premask = premask
        self._blink()

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
