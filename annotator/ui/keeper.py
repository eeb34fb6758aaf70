"""Keeps what is open: the journal, saved revisions, the lease, the active time. One open drawing at a time."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from annotator.domain.errors import AnnotatorError, ConflictError
from annotator.ui.presenting.open_drawing import OpenDrawing
from annotator.ui.workers import CancelToken, Workers

JOURNAL_MS = 500
RETRY_TICKS = 6
_SIGNS = frozenset({QMouseEvent, QKeyEvent, QWheelEvent})
"""What a person does with the program, by class: every event of the program is looked at, and its type is dear."""


class Keeper(QObject):
    """`state` tells saved, saving or failed; `problem` one sentence (empty when it is over); `ticked` the seconds."""

    state = Signal(str)
    problem = Signal(str)
    ticked = Signal(float, bool)
    lease_changed = Signal()

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._drawing: OpenDrawing | None = None
        self._writing = False
        self._failed_ticks = 0
        self._renewing = False
        self._insist = False
        self._timer = QTimer(self)
        self._timer.setInterval(JOURNAL_MS)
        self._timer.timeout.connect(self.tick)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tell_time)

    @property
    def drawing(self) -> OpenDrawing | None:
        """What is open."""
        return self._drawing

    def hold(self, drawing: OpenDrawing | None) -> None:
        """Take care of another drawing; the old one was left before."""
        self._drawing = drawing
        self._failed_ticks, self._insist = 0, False
        app = QApplication.instance()
        if drawing is None:
            self._timer.stop()
            self._clock.stop()
            if app is not None:
                app.removeEventFilter(self)
            self.state.emit("")
            return
        if app is not None:
            app.installEventFilter(self)
        drawing.clock.touch(time.monotonic())
        self._timer.start()
        self._clock.start()
        self.state.emit("saved")
        self._tell_time()

    def tick(self) -> None:
        """Write the journal when something changed; a failed write is tried again later."""
        drawing = self._drawing
        if drawing is None or self._writing:
            return
        if not drawing.unkept:
            return
        if self._failed_ticks and self._failed_ticks < RETRY_TICKS:
            self._failed_ticks += 1
            return
        self._write(drawing)

    def save(self) -> bool:
        """Keep the work in the project now; False when that failed, which `problem` tells."""
        drawing = self._drawing
        if drawing is None:
            return True
        try:
            drawing.session.settle()
            self._workers.finish_saves()  # none of them may write an older state after this
            drawing.save()
            drawing.leave_journal()
            drawing.mark_kept(drawing.revision)
        except AnnotatorError as error:
            self.problem.emit(str(error))
            self.state.emit("failed")
            self._failed_ticks = 1
            return False
        self._failed_ticks = 0
        self.problem.emit("")
        self.state.emit("saved")
        return True

    def leave(self) -> bool:
        """Save, give the lease back and let go; False keeps the drawing open because it could not be saved.

        What another person's work made impossible to save is given up when the person leaves a second time.
        """
        drawing = self._drawing
        if drawing is None:
            return True
        if drawing.unsaved and not self.save() and not self._insist:
            self._insist = self._conflict
            return False
        drawing.clock.pause(time.monotonic())
        try:
            drawing.give_back()
        except AnnotatorError as error:
            self.problem.emit(str(error))
        self.hold(None)
        return True

    def let_go(self) -> None:
        """The drawing was handed over: forget it and what is kept of it beside the project."""
        drawing = self._drawing
        if drawing is None:
            return
        self._workers.finish_saves()
        try:
            drawing.forget()
        except AnnotatorError as error:
            self.problem.emit(str(error))
        self.hold(None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if type(event) in _SIGNS and self._drawing is not None:
            self._drawing.clock.touch(time.monotonic())
        return False

    @property
    def _conflict(self) -> bool:
        drawing = self._drawing
        try:
            if drawing is not None:
                drawing.save()
        except ConflictError:
            return True
        except AnnotatorError:
            return False
        return False

    def _write(self, drawing: OpenDrawing) -> None:
        revision = drawing.revision
        entry = drawing.journal_entry(time.monotonic())
        journal = drawing.journal
        self._writing = True
        self.state.emit("saving")

        def job(_token: CancelToken) -> None:
            journal.write(entry)

        def done(_result: object) -> None:
            self._writing = False
            self._failed_ticks = 0
            drawing.mark_kept(revision)
            if self._drawing is drawing:
                self.problem.emit("")
                self.state.emit("saved")

        def failed(error: Exception) -> None:
            self._writing = False
            self._failed_ticks = 1
            if self._drawing is drawing:
                self.problem.emit(str(error))
                self.state.emit("failed")

        self._workers.in_order("journal", job, done, failed)

    def _tell_time(self) -> None:
        drawing = self._drawing
        if drawing is None:
            return
        now = time.monotonic()
        before = drawing.clock.seconds(now)
        self.ticked.emit(before, drawing.clock.seconds(now + 1) > before)
        self._renew(drawing, running=drawing.clock.seconds(now + 1) > before)

    def _renew(self, drawing: OpenDrawing, running: bool) -> None:
        """Extend the lease of who still works once half of it is over."""
        lease = drawing.lease
        if lease is None or not running or self._renewing:
            return
        left = lease.until.timestamp() - time.time()
        if left > 30 * drawing.project.rules.lease_minutes:
            return
        self._renewing = True

        def done(_result: object) -> None:
            self._renewing = False
            self.lease_changed.emit()

        def failed(error: Exception) -> None:
            self._renewing = False
            if self._drawing is drawing:
                self.problem.emit(str(error))

        self._workers.in_order("lease", lambda _token: drawing.renew(), done, failed)
