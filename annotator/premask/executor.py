"""One way to run many pieces of work: here, on all cores of this machine, or on a Dask cluster."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import cv2

from annotator.domain.errors import EnvironmentFault

Work = TypeVar("Work")
Result = TypeVar("Result")

SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Each worker process counts with one thread; the cores are shared by processes."""


class Executor(Protocol):
    """Runs a picklable function on picklable work; results come as they are ready, each with its number."""

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results with the position of their work, in any order."""
        ...


class Here:
    """Everything in this process, in order."""

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results in order."""
        for number, one in enumerate(work):
            yield number, run(one)


class Processes:
    """A pool of `workers` processes; work that was not begun is dropped when the caller stops asking."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results as they are ready."""
        with _single_threaded():
            context = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=begin_worker)
            try:
                waiting: dict[Future[Result], int] = {pool.submit(run, one): n for n, one in enumerate(work)}
                while waiting:
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        yield waiting.pop(future), future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """A Dask cluster at `address`, such as `tcp://host:8786`; its workers need the program and the same paths."""

    def __init__(self, address: str) -> None:
        self.address = address

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results as they are ready; raises EnvironmentFault where Dask is missing or nobody answers."""
        try:
            distributed: Any = importlib.import_module("dask.distributed")
        except ImportError as error:
            raise EnvironmentFault("Dask is not installed; install 'dask[distributed]' to use --scheduler.") from error
        try:
            client = distributed.Client(self.address, timeout=10)
        except (OSError, ValueError) as error:
            raise EnvironmentFault(f"No Dask scheduler answers at {self.address}; check the address.") from error
        with client:
            futures = client.map(run, list(work), pure=False)
            numbers = {future.key: number for number, future in enumerate(futures)}
            for future in distributed.as_completed(futures):
                yield numbers[future.key], future.result()


def executor(workers: int, scheduler: str | None = None) -> Executor:
    """The executor for `--workers` (0 takes every core) and `--scheduler`."""
    if scheduler:
        return Cluster(scheduler)
    count = workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else workers or os.cpu_count()
    return Processes(count) if count and count > 1 else Here()


def begin_worker() -> None:
    """Keep OpenCV to one thread in a worker process."""
    cv2.setNumThreads(1)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Environment for processes that are started meanwhile: their linear algebra takes one thread."""
    before = {name: os.environ.get(name) for name in SINGLE}
    os.environ.update(SINGLE)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
