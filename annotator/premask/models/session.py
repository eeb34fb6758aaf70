"""A model file loaded by ONNX Runtime, and what it says of its inputs and outputs."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.models.structure import check_structure

LONGEST_REASON = 160
"""Characters of the runtime's own words that go into a sentence."""


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a model: `shape` with None for free sides, `kind` as ONNX Runtime writes it."""

    name: str
    shape: tuple[int | None, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The inputs and outputs of a model in their order."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    def __str__(self) -> str:
        names = [", ".join(port.name for port in ports)[:LONGEST_REASON] for ports in (self.inputs, self.outputs)]
        return f"inputs {names[0] or 'none'}; outputs {names[1] or 'none'}"


class RunsNotError(BadFileError):
    """ONNX Runtime cannot load or run a file that is a whole ONNX model; another runtime may."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelSession:
    """A loaded model. It counts on `threads` threads; several give what one gives, to rounding."""

    path: Path
    runtime: Any
    signature: Signature

    def run(self, given: dict[str, NDArray[Any]], wanted: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
        """The outputs of numbers by name, all or the `wanted`; raises RunsNotError where the runtime fails."""
        names = list(wanted) or [port.name for port in self.signature.outputs]
        try:
            found = [np.asarray(part) for part in self.runtime.run(names, given)]
        except Exception as error:  # ONNX Runtime raises many classes of its own
            raise RunsNotError(self.path, f"ONNX Runtime cannot run it ({reason(error)})", "export it anew") from error
        return {name: part for name, part in zip(names, found, strict=True) if part.dtype.kind in "fiub"}


@lru_cache(maxsize=8)
def open_session(path: Path, sha256: str, threads: int = 1) -> ModelSession:
    """The loaded model, once per process; `sha256` keeps two contents of one path apart.

    Raises BadFileError for what is no ONNX model, RunsNotError for one that ONNX Runtime does not know how to run,
    EnvironmentFault where ONNX Runtime is missing.
    """
    check_structure(path)
    try:
        runtime: Any = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise EnvironmentFault("ONNX Runtime is not installed; install 'onnxruntime' to use model files.") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        # With its fallback it would tell standard output of a file that it cannot load.
        session = runtime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], enable_fallback=False
        )
        signature = Signature(*(tuple(_port(port) for port in ports) for ports in _ports(session)))
    except Exception as error:  # ONNX Runtime raises many classes of its own for files that it cannot run
        problem = f"ONNX Runtime cannot load it ({reason(error)})"
        raise RunsNotError(path, problem, f"export it anew (SHA-256 {sha256[:12]}…)") from error
    return ModelSession(path, session, signature)


def reason(error: Exception) -> str:
    """The runtime's own words on one line, shortened; without the place and the test in its source code."""
    words = " ".join(str(error).split()).rpartition(" : ")[2].rpartition(" was false. ")[2]
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 1] + "…"


def _ports(session: Any) -> tuple[Any, Any]:
    return session.get_inputs(), session.get_outputs()


def _port(port: Any) -> Port:
    return Port(str(port.name), tuple(side if isinstance(side, int) else None for side in port.shape), str(port.type))
