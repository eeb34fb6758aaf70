"""A process beside the window that makes pre-masks: it takes no time from the window and can be ended at any moment."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from annotator.domain.errors import EnvironmentFault
from annotator.processes.interrupts import interrupts_held
from annotator.processes.pool import begin_worker
from annotator.processes.single_thread import single_threaded_children

Work = TypeVar("Work")
Result = TypeVar("Result")

POLL_SECONDS = 0.05
NICENESS = 10
"""How much the process yields to the window and to other programs."""


class StoppedError(Exception):
    """Nobody waits for the work any more."""


class PremaskProcess:
    """An executor of one process, started at the first work; `stopped` is asked while it works."""

    def __init__(self) -> None:
        self.stopped: Callable[[], bool] = lambda: False
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def results(self, run: Callable[[Work], Result], work: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        """The results in order. Raises StoppedError once `stopped`, EnvironmentFault where the process died."""
        for number, one in enumerate(work):
            yield number, self._result(run, one)

    def close(self) -> None:
        """End the process, at work or not."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _result(self, run: Callable[[Work], Result], one: Work) -> Result:
        try:
            pipe = self._pipe or self._start()
            pipe.send((run, one))
            while not pipe.poll(POLL_SECONDS):
                if self.stopped():
                    self.close()
                    raise StoppedError
            failed, answer = pipe.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise EnvironmentFault("The process that makes pre-masks ended; is there enough memory?") from error
        if failed:
            raise answer
        result: Result = answer
        return result

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        pipe, child = context.Pipe()
        process = context.Process(target=_serve, args=(child,), daemon=True, name="pre-masks")
        try:
            with single_threaded_children(), interrupts_held():
                process.start()
        except OSError:
            pipe.close()
            raise
        finally:
            child.close()
        self._process, self._pipe = process, pipe
        return pipe


def _serve(pipe: Connection) -> None:
    """Do what comes through the pipe until the window closes it."""
    begin_worker()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            run, one = pipe.recv()
            pipe.send(_outcome(run, one))


def _outcome(run: Callable[[Any], Any], one: Any) -> tuple[bool, Any]:
    try:
        return False, run(one)
    except Exception as error:  # every failure goes to the window, which decides
        return True, error
