"""One way to run many pieces of work: here, on all cores of this machine, or on a Dask cluster."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

import cv2

from annotator.domain.errors import EnvironmentFault
from annotator.processes.pool import WorkerPool, usable_cores

Work = TypeVar("Work")
Result = TypeVar("Result")

CONNECT_SECONDS = 10
"""How long a cluster may take to answer."""


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
            with _one_core():
                result = run(one)
            yield number, result


class Processes:
    """A pool of `workers` processes; work that was not begun is dropped when the caller stops asking."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results as they are ready; raises WorkerLostError when a process ends over its work."""
        with WorkerPool(self.workers) as pool:
            yield from pool.as_ready(run, work)


class Cluster:
    """A Dask cluster at `address`, such as `tcp://host:8786`; its workers need the program and the same paths."""

    def __init__(self, address: str) -> None:
        self.address = address

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results as they are ready; work that was not begun is dropped when the caller stops asking.

        Raises EnvironmentFault where Dask is missing, nobody answers, or the cluster goes away meanwhile.
        """
        try:
            distributed: Any = importlib.import_module("dask.distributed")
        except ImportError as error:
            raise EnvironmentFault("Dask is not installed; install 'dask[distributed]' to use --scheduler.") from error
        try:
            client = distributed.Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EnvironmentFault(f"No Dask scheduler answers at {self.address}; check the address.") from error
        futures = client.map(_Worked(run), list(work), pure=False)
        try:
            numbers = {future.key: number for number, future in enumerate(futures)}
            for future in distributed.as_completed(futures, loop=client.loop):
                yield numbers[future.key], future.result()
        except (CancelledError, OSError, distributed.KilledWorker) as error:
            said = "stopped answering; what is done is kept. Start the command again when it is back."
            raise EnvironmentFault(f"The Dask cluster at {self.address} {said}") from error
        finally:
            futures.clear()  # the cluster drops what nobody waits for
            with suppress(CancelledError, OSError, TimeoutError):
                client.close(timeout=CONNECT_SECONDS)


class _Worked:
    """What a worker of the cluster does: one piece of work on one core."""

    def __init__(self, run: Callable[[Any], Any]) -> None:
        self._run = run

    def __call__(self, one: Any) -> Any:
        with _one_core():
            return self._run(one)


def executor(workers: int, scheduler: str | None = None) -> Executor:
    """The executor for `--workers` (0 takes every core) and `--scheduler`."""
    if scheduler:
        return Cluster(scheduler)
    count = workers or usable_cores()
    return Processes(count) if count > 1 else Here()


@contextmanager
def _one_core() -> Iterator[None]:
    """OpenCV on one thread meanwhile."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
