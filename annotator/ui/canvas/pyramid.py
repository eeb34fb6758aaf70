"""Pre-scaled levels of an image, built off the GUI thread; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Size

Pixels = NDArray[np.uint8]
"""`(height, width, 4)` uint8, blue, green, red, 255: the byte order of Qt's RGB32 on every machine we run on."""

SMALLEST_LEVEL = 64
"""Pixels of the longer side at which no smaller level is worth while."""


@dataclass(frozen=True, slots=True, eq=False)
class ImagePyramid:
    """An image at full size (level 0) and halved again and again."""

    levels: tuple[Pixels, ...]

    @property
    def size(self) -> Size:
        """(width, height) of the image."""
        height, width = self.levels[0].shape[:2]
        return width, height

    def level_for(self, scale: float) -> Pixels:
        """The smallest level that has at least one pixel for each pixel shown at `scale` (shown per image pixel)."""
        width = self.size[0]
        fitting = [level for level in self.levels if level.shape[1] >= width * min(scale, 1.0) * 0.999]
        return fitting[-1] if fitting else self.levels[0]


def build_pyramid(rgb: NDArray[np.uint8]) -> ImagePyramid:
    """The pyramid of an image `(height, width, 3)` uint8 RGB."""
    return halved(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA), dtype=np.uint8))


def halved(level: Pixels) -> ImagePyramid:
    """The pyramid whose level 0 is `level`; each level is half of the one before (mean of four pixels)."""
    levels = [level]
    while max(levels[-1].shape[:2]) > SMALLEST_LEVEL and min(levels[-1].shape[:2]) > 1:
        height, width = levels[-1].shape[:2]
        half = cv2.resize(levels[-1], ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, dtype=np.uint8))
    return ImagePyramid(tuple(levels))
