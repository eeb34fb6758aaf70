"""A pool of processes that do pieces of work and end with the program that started them, however that ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import cv2

from annotator.domain.errors import EnvironmentFault
from annotator.processes.interrupts import end_workers, interrupts_held
from annotator.processes.single_thread import single_threaded_children

Work = TypeVar("Work")
Result = TypeVar("Result")

TASKS = Path("/proc/self/task")
"""Where Linux lists the threads of this process."""

LOOK_SECONDS = 2.0
"""How often a process looks whether its parent is still there."""


class WorkerLostError(EnvironmentFault):
    """A process ended in the middle of its work, by itself or by a kill."""


class WorkerPool:
    """A context of `processes` processes of one thread each; work that was not begun is dropped when it ends.

    They are spawned, since the window has threads; with `forked` they are forked where that is safe, which is instant.
    Functions must be importable, work and results picklable.
    """

    def __init__(self, processes: int, forked: bool = False) -> None:
        self._pool = ProcessPoolExecutor(processes, mp_context=_context(forked), initializer=begin_worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        interrupted = kind is not None and issubclass(kind, KeyboardInterrupt)
        self._pool.shutdown(wait=not interrupted, cancel_futures=True)
        if interrupted:  # after it was told: its thread fails over dropped work when it finds the processes gone first
            end_workers()

    def each(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[Result]:
        """`run` of every piece in order; raises what `run` does, WorkerLostError when a process ended over its work."""
        futures = self._submitted(run, work)
        try:
            for future in futures:
                yield _result(future)
        finally:
            for future in futures:
                future.cancel()

    def as_ready(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """As `each`, but every result comes with the number of its piece as soon as it is there."""
        waiting = {future: number for number, future in enumerate(self._submitted(run, work))}
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), _result(future)
        finally:
            for future in waiting:
                future.cancel()

    def _submitted(self, run: Callable[[Work], Result], work: Sequence[Work]) -> list[Future[Result]]:
        """Hand the work out, which starts the processes: they begin as this one is at that moment."""
        with single_threaded_children(), interrupts_held():
            return [self._pool.submit(run, one) for one in work]


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def begin_worker() -> None:
    """Settle a process that was started for work: one thread, deaf to interrupts, and an eye on the parent.

    A process that waits for work does not notice that its parent was killed; where there is a timer, it looks.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    parent = multiprocessing.parent_process()
    if parent is not None and hasattr(signal, "setitimer"):
        started_by = parent.pid
        signal.signal(signal.SIGALRM, lambda *_: _leave_without(started_by))
        signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)


def _result(future: Future[Result]) -> Result:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise WorkerLostError(
            "A process that did part of the work was killed, likely for want of memory; close other programs and start "
            "again."
        ) from error


def _context(forked: bool) -> BaseContext:
    """Forking is safe where this process has one thread, those of libraries counted; Python 3.12 warns all the same.

    A fork has none of the others, and waits for ever where it needs one, such as OpenCV for those that it had.
    """
    safe = sys.version_info < (3, 12) and TASKS.is_dir() and len(list(TASKS.iterdir())) == 1
    return multiprocessing.get_context("fork" if forked and safe else "spawn")


def _leave_without(parent: int | None) -> None:
    """End this process when its parent is no longer the one that started it."""
    if os.getppid() != parent:
        os._exit(1)
