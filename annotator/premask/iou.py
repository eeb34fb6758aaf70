"""Intersection over union of masks and of their boxes."""

from __future__ import annotations

import numpy as np

from annotator.domain.raster import Mask


def mask_iou(one: Mask, other: Mask) -> float:
    """Intersection over union of two masks; 0 where both are empty."""
    return float(int(np.count_nonzero(one & other)) / max(1, int(np.count_nonzero(one | other))))


def box_iou(one: Mask, other: Mask) -> float:
    """Intersection over union of the boxes around two masks, pixels at both ends included."""
    boxes = [_box(one), _box(other)]
    if boxes[0] is None or boxes[1] is None:
        return 0.0
    (ax1, ay1, ax2, ay2), (bx1, by1, bx2, by2) = boxes[0], boxes[1]
    width, height = min(ax2, bx2) - max(ax1, bx1), min(ay2, by2) - max(ay1, by1)
    common = max(0, width) * max(0, height)
    return common / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - common)


def _box(mask: Mask) -> tuple[int, int, int, int] | None:
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not len(columns):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
