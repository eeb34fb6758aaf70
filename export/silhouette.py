"""Tiny silhouettes of masks: what contact sheets show, since a release holds no photographs."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask

SIDE = 96
"""Pixels of the longer side."""


def silhouette(mask: Mask) -> str:
    """A mask at most SIDE pixels wide and high, as text: `WIDTHxHEIGHT:` and base64 of the packed rows."""
    height, width = mask.shape
    scale = SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    step = max(1, max(width, height) // (4 * SIDE))  # finer than four times the result nothing is seen
    coarse = np.ascontiguousarray(mask[::step, ::step]).view(np.uint8) * np.uint8(255)
    small = cv2.resize(coarse, size, interpolation=cv2.INTER_AREA) >= 96
    return f"{size[0]}x{size[1]}:{base64.b64encode(np.packbits(small).tobytes()).decode('ascii')}"


def picture_of(text: str) -> NDArray[np.bool_]:
    """The `bool (height, width)` that `silhouette` packed."""
    size, _, content = text.partition(":")
    width, height = (int(side) for side in size.split("x"))
    bits = np.unpackbits(np.frombuffer(base64.b64decode(content), dtype=np.uint8), count=width * height)
    return bits.reshape(height, width).astype(bool)
