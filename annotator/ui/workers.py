"""The only threads of the program: Qt-free jobs run beside the window, results come back to it in its own thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot

from annotator.domain.errors import AnnotatorError

log = logging.getLogger(__name__)

Job = Callable[["CancelToken"], Any]
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


def run_here(_channel: str, job: Job, done: Done, failed: Failed) -> None:
    """Run a job at once and in this thread, where there is no window with workers."""
    try:
        result = job(CancelToken())
    except Exception as error:  # as in a worker, every failure goes to the caller
        failed(error)
        return
    done(result)


class CancelToken:
    """Tells a job that nobody waits for its result any more; long jobs look at it between steps."""

    __slots__ = ("_acts", "_cancelled")

    def __init__(self) -> None:
        self._cancelled = False
        self._acts: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """True once the result is not wanted."""
        return self._cancelled

    def cancel(self) -> None:
        """The result is not wanted any more."""
        self._cancelled = True
        for act in tuple(self._acts):
            act()

    def when_cancelled(self, act: Callable[[], None]) -> None:
        """Call `act` once the result is not wanted, at once where it is not already: for jobs that cannot look.

        It runs in the thread that cancels and may run twice.
        """
        self._acts.append(act)
        if self._cancelled:
            act()


@dataclass(slots=True)
class _Ticket:
    channel: str
    job: Job
    done: Done
    failed: Failed | None
    token: CancelToken
    result: Any = None
    error: Exception | None = None

    def run(self) -> None:
        """Do the job, unless nobody waits for it any more."""
        if self.token.cancelled:
            return
        try:
            self.result = self.job(self.token)
        except Exception as error:  # every failure travels to the window, which decides
            self.error = error


class Workers(QObject):
    """Runs jobs in two lanes: `submit` on all cores, `in_order` one after the other (saves).

    A newer job of the same channel makes the older one stale: it is cancelled and its result is dropped.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None, threads: int = 0) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        if threads:
            self._pool.setMaxThreadCount(threads)
        self._single = QThreadPool(self)
        self._single.setMaxThreadCount(1)
        self._newest: dict[str, _Ticket] = {}
        self._waiting: set[int] = set()
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> int:
        """How many jobs wait or run."""
        return len(self._waiting)

    def submit(
        self, channel: str, job: Job, done: Done, failed: Failed | None = None, priority: int = 0
    ) -> CancelToken:
        """Run `job(token)` in a thread, then `done(result)` or `failed(error)` in the window's thread."""
        return self._start(self._pool, channel, job, done, failed, priority)

    def in_order(self, channel: str, job: Job, done: Done, failed: Failed | None = None) -> CancelToken:
        """Like `submit`, but jobs run one after the other in the order given; none is dropped before it ran."""
        return self._start(self._single, channel, job, done, failed, 0, supersede=False)

    def cancel(self, prefix: str) -> None:
        """Drop everything of channels that begin with `prefix`."""
        for channel in [name for name in self._newest if name.startswith(prefix)]:
            self._newest.pop(channel).token.cancel()

    def finish_saves(self) -> None:
        """Wait until every `in_order` job has run and been delivered."""
        self._single.waitForDone()

    def close(self) -> None:
        """Cancel what is not yet running, wait for the rest, stop all threads; later jobs are not taken."""
        self._closed = True
        self.cancel("")
        self._single.waitForDone()
        self._pool.waitForDone()
        self._finished.disconnect(self._deliver)
        self._waiting.clear()

    def _start(
        self,
        pool: QThreadPool,
        channel: str,
        job: Job,
        done: Done,
        failed: Failed | None,
        priority: int,
        supersede: bool = True,
    ) -> CancelToken:
        ticket = _Ticket(channel, job, done, failed, CancelToken())
        if self._closed:
            ticket.token.cancel()
            return ticket.token
        older = self._newest.get(channel)
        if older is not None and supersede:
            older.token.cancel()
        self._newest[channel] = ticket
        self._waiting.add(id(ticket))

        def run() -> None:
            ticket.run()
            self._finished.emit(ticket)

        pool.start(run, priority)  # no QRunnable: the pool would keep it, and with it every result, for ever
        return ticket.token

    @Slot(object)
    def _deliver(self, ticket: _Ticket) -> None:
        self._waiting.discard(id(ticket))
        if self._newest.get(ticket.channel) is ticket:
            del self._newest[ticket.channel]
        if ticket.token.cancelled:
            return
        if ticket.error is None:
            ticket.done(ticket.result)
        elif ticket.failed is not None:
            ticket.failed(ticket.error)
        elif isinstance(ticket.error, AnnotatorError):
            log.info("%s", ticket.error)
        else:
            log.error("A job in the background failed.", exc_info=ticket.error)
