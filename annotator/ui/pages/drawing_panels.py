"""What the polygon list and the findings do with a drawing: shared by the pairs and the queries page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.domain.errors import GeometryError
from annotator.domain.rules import Rules
from annotator.domain.shapes import OccluderKind, Role
from annotator.editing.edits.attributes import SetKind, SetLocked, SetRole
from annotator.editing.edits.protocol import Edit
from annotator.editing.edits.shapes import RemoveShape
from annotator.editing.session import Change, EditingSession
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.findings import FindingsPanel
from annotator.ui.panels.polygons import PolygonsPanel
from annotator.ui.presenting.findings import finding_rows
from annotator.ui.presenting.polygons import Measures, mask_line, polygon_rows
from annotator.ui.tools.base import Selection
from annotator.ui.views import FindingRow
from annotator.ui.wording import tr
from annotator.ui.workers import Workers

LIST_MS = 80
FINDINGS_MS = 400
AROUND = 40.0
"""Pixels shown around the place of a finding."""


class DrawingPanels(QObject):
    """Keeps list and findings in step with the session, and does what is clicked in them."""

    edited = Signal()

    def __init__(
        self, bench: Workbench, polygons: PolygonsPanel, found: FindingsPanel, workers: Workers, rules: Rules
    ) -> None:
        super().__init__()
        self._bench, self._polygons, self._found = bench, polygons, found
        self._workers, self._rules = workers, rules
        bench.canvas.desk.runner = workers.submit
        self._session: EditingSession | None = None
        self._measures: Measures | None = None
        self._hidden: frozenset[str] = frozenset()
        self._list_timer = self._timer(LIST_MS, self._show_list)
        self._findings_timer = self._timer(FINDINGS_MS, self._look)
        polygons.picked.connect(self._pick)
        polygons.kind_chosen.connect(self._kind)
        polygons.eye_pressed.connect(self._eye)
        polygons.lock_pressed.connect(self._lock)
        polygons.removed.connect(lambda shape_id: self._do(RemoveShape(shape_id)))
        found.chosen.connect(self._go)
        bench.canvas.edited.connect(self._changed)
        bench.canvas.selection_changed.connect(self._selected)

    def open(self, session: EditingSession | None, empty: str) -> None:
        """Show another session; `empty` is said where there is none or nothing is drawn."""
        self._session, self._empty = session, empty
        self._hidden = frozenset()
        self._list_timer.stop()
        self._findings_timer.stop()
        self._workers.cancel("findings")
        self._measures = Measures(session, self._rules) if session is not None else None
        self._show_list()
        self._found.set_rows((), tr("None.") if session is None else "")
        if session is not None:
            self._look()

    def _timer(self, wait: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(then)
        return timer

    def _changed(self, change: Change) -> None:
        if self._session is None:
            return
        if not self._list_timer.isActive():
            self._list_timer.start()
        if not change.live:
            self._findings_timer.start()
            self.edited.emit()

    def _show_list(self) -> None:
        session, measures = self._session, self._measures
        if session is None or measures is None:
            self._polygons.set_rows((), None, self._empty)
            return
        rows = polygon_rows(session.annotation, measures, self._hidden)
        self._polygons.set_rows(rows, mask_line(session, measures), self._empty)
        self._polygons.set_selected(frozenset(self._bench.canvas.selection.shapes))

    def _look(self) -> None:
        session = self._session
        if session is None:
            return
        annotation, rules = session.annotation, self._rules
        self._workers.submit("findings", lambda _token: finding_rows(annotation, rules), self._found.set_rows)

    def _selected(self, selection: Selection) -> None:
        self._polygons.set_selected(frozenset(selection.shapes))

    def _pick(self, shape_id: str, more: bool) -> None:
        chosen = self._bench.canvas.selection.shapes
        if not more:
            shapes: tuple[str, ...] = (shape_id,)
        elif shape_id in chosen:
            shapes = tuple(other for other in chosen if other != shape_id)
        else:
            shapes = (*chosen, shape_id)
        self._bench.canvas.select(shapes)

    def _kind(self, shape_id: str, chosen: OccluderKind | Role) -> None:
        if isinstance(chosen, Role):
            shape = self._session.annotation.shape(shape_id) if self._session is not None else None
            edit: Edit = SetRole(shape_id, chosen, shape.kind if shape is not None else None)
        else:
            edit = SetKind(shape_id, chosen)
        if not self._do(edit):
            self._show_list()  # the box shows what was chosen and refused

    def _eye(self, shape_id: str) -> None:
        self._hidden = self._hidden ^ {shape_id}
        self._bench.canvas.layers.hidden = self._hidden
        self._show_list()

    def _lock(self, shape_id: str) -> None:
        if self._session is not None:
            self._do(SetLocked(shape_id, not self._session.annotation.shape(shape_id).locked))

    def _do(self, edit: Edit) -> bool:
        if self._session is None or self._bench.canvas.desk.read_only:
            return False
        try:
            self._session.apply(edit)
        except GeometryError as error:
            self._bench.problem.emit(str(error))
            return False
        return True

    def _go(self, row: FindingRow) -> None:
        if row.shape_id is not None:
            self._bench.canvas.select((row.shape_id,))
        if row.place is not None:
            x, y = row.place.x, row.place.y
            self._bench.canvas.show_box((x - AROUND, y - AROUND, x + AROUND, y + AROUND))
