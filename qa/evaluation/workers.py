"""All cores for batch scoring: processes that start when there is enough to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from annotator.processes.pool import WorkerPool, usable_cores

T = TypeVar("T")
R = TypeVar("R")

FEW = 3
"""So few chunks are done before other processes would have started."""


class Workers(WorkerPool):
    """A pool of `number` processes (default: every core) that leaves a few chunks to this process."""

    def __init__(self, number: int | None = None) -> None:
        self.number = number or usable_cores()
        super().__init__(self.number, forked=True)

    def each(self, run: Callable[[T], R], work: Sequence[T]) -> Iterator[R]:
        """`run` of every chunk, in order; raises WorkerLostError when a process was killed."""
        if self.number == 1 or len(work) <= FEW:
            return map(run, work)
        return super().each(run, work)
