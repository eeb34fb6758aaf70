"""Work on many items in processes, or in this one when there are few: the order of the results is the items' order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from annotator.processes.pool import WorkerPool, usable_cores

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 300
"""Below so many items, starting processes takes longer than the work."""

CHUNK = 24


def mapped(work: Callable[[Item], Result], items: Sequence[Item], workers: int | None = None) -> Iterator[Result]:
    """`work` of every item, in order, as it gets done; `work` must be importable, items and results picklable.

    `workers` is the number of processes, None for one per core. Raises WorkerLostError when one of them is killed.
    """
    processes = min(workers or usable_cores(), -(-len(items) // CHUNK))
    if processes < 2 or len(items) < FEW:
        yield from map(work, items)
        return
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    with WorkerPool(processes) as pool:
        for results in pool.each(partial(_each, work), chunks):
            yield from results


def _each(work: Callable[[Item], Result], chunk: Sequence[Item]) -> list[Result]:
    return [work(item) for item in chunk]
