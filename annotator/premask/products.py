"""How alike descriptors are, all with all, in whole numbers: faster than in floats, and the same everywhere.

ONNX Runtime multiplies bytes with the dot-product instructions of a processor; numpy and OpenCV do not. Seven bits are
used of every byte, so that processors without those instructions, which add two products in 16 bits, do not overflow
(ONNX Runtime, "Quantize ONNX models", reduce_range).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Floats
from annotator.premask.models.files import checksum
from annotator.premask.models.session import ModelSession, open_session
from resources import accessor

RESOURCE = "premask/product.onnx"
"""One product of matrices of bytes; `python -m annotator.premask.training.product FILE` writes it."""

Likeness = NDArray[np.int32]
"""`(n, m)`: the larger, the more alike."""


def products(one: Floats, other: Floats, block: int) -> Iterator[tuple[slice, Likeness]]:
    """Likeness of `one` `(n, d)` and `other` `(m, d)`, `block` rows of `one` at a time, with which rows they are.

    It is the inner product of rounded descriptors: off by a few thousandths where these have unit length.
    """
    columns = np.ascontiguousarray(_whole(other, 127).T)
    shift = 0 if float(one.min(initial=0.0)) >= 0 else 64
    rows = (_whole(one, 127 - shift) + np.int8(shift)).astype(np.uint8)
    session = _session()
    for start in range(0, len(rows), block):
        part = slice(start, min(start + block, len(rows)))
        given = {"rows": rows[part], "columns": columns, "shift": np.array(shift, dtype=np.uint8)}
        yield part, session.run(given)["likeness"]


def _whole(descriptors: Floats, largest: int) -> NDArray[np.int8]:
    """Whole numbers of -largest to largest."""
    extent = max(float(np.abs(descriptors).max(initial=0.0)), 1e-9)
    return np.asarray(np.rint(descriptors * np.float32(largest / extent)), dtype=np.int8)


@cache
def _session() -> ModelSession:
    path = accessor.path(RESOURCE)
    return open_session(path, checksum(path))
