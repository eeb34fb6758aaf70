"""The part of the index image where the object is expected, at a working size, with the reference warped beside it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.features import Floats, Pixels
from annotator.premask.sampling import resized, resized_floats, sampled, sampled_pixels
from annotator.premask.warp import Geometry

OBJECT_SIZE = 150.0
"""Pixels of the square root of the expected box's area in the window."""

LARGEST_WINDOW = 360
"""Pixels of the window's longer side."""

SCENE_SIZE = 400.0
"""Pixels of the square root of the mask's box to which a reference is brought down: more than any window shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A reference at the size that windows need: `image` uint8 `(h, w, 3)` and `mask` float32 `(h, w)`, 0 to 1.

    `size` is the width and height of the reference itself.
    """

    image: Pixels
    mask: Floats
    size: tuple[int, int]


def scene_of(image: Pixels, mask: Mask) -> Scene:
    """A reference brought down once for all windows in which it is seen."""
    height, width = mask.shape
    factor = min(1.0, SCENE_SIZE / box_size(mask))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if size == (width, height):
        return Scene(image, mask.astype(np.float32), size)
    covered = resized(mask.view(np.uint8) * np.uint8(255), size)
    return Scene(resized(image, size), (covered / np.float32(255)).astype(np.float32), (width, height))


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """`origin` (x, y) and `factor`: window pixel = (index pixel - origin) * factor.

    `image` and `reference` uint8 `(h, w, 3)`: the index image and the reference seen through the geometry;
    `expected` float32 `(h, w)`: the reference's mask seen through it, 0 to 1; `known` bool: inside the reference image.
    """

    origin: tuple[float, float]
    factor: float
    image: Pixels
    reference: Pixels
    expected: Floats
    known: Mask

    @property
    def size(self) -> float:
        """Square root of the expected box's area in window pixels."""
        return box_size(self.expected > 0.5)

    def inwards(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """xy of the index image to xy of the window."""
        return np.asarray((points - np.array(self.origin)) * self.factor, dtype=np.float64)

    def outwards(
        self, plane: Floats, shape: tuple[int, int], smooth: bool = True
    ) -> tuple[tuple[slice, slice], Floats]:
        """Which rows and columns of the index image, which is of `shape` (height, width), the window covers, and a
        plane `(h, w)` of the window at their size: between its pixels, or not `smooth`.
        """
        x, y = int(self.origin[0]), int(self.origin[1])
        size = round(plane.shape[1] / self.factor), round(plane.shape[0] / self.factor)
        between = cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST
        found = cv2.resize(plane, size, interpolation=between)[: shape[0] - y, : shape[1] - x]
        return (slice(y, y + found.shape[0]), slice(x, x + found.shape[1])), np.asarray(found, dtype=np.float32)


def box_size(mask: Mask) -> float:
    """Square root of the area of a mask's box in pixels, 1 where it is empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not len(columns):
        return 1.0
    return float(np.sqrt((columns[-1] - columns[0] + 1) * (rows[-1] - rows[0] + 1)))


def window_of(scene: Scene, image: Pixels, geometry: Geometry, outline: NDArray[np.float64]) -> Window | None:
    """Cut the window around `outline`, `(n, 2)` xy of the warped border in the index image; None if it is outside."""
    height, width = image.shape[:2]
    low, high = outline.min(axis=0), outline.max(axis=0)
    size = float(np.sqrt(np.prod(np.maximum(high - low, 1.0))))
    margin = 0.3 * size
    x1, y1 = (int(v) for v in np.maximum(low - margin, 0))
    x2, y2 = int(min(high[0] + margin + 1, width)), int(min(high[1] + margin + 1, height))
    if x2 - x1 < 4 or y2 - y1 < 4 or size < 6:
        return None
    seen = np.minimum(high, [width, height]) - np.maximum(low, 0)
    seen_size = float(np.sqrt(np.prod(np.maximum(seen, 1.0))))
    factor = min(OBJECT_SIZE / seen_size, LARGEST_WINDOW / max(x2 - x1, y2 - y1), 4.0)
    shape = (max(8, round((x2 - x1) * factor)), max(8, round((y2 - y1) * factor)))
    part = resized(image[y1:y2, x1:x2], shape)
    back_x, back_y = _backwards(geometry, (x1, y1), factor, shape)
    seen_reference, seen_mask, known = _seen(scene, back_x, back_y)
    return Window((float(x1), float(y1)), factor, part, seen_reference, seen_mask, known)


def _backwards(
    geometry: Geometry, origin: tuple[int, int], factor: float, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """x and y, float32 `(h, w)` each: where each window pixel lies in the reference.

    Computed on every eighth pixel and interpolated.
    """
    columns, rows = max(2, shape[0] // 8), max(2, shape[1] // 8)
    x, y = np.linspace(0, shape[0] - 1, columns), np.linspace(0, shape[1] - 1, rows)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) / factor + np.array(origin)
    known = np.nan_to_num(geometry.backward(points), nan=-1e4).clip(-2e4, 2e4)
    coarse = known.astype(np.float32).reshape(rows, columns, 2)
    fx = np.linspace(0, columns - 1, shape[0], dtype=np.float32)
    fy = np.linspace(0, rows - 1, shape[1], dtype=np.float32)
    back = sampled(coarse, *np.meshgrid(fx, fy))
    return np.ascontiguousarray(back[..., 0]), np.ascontiguousarray(back[..., 1])


def _seen(scene: Scene, back_x: Floats, back_y: Floats) -> tuple[Pixels, Floats, Mask]:
    """The reference and its mask at the window's pixels, brought down first where the window is coarser."""
    width, height = scene.size
    known = (back_x >= 0) & (back_x <= width - 1) & (back_y >= 0) & (back_y <= height - 1)
    down, across = scene.mask.shape
    x, columns = _in_scene(back_x, across / width, across)
    y, rows = _in_scene(back_y, down / height, down)
    steps = max(float(np.abs(np.diff(places[::8, ::8], axis=1)).max(initial=0)) for places in (x, y)) / 8
    shrink = 1.0 / max(1.0, min(steps, 16.0) * 0.8)
    part, part_mask = scene.image[rows, columns], scene.mask[rows, columns]
    shape = (max(1, round(part.shape[1] * shrink)), max(1, round(part.shape[0] * shrink)))
    x = (x - np.float32(columns.start - 0.5)) * np.float32(shape[0] / part.shape[1]) - np.float32(0.5)
    y = (y - np.float32(rows.start - 0.5)) * np.float32(shape[1] / part.shape[0]) - np.float32(0.5)
    seen_mask = sampled(resized_floats(part_mask, shape), x, y, edge=False)
    return sampled_pixels(resized(part, shape), x, y), seen_mask, np.asarray(known, dtype=np.bool_)


def _in_scene(back: Floats, factor: float, side: int) -> tuple[Floats, slice]:
    """Places along one side of the reference in its `Scene`, `side` pixels long, and the pixels that they span."""
    places = (back + np.float32(0.5)) * np.float32(factor) - np.float32(0.5)
    first = int(np.clip(int(places.min()) - 2, 0, max(side, 2) - 2))
    return places, slice(first, int(np.clip(int(places.max()) + 3, first + 2, max(side, 2))))
