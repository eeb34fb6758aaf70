"""Running a model in a way that another thread can end: an encoder takes seconds, and its image may be gone."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import AnnotatorError
from annotator.premask.models.session import ModelSession, RunsNotError, reason


class Stopped(AnnotatorError):  # noqa: N818 (it was asked for, and is no fault)
    """The work was not wanted any more."""


class Stop:
    """Ends the runs that it was given to, from any thread and for good."""

    def __init__(self) -> None:
        self._stopped = False
        self._options: list[Any] = []

    @property
    def stopped(self) -> bool:
        """True once it was asked for."""
        return self._stopped

    def now(self) -> None:
        """End what runs; what has not begun does not begin."""
        self._stopped = True
        for options in self._options:
            options.terminate = True

    def options(self) -> Any:
        """ONNX Runtime's options for one run; raises Stopped where it is too late."""
        made = importlib.import_module("onnxruntime").RunOptions()
        self._options.append(made)
        if self._stopped:
            raise Stopped("This is not wanted any more.")
        return made


def run(session: ModelSession, given: dict[str, NDArray[Any]], stop: Stop | None = None) -> dict[str, NDArray[Any]]:
    """All outputs of a model by name; raises Stopped when `stop` ended it, RunsNotError where the runtime fails."""
    if stop is None:
        return session.run(given)
    names = [port.name for port in session.signature.outputs]
    options = stop.options()
    try:
        found = session.runtime.run(names, given, options)
    except Exception as error:  # ONNX Runtime raises many classes of its own
        if stop.stopped:
            raise Stopped("This is not wanted any more.") from error
        raise RunsNotError(session.path, f"ONNX Runtime cannot run it ({reason(error)})", "export it anew") from error
    return {name: np.asarray(part) for name, part in zip(names, found, strict=True)}
