"""From a mask of a window to polygons of the image, as a person would want to go on with."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Polygon
from annotator.domain.raster import Mask
from annotator.domain.regions import from_shapely, simplified, to_shapely
from annotator.domain.tracing import polygons_of
from annotator.premask.click.picture import PictureWindow

TOLERANCE = 0.6
"""Pixels of the window by which the outline may be simplified."""


@dataclass(frozen=True, slots=True)
class Smallest:
    """Square pixels of the image below which a hole is filled and a part is dropped."""

    hole: float = 25.0
    part: float = 16.0


def window_polygons(mask: Mask, window: PictureWindow, smallest: Smallest) -> tuple[Polygon, ...]:
    """The polygons of `mask`, `bool (height, width)` of the window, in pixels of the image, largest first.

    At a level below full size the mask is brought to full size first, smoothly, so that no steps are seen.
    """
    whole, x, y = _full_size(mask, window)
    return _polygons(whole, (x, y), TOLERANCE * max(1.0, window.step), smallest)


def image_polygons(mask: Mask, step: float, smallest: Smallest) -> tuple[Polygon, ...]:
    """The polygons of a mask of the whole image, `bool (height, width)`, largest first.

    `step` is how many pixels of the image one pixel is wide in what the mask was found in: finer outlines are noise.
    """
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    part = np.ascontiguousarray(mask[top : top + height, left : left + width])
    return _polygons(part, (left, top), TOLERANCE * max(1.0, step), smallest)


def _polygons(mask: Mask, first: tuple[int, int], tolerance: float, smallest: Smallest) -> tuple[Polygon, ...]:
    """The polygons of a mask whose first pixel is the image's pixel `first` (x, y)."""
    found: list[Polygon] = []
    for traced in polygons_of(mask):
        rings = [simplified(ring, tolerance).moved(*first) for ring in traced.rings]
        kept = [hole for hole in rings[1:] if abs(hole.signed_area) >= smallest.hole]
        pieces = from_shapely(to_shapely(Polygon(rings[0], tuple(kept))))
        found += [piece for piece in pieces if piece.area >= smallest.part]
    return tuple(sorted(found, key=lambda piece: -piece.area))


def _full_size(mask: Mask, window: PictureWindow) -> tuple[Mask, int, int]:
    """The part of the mask that is not empty, in pixels of the image, and where its first pixel lies."""
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    part = np.ascontiguousarray(mask[top : top + height, left : left + width])
    left, top = left + window.x, top + window.y
    if window.scale == (1.0, 1.0) or part.size == 0:
        return part, left, top
    scale = np.array(window.scale)
    first = np.floor(np.array([left, top]) / scale).astype(int)
    last = np.ceil(np.array([left + width, top + height]) / scale).astype(int)
    first, last = np.maximum(first, 0), np.minimum(last, window.image_size)
    shift = (first + 0.5) * scale - 0.5 - np.array([left, top])
    back = np.array([[scale[0], 0.0, shift[0]], [0.0, scale[1], shift[1]]])
    size = (int(last[0] - first[0]), int(last[1] - first[1]))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    padded = np.pad(part.astype(np.float32), 1)
    _keep_at_borders(padded, part, (left, top, width, height), window)
    back[:, 2] += 1
    full = cv2.warpAffine(padded, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(full > 0.5), int(first[0]), int(first[1])


def _keep_at_borders(
    padded: NDArray[np.float32],
    part: Mask,
    box: tuple[int, int, int, int],
    window: PictureWindow,
) -> None:
    """Where the mask ends at the image's border it goes on beyond it, so that the border pixels stay in."""
    left, top, width, height = box
    level = np.round(np.array(window.image_size) * np.array(window.scale)).astype(int)
    if left == 0:
        padded[1:-1, 0] = part[:, 0]
    if top == 0:
        padded[0, 1:-1] = part[0]
    if left + width >= level[0]:
        padded[1:-1, -1] = part[:, -1]
    if top + height >= level[1]:
        padded[-1, 1:-1] = part[-1]
