"""The threads of one pair: read into the list, written, answered, settled; for every page that shows the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.remarks import Remark, RemarkPlace
from annotator.project.project import Project
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.presenting.passes import remark_rows
from annotator.ui.views import RemarkRow
from qa.remarks import add_remark


class RemarkThreads(QObject):
    """`shown` tells that the rows may be others now, `changed` that this person changed something."""

    shown = Signal()
    changed = Signal()
    problem = Signal(str)

    def __init__(self, panel: RemarksPanel, project: Project, person: str, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._project, self._person = panel, project, person
        self._key: PairKey | None = None
        self.rows: tuple[RemarkRow, ...] = ()
        panel.answered.connect(self._answer)
        panel.settled.connect(lambda remark: self._do(lambda: project.store.settle_remark(remark, person)))

    @property
    def key(self) -> PairKey | None:
        """The pair whose threads are shown."""
        return self._key

    def open(self, key: PairKey | None) -> None:
        """Show the threads of another pair; None shows none."""
        self._key = key
        self._panel.set_possible(key is not None)
        self._read()

    def write(self, place: RemarkPlace, text: str, parent: int | None = None) -> None:
        """Pin a remark to the pair, or answer one; what is refused is told."""
        if self._key is not None:
            self._write(self._key, place, text, parent)

    def _write(self, key: PairKey, place: RemarkPlace, text: str, parent: int | None) -> None:
        self._do(lambda: add_remark(self._project, key, place, self._person, text, parent))

    def _answer(self, remark: int, text: str) -> None:
        for row in self.rows:
            if row.id == remark:
                self.write(row.place, text, remark)

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except AnnotatorError as error:
            self.problem.emit(str(error))
        self._read()
        self.changed.emit()

    def _read(self) -> None:
        rows: tuple[RemarkRow, ...] = ()
        try:
            rows = remark_rows(self._stored())
        except AnnotatorError as error:
            self.problem.emit(str(error))
        self.rows = tuple(replace(row, where=self._where(row)) for row in rows)
        self._panel.set_rows(self.rows)
        self.shown.emit()

    def _stored(self) -> tuple[Remark, ...]:
        return self._project.store.remarks(self._key) if self._key is not None else ()

    def _where(self, row: RemarkRow) -> str:
        """What tells the place of a thread from others in the list."""
        return row.where
