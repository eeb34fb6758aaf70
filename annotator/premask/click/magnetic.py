"""Magnetic outline: the cheapest path along edges from the last anchor to any pixel around it.

Intelligent scissors of Mortensen and Barrett (1995), whose cost is of zero crossings, gradient magnitude and gradient
direction. The tree of all cheapest paths of a window is built once per anchor (some 10 ms for 200 by 200 pixels, off
the GUI thread); following the cursor then only walks back through it.
"""

from __future__ import annotations

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from annotator.domain.geometry import Points, Size
from annotator.premask.click.picture import Level, PictureWindow, window_of_level

SIDE = 200
"""Pixels of the level that a window is wide and high."""

WEIGHTS = (0.43, 0.43, 0.14)
"""Zero crossing, direction, magnitude: the weights of the paper."""

WEAKEST_EDGE = 8.0
"""Gradient magnitude (grey levels) below which a zero crossing is noise."""

STRONGEST_EDGE = 200.0
"""Gradient magnitude from which an edge costs nothing more."""

TOLERANCE = 1.0
"""Pixels of the level by which the path may be simplified: a pixel's staircase goes, corners stay."""

Point = tuple[float, float]


class PathTree:
    """All cheapest paths of a window from its `anchor` (xy of the image)."""

    def __init__(self, window: PictureWindow, anchor: Point) -> None:
        self.window = window
        self.anchor = anchor
        self._strength = _strength(window)
        self._scissors = cv2.segmentation.IntelligentScissorsMB()
        self._scissors.setWeights(*WEIGHTS)
        self._scissors.setGradientMagnitudeMaxLimit(STRONGEST_EDGE)
        self._scissors.setEdgeFeatureZeroCrossingParameters(WEAKEST_EDGE)
        self._scissors.applyImage(window.pixels)
        self._scissors.buildMap(self._pixel(anchor))

    def reaches(self, at: Point) -> bool:
        """True when the tree has a path to `at`."""
        return self.window.holds(at, 1.0)

    def path(self, target: Point) -> Points:
        """The path from the anchor to `target`, both included, `(n, 2)` xy of the image.

        Beyond the window it ends at the nearest pixel inside it.
        """
        contour = np.asarray(self._scissors.getContour(self._pixel(target))).reshape(-1, 2)
        line = self.window.to_image(_simplified(contour.astype(np.float64)))
        line[0] = self.anchor
        if self.reaches(target):
            line[-1] = target
        return line

    def part(self, target: Point, share: float = 0.7) -> Points:
        """The first `share` of the path: where the cursor left the window, this much of it is certain enough."""
        contour = np.asarray(self._scissors.getContour(self._pixel(target))).reshape(-1, 2)
        kept = contour[: max(2, round(len(contour) * share))]
        line = self.window.to_image(_simplified(kept.astype(np.float64)))
        line[0] = self.anchor
        return line

    def snapped(self, at: Point, radius: float) -> Point:
        """The strongest edge within `radius` pixels of the window around `at`; `at` itself where there is none."""
        return strongest_near(self._strength, self.window, at, radius)

    def _pixel(self, at: Point) -> tuple[int, int]:
        width, height = self.window.size
        x, y = np.rint(self.window.to_window(np.array([at]))[0]).astype(int).tolist()
        return min(max(x, 1), max(width - 2, 0)), min(max(y, 1), max(height - 2, 0))


def tree_at(level: Level, image_size: Size, anchor: Point) -> PathTree:
    """The tree around `anchor` (xy of the image) in the zoom level that is looked at."""
    reach = SIDE / 2 * image_size[0] / level.shape[1]
    x, y = anchor
    return PathTree(window_of_level(level, image_size, (x - reach, y - reach, x + reach, y + reach)), anchor)


def edge_near(level: Level, image_size: Size, at: Point, radius: float) -> Point:
    """The strongest edge within `radius` pixels of the level around `at`: where a first click goes."""
    reach = (radius + 3) * image_size[0] / level.shape[1]
    window = window_of_level(level, image_size, (at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach))
    return strongest_near(_strength(window), window, at, radius)


def strongest_near(strength: NDArray[np.float32], window: PictureWindow, at: Point, radius: float) -> Point:
    """The pixel of the largest `strength` (of the window's shape) within `radius`; nearer ones win when alike."""
    height, width = strength.shape
    x, y = window.to_window(np.array([at]))[0].tolist()
    left, top = max(0, int(np.floor(x - radius))), max(0, int(np.floor(y - radius)))
    right, bottom = min(width, int(np.ceil(x + radius)) + 1), min(height, int(np.ceil(y + radius)) + 1)
    part = strength[top:bottom, left:right]
    if part.size == 0:
        return at
    rows, columns = np.mgrid[top:bottom, left:right]
    away = np.hypot(columns - x, rows - y)
    value = np.where(away <= radius, part - WEAKEST_EDGE * away / max(radius, 1e-9), -1.0)
    row, column = np.unravel_index(int(value.argmax()), value.shape)
    if part[row, column] < 2 * WEAKEST_EDGE or value[row, column] <= 0:
        return at
    found = window.to_image(np.array([(left + column, top + row)], dtype=np.float64))[0]
    return float(found[0]), float(found[1])


def _strength(window: PictureWindow) -> NDArray[np.float32]:
    """Gradient magnitude in grey levels per pixel, `(height, width)`, of the strongest channel."""
    pixels = window.pixels.astype(np.float32)
    x = cv2.Sobel(pixels, cv2.CV_32F, 1, 0, ksize=3) / 4
    y = cv2.Sobel(pixels, cv2.CV_32F, 0, 1, ksize=3) / 4
    return np.asarray(np.hypot(x, y).max(axis=2), dtype=np.float32)


def _simplified(contour: Points) -> Points:
    if len(contour) < 2:
        return np.repeat(contour[:1], 2, axis=0)
    return np.array(shapely.get_coordinates(shapely.LineString(contour).simplify(TOLERANCE)))
