"""All cores for batch scoring: a pool of processes that starts when there is enough to do."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import TypeVar

from annotator.domain.errors import EnvironmentFault

T = TypeVar("T")
R = TypeVar("R")

FEW = 3
"""So few chunks are done before other processes would have started."""


class Workers:
    """A context in which chunks of work are done on `number` processes (default: every core)."""

    def __init__(self, number: int | None = None) -> None:
        self.number = number or usable_cores()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def each(self, function: Callable[[T], R], chunks: Sequence[T]) -> Iterator[R]:
        """`function` of every chunk, in order; raises EnvironmentFault when a process was killed."""
        if self.number == 1 or len(chunks) <= FEW:
            yield from map(function, chunks)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.number, mp_context=_context())
        futures: list[Future[R]] = [self._pool.submit(function, chunk) for chunk in chunks]
        try:
            for future in futures:
                yield future.result()
        except BrokenProcessPool as error:
            raise EnvironmentFault("a scoring process was killed, likely for want of memory.") from error
        finally:
            for future in futures:
                future.cancel()


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> BaseContext:
    """Forking is instant, and safe where this process has one thread; Python 3.12 and later warn of it all the same."""
    quick = sys.platform == "linux" and sys.version_info < (3, 12) and threading.active_count() == 1
    return multiprocessing.get_context("fork" if quick else "spawn")
