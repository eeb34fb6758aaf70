"""Reading images at places between pixels and at other sizes, typed."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Floats, Pixels


def sampled(image: NDArray[np.floating[Any]], x: Floats, y: Floats, edge: bool = True) -> Floats:
    """Float image `(h, w)` or `(h, w, c)` at `x` and `y`, each `(h2, w2)`; beyond it the border's value, or 0."""
    border = cv2.BORDER_REPLICATE if edge else cv2.BORDER_CONSTANT
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=border, borderValue=0), dtype=np.float32)


def sampled_pixels(image: NDArray[np.uint8], x: Floats, y: Floats) -> Pixels:
    """The same for pixels of 8 bits, `(h, w, 3)`; beyond the image its border's value."""
    found = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.uint8)


def resized(image: NDArray[np.uint8], size: tuple[int, int]) -> Pixels:
    """Pixels of 8 bits at another (width, height)."""
    smaller = size[0] < image.shape[1]
    found = cv2.resize(image, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return np.asarray(found, dtype=np.uint8)


def resized_floats(image: NDArray[np.floating[Any]], size: tuple[int, int]) -> Floats:
    """Floats at another (width, height), averaged where it is smaller."""
    smaller = size[0] < image.shape[1]
    found = cv2.resize(image, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return np.asarray(found, dtype=np.float32)
