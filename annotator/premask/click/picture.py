"""A window of a picture at some zoom level, and the way between its pixels and those of the image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Box, Points, Size

Level = NDArray[np.uint8]
"""`(height, width, 3 or 4)` uint8: an image scaled as a whole; a fourth channel is not looked at."""


@dataclass(frozen=True, eq=False)
class PictureWindow:
    """Pixels `(height, width, 3)` uint8 of a level, of which the first is the level's pixel `x`, `y`.

    `scale` (x, y): pixels of the level per pixel of the image, about 1 or below.
    """

    pixels: NDArray[np.uint8]
    x: int
    y: int
    scale: tuple[float, float]
    image_size: Size

    @property
    def size(self) -> Size:
        """(width, height) in pixels of the level."""
        height, width = self.pixels.shape[:2]
        return width, height

    @property
    def step(self) -> float:
        """How many pixels of the image one of the window is wide."""
        return 1 / self.scale[0]

    @cached_property
    def smooth(self) -> NDArray[np.float32]:
        """Lab of the window, `(height, width, 3)` float32, for comparing colours."""
        lab = cv2.cvtColor(self.pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        return np.asarray(cv2.GaussianBlur(lab, (0, 0), 0.8), dtype=np.float32)

    def to_window(self, points: Points) -> Points:
        """Points of the image, `(n, 2)` xy, in pixels of the window (centres at integers)."""
        return np.asarray((points + 0.5) * np.array(self.scale) - 0.5 - np.array([self.x, self.y]))

    def to_image(self, points: Points) -> Points:
        """Points of the window, `(n, 2)` xy, in pixels of the image; inside it."""
        placed = (points + np.array([self.x, self.y]) + 0.5) / np.array(self.scale) - 0.5
        return np.asarray(np.clip(placed, 0.0, np.array(self.image_size) - 1.0))

    def holds(self, at: tuple[float, float], margin: float = 0.0) -> bool:
        """True when a point of the image lies in the window, `margin` of its pixels inside the border."""
        place = self.to_window(np.array([at]))[0]
        room = np.array(self.size) - 0.5 - margin
        return bool((place >= margin - 0.5).all() and (place < room).all())


def window_of_level(level: Level, image_size: Size, box: Box) -> PictureWindow:
    """The window of `level` that covers `box` (x1, y1, x2, y2 in pixels of the image), at least two pixels wide."""
    height, width = level.shape[:2]
    scale = width / image_size[0], height / image_size[1]
    corners = (np.array([box[:2], box[2:]]) + 0.5) * np.array(scale) - 0.5
    low = np.clip(np.floor(corners[0]), 0, [max(width - 2, 0), max(height - 2, 0)]).astype(int)
    high = np.clip(np.ceil(corners[1]) + 1, low + 2, [max(width, 2), max(height, 2)]).astype(int)
    (x1, y1), (x2, y2) = low.tolist(), high.tolist()
    pixels = np.ascontiguousarray(level[y1:y2, x1:x2, 2::-1] if level.shape[2] == 4 else level[y1:y2, x1:x2])
    return PictureWindow(pixels, x1, y1, scale, image_size)
