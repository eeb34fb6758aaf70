"""A filled shape as the window of the canvas that it touches, so that nothing is computed on empty pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""uint8 `(height, width)`, not zero inside the shape."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """`pixels` with the canvas place `x`, `y` of its first pixel; everything outside is empty. `area` in pixels."""

    x: int
    y: int
    pixels: Pixels
    area: int


def patch(x: int, y: int, pixels: Pixels) -> Patch:
    """A patch with its area counted."""
    return Patch(x, y, pixels, cv2.countNonZero(pixels) if pixels.size else 0)


EMPTY = patch(0, 0, np.zeros((0, 0), dtype=np.uint8))
"""Nothing was drawn."""


def intersection(first: Patch, second: Patch) -> int:
    """Number of pixels that both patches cover."""
    left, top = max(first.x, second.x), max(first.y, second.y)
    right = min(first.x + first.pixels.shape[1], second.x + second.pixels.shape[1])
    bottom = min(first.y + first.pixels.shape[0], second.y + second.pixels.shape[0])
    if right <= left or bottom <= top:
        return 0
    rows, columns = slice(top - first.y, bottom - first.y), slice(left - first.x, right - first.x)
    mine = first.pixels[rows, columns]
    theirs = second.pixels[top - second.y : bottom - second.y, left - second.x : right - second.x]
    return int(cv2.countNonZero(cv2.bitwise_and(mine, theirs)))
