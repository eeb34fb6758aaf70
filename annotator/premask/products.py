"""How alike descriptors are, all with all, in whole numbers: faster than in floats, and the same everywhere.

ONNX Runtime multiplies bytes with the dot-product instructions of a processor; numpy and OpenCV do not. Seven bits are
used of every byte, so that processors without those instructions, which add two products in 16 bits, do not overflow
(ONNX Runtime, "Quantize ONNX models", reduce_range).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Floats
from annotator.premask.models.embedded import embedded_session

RESOURCE = "premask/product.onnx"
"""One product of matrices of bytes; `python -m annotator.premask.training.product FILE` writes it."""

Likeness = NDArray[np.int32]
"""`(n, m)`: the larger, the more alike."""


@dataclass(frozen=True, slots=True, eq=False)
class WholeRows:
    """Descriptors `(n, d)` as the bytes of one side of a product; `shift` stands for 0, `unit` is what 1 stands for."""

    values: NDArray[np.uint8]
    shift: int
    unit: float


@dataclass(frozen=True, slots=True, eq=False)
class WholeColumns:
    """Descriptors `(m, d)` as the bytes of the other side; `unit` is what 1 stands for."""

    values: NDArray[np.int8]
    unit: float


def whole_rows(descriptors: Floats) -> WholeRows:
    """The descriptors in seven bits."""
    shift = 0 if float(descriptors.min(initial=0.0)) >= 0 else 64
    values, unit = _whole(descriptors, 127 - shift)
    return WholeRows((values + np.int8(shift)).astype(np.uint8), shift, unit)


def whole_columns(descriptors: Floats) -> WholeColumns:
    """The descriptors in eight bits with a sign."""
    return WholeColumns(*_whole(descriptors, 127))


def product(rows: NDArray[np.uint8], columns: NDArray[np.int8], shift: int) -> Likeness:
    """Likeness of some rows `(n, d)`, whose `shift` it is, and of columns laid out as `(d, m)`."""
    given = {"rows": rows, "columns": np.ascontiguousarray(columns), "shift": np.array(shift, dtype=np.uint8)}
    return embedded_session(RESOURCE).run(given)["likeness"]


def products(one: Floats, other: Floats, block: int) -> Iterator[tuple[slice, Likeness]]:
    """Likeness of `one` `(n, d)` and `other` `(m, d)`, `block` rows of `one` at a time, with which rows they are.

    It is the inner product of rounded descriptors: off by a few thousandths where these have unit length.
    """
    rows, columns = whole_rows(one), np.ascontiguousarray(whole_columns(other).values.T)
    for start in range(0, len(one), block):
        part = slice(start, min(start + block, len(one)))
        yield part, product(rows.values[part], columns, rows.shift)


def _whole(descriptors: Floats, largest: int) -> tuple[NDArray[np.int8], float]:
    """Whole numbers of -largest to largest, and what 1 stands for."""
    unit = max(float(np.abs(descriptors).max(initial=0.0)), 1e-9) / largest
    return np.asarray(np.rint(descriptors * np.float32(1 / unit)), dtype=np.int8), unit
