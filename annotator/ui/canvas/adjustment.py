"""Brightness, contrast and gamma as one table, and the edge view; both work on the visible part only. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.ui.canvas.pyramid import Pixels

EDGE_GAIN = 1.6


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How the image is shown; the image itself never changes.

    `brightness` and `contrast` from -1 to 1, `gamma` from 0.2 to 5 (above 1 lightens the shadows).
    """

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0
    edges: bool = False

    @property
    def plain(self) -> bool:
        """True when the image is shown as it is."""
        return self.brightness == 0 and self.contrast == 0 and self.gamma == 1 and not self.edges

    def table(self) -> NDArray[np.uint8]:
        """The 256 grey levels as shown: contrast about the middle, then brightness, then gamma."""
        level = np.arange(256) / 255.0
        slope = np.tan((self.contrast * 0.98 + 1.0) * np.pi / 4)
        level = np.clip((level - 0.5) * slope + 0.5 + self.brightness, 0.0, 1.0)
        return np.asarray(np.rint(level ** (1.0 / self.gamma) * 255.0), dtype=np.uint8)

    def shown(self, pixels: Pixels) -> Pixels:
        """The adjusted copy of `pixels`; the same array when nothing is adjusted."""
        if self.plain:
            return pixels
        adjusted = np.asarray(cv2.LUT(pixels, self.table()), dtype=np.uint8)
        adjusted[:, :, 3] = 255
        return _edges(adjusted) if self.edges else adjusted


def _edges(pixels: Pixels) -> Pixels:
    """Light lines on dark where the grey level changes (Scharr gradient)."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY)
    across = cv2.Scharr(grey, cv2.CV_16S, 1, 0)
    down = cv2.Scharr(grey, cv2.CV_16S, 0, 1)
    strength = cv2.addWeighted(
        cv2.convertScaleAbs(across, alpha=EDGE_GAIN / 16), 0.5, cv2.convertScaleAbs(down, alpha=EDGE_GAIN / 16), 0.5, 0
    )
    return np.asarray(cv2.cvtColor(strength, cv2.COLOR_GRAY2BGRA), dtype=np.uint8)
