"""IoU of one query-index pair by the paper's text (FORMAT B4): exact masks and their boxes on the canvas of the image.

Everything is filled by the product's one rasteriser; nothing of the published evaluator's canvas is used here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from annotator.domain.geometry import Points, Size
from annotator.domain.raster import fill_rings
from annotator.domain.rle import Rle, decode
from qa.metrics.pairs import Floats
from qa.metrics.patch import EMPTY, Patch, Pixels, intersection, patch

Rings = Sequence[Points]
"""Rings of one polygon, filled together by even-odd: an outer ring and its holes."""


@dataclass(frozen=True, slots=True)
class PaperIou:
    """IoU of the masks' boxes and of the masks, in [0, 1]; 0 where both are empty."""

    box: float
    mask: float


@dataclass(frozen=True, slots=True, eq=False)
class ExactMask:
    """A mask within an image: its pixels, and its box as x, y, width, height (width 0 for no pixel at all)."""

    pixels: Patch
    box: tuple[int, int, int, int]


NOTHING = ExactMask(EMPTY, (0, 0, 0, 0))


def mask_of_polygons(polygons: Sequence[Rings], size: Size) -> ExactMask:
    """The union of polygons on the canvas of an image of `size` (width, height); what lies outside is cut off.

    Only the window of the canvas that the polygons touch is drawn.
    """
    rings = [ring for polygon in polygons for ring in polygon if len(ring)]
    if not rings:
        return NOTHING
    low, high = _extent(np.concatenate(rings))
    left, top = max(low[0], 0), max(low[1], 0)
    width, height = min(size[0], high[0] + 1) - left, min(size[1], high[1] + 1) - top
    if width <= 0 or height <= 0:
        return NOTHING
    canvas = np.zeros((height, width), dtype=np.uint8)
    for polygon in polygons:
        fill_rings(canvas, [ring for ring in polygon if len(ring)], offset=(left, top))
    return _exact(left, top, canvas)


def mask_of_rle(rle: Rle) -> ExactMask:
    """A run-length encoded mask; raises GeometryError for a broken one."""
    columns = decode(rle).T.view(np.uint8)  # column-major runs: the transpose lies in rows
    top, left, height, width = cv2.boundingRect(columns)
    if not width:
        return NOTHING
    return _exact(left, top, np.ascontiguousarray(columns[left : left + width, top : top + height].T))


def paper_iou(prediction: ExactMask, truth: ExactMask) -> PaperIou:
    """Box and mask IoU of two masks of the same image."""
    common = intersection(prediction.pixels, truth.pixels)
    union = prediction.pixels.area + truth.pixels.area - common
    return PaperIou(_box_iou(prediction.box, truth.box), common / union if union else 0.0)


def _exact(left: int, top: int, canvas: Pixels) -> ExactMask:
    x, y, width, height = cv2.boundingRect(canvas)
    return ExactMask(patch(left, top, canvas), (left + x, top + y, width, height))


def _extent(points: Floats) -> tuple[tuple[int, int], tuple[int, int]]:
    low, high = np.floor(points.min(axis=0)).tolist(), np.ceil(points.max(axis=0)).tolist()
    return (int(low[0]), int(low[1])), (int(high[0]), int(high[1]))


def _box_iou(first: tuple[int, int, int, int], second: tuple[int, int, int, int]) -> float:
    common = 1
    for axis in (0, 1):
        start = max(first[axis], second[axis])
        stop = min(first[axis] + first[axis + 2], second[axis] + second[axis + 2])
        common *= max(0, stop - start)
    union = first[2] * first[3] + second[2] * second[3] - common
    return common / union if union else 0.0
