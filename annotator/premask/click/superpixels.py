"""Superpixels: small regions whose borders follow the picture, for painting whole regions at once.

A watershed (Meyer, 1992, as in OpenCV) from seeds on a grid that first slide to the flattest place around them, as the
seeds of SLIC do (Achanta and others, 2012). The same picture and spacing give the same regions.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.click.picture import PictureWindow

SMALLEST_SPACING = 6
LARGEST_SPACING = 160

Point = tuple[float, float]
Labels = NDArray[np.int32]
"""`(height, width)` int32, every pixel the number of its region, from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Superpixels:
    """The regions of a window."""

    window: PictureWindow
    labels: Labels

    def at(self, place: Point) -> int:
        """The region under a point of the image; 0 outside the window."""
        x, y = np.rint(self.window.to_window(np.array([place]))[0]).astype(int).tolist()
        width, height = self.window.size
        return int(self.labels[y, x]) if 0 <= x < width and 0 <= y < height else 0

    def along(self, start: Point, end: Point) -> frozenset[int]:
        """The regions that the straight line between two points of the image runs over."""
        ends = self.window.to_window(np.array([start, end]))
        count = int(np.ceil(np.abs(ends[1] - ends[0]).max())) + 1
        places = np.rint(np.linspace(ends[0], ends[1], count + 1)).astype(int)
        width, height = self.window.size
        inside = (places >= 0).all(axis=1) & (places < [width, height]).all(axis=1)
        x, y = places[inside].T
        return frozenset(self.labels[y, x].tolist())

    def mask(self, regions: frozenset[int]) -> Mask:
        """The pixels of some regions, `bool (height, width)` of the window."""
        chosen = np.zeros(int(self.labels.max()) + 1, dtype=bool)
        chosen[[region for region in regions if 0 < region < len(chosen)]] = True
        return np.asarray(chosen[self.labels])


def superpixels(window: PictureWindow, spacing: float) -> Superpixels:
    """Regions about `spacing` pixels of the window wide and high."""
    step = round(min(max(spacing, SMALLEST_SPACING), LARGEST_SPACING))
    height, width = window.pixels.shape[:2]
    even = np.asarray(cv2.medianBlur(window.pixels, 5 if min(height, width) > 5 else 3), dtype=np.uint8)
    markers = _seeds(even, step)
    if int(markers.max()) < 2 or min(height, width) < 3:
        return Superpixels(window, np.ones((height, width), dtype=np.int32))
    flooded = np.asarray(cv2.watershed(even, markers), dtype=np.int32)
    return Superpixels(window, _without_lines(flooded, even))


def _seeds(pixels: NDArray[np.uint8], step: int) -> Labels:
    """Numbered seeds on a grid, each at the flattest pixel within a quarter of the grid's step."""
    height, width = pixels.shape[:2]
    rough = _gradient(pixels)
    markers = np.zeros((height, width), dtype=np.int32)
    reach = max(1, step // 4)
    number = 0
    for y in range(min(step // 2, height // 2), height, step):
        for x in range(min(step // 2, width // 2), width, step):
            top, left = max(y - reach, 0), max(x - reach, 0)
            part = rough[top : y + reach + 1, left : x + reach + 1]
            row, column = divmod(int(part.argmin()), part.shape[1])
            number += 1
            markers[top + row, left + column] = number
    return markers


def _gradient(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    x = cv2.Sobel(pixels, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(pixels, cv2.CV_32F, 0, 1)
    return np.asarray((np.abs(x) + np.abs(y)).max(axis=2), dtype=np.float32)


def _without_lines(labels: Labels, pixels: NDArray[np.uint8]) -> Labels:
    """Give the watershed's lines and the frame (-1) to the neighbour of the most similar colour."""
    found = labels.copy()
    while (found < 1).any():
        rows, columns = np.nonzero(found < 1)
        best = np.full(len(rows), np.inf)
        taken = np.zeros(len(rows), dtype=np.int32)
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            y = np.clip(rows + dy, 0, found.shape[0] - 1)
            x = np.clip(columns + dx, 0, found.shape[1] - 1)
            unlike = np.abs(pixels[y, x].astype(np.int32) - pixels[rows, columns]).sum(axis=1)
            better = (found[y, x] > 0) & (unlike < best)
            best[better], taken[better] = unlike[better], found[y, x][better]
        found[rows, columns] = taken
    return found
