"""Run-length encoding of masks in COCO's form: column-major runs that start with zeros.

The compressed string is pycocotools' (the reference implementation); the plain list of runs is read and written too,
since FORMAT A3 shows it. Both are exact.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from annotator.domain.errors import GeometryError
from annotator.domain.raster import Mask


class Rle(TypedDict):
    """`size` is [height, width]; `counts` the compressed ASCII string or the list of runs."""

    size: list[int]
    counts: str | list[int]


MOST_PIXELS = 1 << 30
"""A mask of more pixels is refused before memory is taken for it."""


def encode(mask: Mask) -> Rle:
    """`bool (height, width)` to compressed RLE."""
    found = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    counts = found["counts"]
    text = counts if isinstance(counts, str) else counts.decode("ascii")
    return {"size": [int(side) for side in found["size"]], "counts": text}


def runs(mask: Mask) -> list[int]:
    """The plain runs of a mask, column-major, zeros first."""
    flat = np.concatenate([[False], mask.ravel(order="F")])
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    edges = np.concatenate([[0], changes, [mask.size]])
    return [int(run) for run in np.diff(edges)]


def decode(rle: Rle) -> Mask:
    """RLE in either form to `bool (height, width)`; raises GeometryError when it does not fill its size exactly."""
    height, width = _checked_size(rle["size"])
    counts = rle["counts"]
    found = _runs_of_string(counts) if isinstance(counts, str) else _checked_runs(counts)
    if int(found.sum()) != height * width:
        raise GeometryError(f"the runs cover {int(found.sum())} pixels of a mask of {width} × {height}")
    values = np.arange(len(found)) % 2 == 1
    return np.repeat(values, found).reshape((height, width), order="F")


def _checked_size(size: object) -> tuple[int, int]:
    if not isinstance(size, list) or len(size) != 2 or not all(type(side) is int and side > 0 for side in size):
        raise GeometryError("the size of an RLE mask is not [height, width]")
    height, width = size
    if height * width > MOST_PIXELS:
        raise GeometryError(f"a mask of {width} × {height} pixels is larger than any image")
    return height, width


def _checked_runs(counts: object) -> NDArray[np.int64]:
    if not isinstance(counts, list) or not all(type(run) is int and 0 <= run <= MOST_PIXELS for run in counts):
        raise GeometryError("the runs of an RLE mask are not whole numbers")
    return np.array(counts, dtype=np.int64)


def _runs_of_string(text: str) -> NDArray[np.int64]:
    """Decode COCO's string: 5 bits a character from code 48, bit 5 continues, sign extended, differences from run 3 on.

    Written here because the reference decoder trusts its input and reads past the end of a forged string.
    """
    found: list[int] = []
    position = 0
    while position < len(text):
        value, shift, more = 0, 0, True
        while more:
            code = ord(text[position]) - 48 if position < len(text) else -1
            if not 0 <= code < 64 or shift > 35:
                raise GeometryError("the compressed runs of an RLE mask are broken")
            value |= (code & 31) << shift
            shift += 5
            more = bool(code & 32)
            position += 1
        if code & 16:
            value -= 1 << shift
        if len(found) > 2:
            value += found[-2]
        if not 0 <= value <= MOST_PIXELS:
            raise GeometryError("the compressed runs of an RLE mask are broken")
        found.append(value)
    return np.array(found, dtype=np.int64)
