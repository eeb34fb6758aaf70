"""Work on many items in processes, or in this one when there are few: the order of the results is the items' order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TypeVar

import cv2

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 300
"""Below so many items, starting processes takes longer than the work."""

CHUNK = 24

LOOK_SECONDS = 2.0
"""How often a process looks whether its parent is still there."""


def mapped(work: Callable[[Item], Result], items: Sequence[Item], workers: int | None = None) -> Iterator[Result]:
    """`work` of every item, in order, as it gets done; `work` must be importable, items and results picklable.

    `workers` is the number of processes, None for one per core. New processes are spawned, not forked, since the window
    has threads.
    """
    processes = min(workers or _cores(), -(-len(items) // CHUNK))
    if processes < 2 or len(items) < FEW:
        yield from map(work, items)
        return
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(os.getpid(),)) as pool:
        try:
            for results in pool.map(partial(_each, work), chunks):
                yield from results
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _each(work: Callable[[Item], Result], chunk: Sequence[Item]) -> list[Result]:
    return [work(item) for item in chunk]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int) -> None:
    """Settle a new process: one thread, since the processes share the cores, and an eye on the parent.

    A process that waits for work does not notice that its parent was killed; where there is a timer, it looks.
    """
    cv2.setNumThreads(1)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: leave_without(parent))
        signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)


def leave_without(parent: int) -> None:
    """End this process when its parent is no longer the one that started it."""
    if os.getppid() != parent:
        os._exit(1)
