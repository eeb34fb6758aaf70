"""Superpixels: small regions whose borders follow the picture, for painting whole regions at once.

Clusters of colour and place (SLIC: Achanta and others, 2012) give compact regions; a watershed from their cores
(Meyer, 1992, as in OpenCV) then brings their borders to the edges of the picture at the size looked at. The same
picture and spacing give the same regions.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Points
from annotator.domain.raster import Mask
from annotator.domain.tracing import straightened, trace
from annotator.premask.click.picture import PictureWindow

SMALLEST_SPACING = 6
LARGEST_SPACING = 160

WORKING_AREA = 160_000
"""Pixels at which the clusters are made."""

ROUNDS = 4

COMPACTNESS = 14.0
"""Lab units that weigh as much as the distance to the next region: more makes rounder regions."""

SMALLEST_SHARE = 0.06
"""Share of a square of the spacing below which a piece of a cluster joins its neighbours."""

Point = tuple[float, float]
Floats = NDArray[np.float32]
Labels = NDArray[np.int32]
"""`(height, width)` int32, every pixel the number of its region, from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Superpixels:
    """The regions of a window; `boxes` are the rows and columns that each region lies in, from region 1."""

    window: PictureWindow
    labels: Labels
    boxes: tuple[tuple[slice, slice], ...]

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

    def rings(self, regions: frozenset[int]) -> list[Points]:
        """The outlines of some regions (together, holes included), each `(n, 2)` xy of the image: for a preview."""
        boxes = [self.boxes[region - 1] for region in regions if 0 < region <= len(self.boxes)]
        if not boxes:
            return []
        top, left = min(rows.start for rows, _ in boxes), min(columns.start for _, columns in boxes)
        bottom, right = max(rows.stop for rows, _ in boxes), max(columns.stop for _, columns in boxes)
        traced = trace(self._chosen(regions)[self.labels[top:bottom, left:right]])
        rings = [straightened(ring) + np.array([left, top]) for outer, holes in traced for ring in (outer, *holes)]
        return [self.window.to_image(ring.astype(np.float64)) for ring in rings]

    def mask(self, regions: frozenset[int]) -> Mask:
        """The pixels of some regions, `bool (height, width)` of the window."""
        return np.asarray(self._chosen(regions)[self.labels])

    def _chosen(self, regions: frozenset[int]) -> NDArray[np.bool_]:
        chosen = np.zeros(len(self.boxes) + 1, dtype=bool)
        chosen[[region for region in regions if 0 < region < len(chosen)]] = True
        return chosen


def superpixels(window: PictureWindow, spacing: float) -> Superpixels:
    """Regions about `spacing` pixels of the window wide and high."""
    step = min(max(spacing, SMALLEST_SPACING), LARGEST_SPACING)
    height, width = window.pixels.shape[:2]
    if min(height, width) < 3 or max(height, width) < 1.5 * step:
        return _regions(window, np.ones((height, width), dtype=np.int32))
    markers = _cores(_clustered(window, step), step)
    even = np.asarray(cv2.medianBlur(window.pixels, 3), dtype=np.uint8)
    flooded = np.asarray(cv2.watershed(even, markers), dtype=np.int32)
    return _regions(window, _without_lines(flooded, even))


def _regions(window: PictureWindow, labels: Labels) -> Superpixels:
    return Superpixels(window, labels, tuple(_boxes(labels)))


def _boxes(labels: Labels) -> list[tuple[slice, slice]]:
    """Rows and columns of each region from 1 on, as slices; empty ones for a number that no pixel has."""
    last = int(labels.max(initial=0))
    flat = labels.ravel()
    ends = []
    for places, side in zip(np.indices(labels.shape, dtype=np.int32), labels.shape, strict=True):
        low, high = np.full(last + 1, side, dtype=np.int32), np.zeros(last + 1, dtype=np.int32)
        np.minimum.at(low, flat, places.ravel())
        np.maximum.at(high, flat, places.ravel() + 1)
        ends.append((low, high))
    (top, bottom), (left, right) = ends
    return [
        (slice(int(top[k]), int(bottom[k])), slice(int(left[k]), int(right[k]))) if bottom[k] else (slice(0, 0),) * 2
        for k in range(1, last + 1)
    ]


def _clustered(window: PictureWindow, step: float) -> Labels:
    """SLIC at a size that bounds its time, brought back to the window's size: rough, and not in one piece each."""
    width, height = window.size
    factor = min(1.0, float(np.sqrt(WORKING_AREA / (width * height))), step / SMALLEST_SPACING)
    size = max(3, round(width * factor)), max(3, round(height * factor))
    lab = cv2.resize(window.smooth, size, interpolation=cv2.INTER_AREA) if factor < 1 else window.smooth
    labels = slic(np.asarray(lab, dtype=np.float32), step * factor)
    return np.asarray(cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.int32)


def slic(lab: Floats, step: float) -> Labels:
    """Clusters of colour and place, `(height, width)` int32 from 1, for Lab `(height, width, 3)`.

    Every pixel chooses among the nine clusters whose grid cells are around it, so that no search is needed.
    """
    height, width = lab.shape[:2]
    rows, columns = max(1, round(height / step)), max(1, round(width / step))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    cell_y, cell_x = (y * rows / height).astype(np.int64), (x * columns / width).astype(np.int64)
    place = np.stack([y, x], axis=2) / np.float32(step)
    values = np.concatenate([lab / np.float32(COMPACTNESS), place], axis=2).astype(np.float32)
    labels = cell_y * columns + cell_x
    flat = values.reshape(-1, values.shape[2])
    for _ in range(ROUNDS):
        centres = _means(flat, labels.ravel(), rows * columns)
        best = np.full((height, width), np.inf, dtype=np.float32)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                near = np.clip(cell_y + dy, 0, rows - 1) * columns + np.clip(cell_x + dx, 0, columns - 1)
                away = np.square(values - centres[near]).sum(axis=2)
                nearer = away < best
                best[nearer], labels[nearer] = away[nearer], near[nearer]
    return np.asarray(labels + 1, dtype=np.int32)


def _means(values: Floats, labels: NDArray[np.int64], count: int) -> Floats:
    """The mean of the values `(n, k)` of each label, `(count, k)`; infinite where it has none."""
    sizes = np.bincount(labels, minlength=count)
    sums = [np.bincount(labels, weights=values[:, k], minlength=count) for k in range(values.shape[1])]
    means = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    means[sizes == 0] = 1e6
    return np.asarray(means, dtype=np.float32)


def _cores(labels: Labels, step: float) -> Labels:
    """Seeds for the watershed: what lies inside the clusters, each piece numbered on its own, crumbs left out."""
    square = np.ones((3, 3), np.uint8)
    numbers = labels.astype(np.float32)
    inside = (cv2.erode(numbers, square) == numbers) & (cv2.dilate(numbers, square) == numbers)
    count, pieces, statistics, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    large = statistics[:, cv2.CC_STAT_AREA] >= SMALLEST_SHARE * step * step
    large[0] = False
    renumbered = np.zeros(count, dtype=np.int32)
    renumbered[large] = np.arange(1, int(large.sum()) + 1)
    if not large.any():
        renumbered[1:] = 1
    return np.asarray(renumbered[pieces], dtype=np.int32)


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
