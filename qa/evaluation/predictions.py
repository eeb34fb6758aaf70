"""The predictions of a method for one data set (FORMAT A6), by key `q_i`."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotator.datasets.file_bytes import read_bytes
from annotator.datasets.plain_npy import load_npy_dict
from annotator.domain.errors import BadFileError
from qa.evaluation.prediction_slices import KeyTwiceError, cut, points_of

REMEDY = "write the predictions again"


@dataclass(frozen=True, slots=True)
class Predictions:
    """Values by key; a value is a piece of the file (bytes) where `sliced`, else the plain object itself.

    Pieces that turn out to be irregular are the reason for `whole`, which reads the file the general way.
    """

    path: Path
    values: Mapping[str, object]
    sliced: bool

    def value(self, key: str) -> object:
        """The prediction for `q_i`; raises KeyError."""
        query, _, index = key.partition("_")
        return self.values[f"qimlist_{query}_imlist_{index}"]

    def has(self, key: str) -> bool:
        """Whether the file says anything about `q_i`."""
        query, _, index = key.partition("_")
        return f"qimlist_{query}_imlist_{index}" in self.values


class IrregularPieceError(Exception):
    """A piece of a prediction file is no plain list of points: the file must be read the general way."""


def read_predictions(path: Path) -> Predictions:
    """Read a prediction file, cut into pieces where its form allows; raises BadFileError."""
    data = read_bytes(path)
    try:
        pieces = cut(data)
    except KeyTwiceError as error:
        raise BadFileError(path, "names a query-index pair twice", REMEDY) from error
    if pieces is not None and _is_empty(pieces[1], str(path)):
        return Predictions(path, pieces[0], sliced=True)
    return _general(path, data)


def read_predictions_whole(path: Path) -> Predictions:
    """Read a prediction file the general way, every value as a plain object; raises BadFileError."""
    return _general(path, read_bytes(path))


def decoded(value: object) -> object:
    """A value of Predictions as a plain object; raises IrregularPieceError for a piece that is no list of points."""
    if not isinstance(value, bytes):
        return value
    points = points_of(value)
    if points is None:
        raise IrregularPieceError
    return points


def _is_empty(emptied: bytes, name: str) -> bool:
    try:
        return load_npy_dict(emptied, name) == {}
    except BadFileError:
        return False


def _general(path: Path, data: bytes) -> Predictions:
    with _no_collector():
        values = load_npy_dict(data, str(path))
    odd = next((key for key, value in values.items() if isinstance(value, bytes)), None)
    if odd is not None:  # bytes are pieces of a file that was cut
        raise BadFileError(path, f"its entry {odd[:60]!r} is no list of points", REMEDY)
    return Predictions(path, values, sliced=False)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of lists without a cycle: looking for cycles would take most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
