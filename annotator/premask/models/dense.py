"""Keypoints and their descriptors from maps: a score for every pixel and descriptors on a coarser grid."""

from __future__ import annotations

import cv2
import numpy as np

from annotator.premask.features import Floats

RADIUS = 2
"""Pixels around a keypoint in which its score is the highest (non-maximum suppression as in DeTone et al., 2018)."""

BORDER = 4
"""Pixels at the border without keypoints: half of what a network sees there is padding."""

LEAST = 0.01
"""Score below which nothing is a keypoint."""


def peaks(scores: Floats, limit: int, least: float = LEAST) -> tuple[Floats, Floats]:
    """The `limit` highest local maxima of a map `(h, w)`: points `(n, 2)` xy and their scores, best first."""
    side = 2 * RADIUS + 1
    highest = cv2.dilate(scores, np.ones((side, side), np.uint8))
    chosen = (scores == highest) & (scores > least)
    chosen[:BORDER] = chosen[-BORDER:] = False
    chosen[:, :BORDER] = chosen[:, -BORDER:] = False
    rows, columns = np.nonzero(chosen)
    found = scores[rows, columns]
    order = np.argsort(-found, kind="stable")[:limit]
    return np.column_stack([columns, rows])[order].astype(np.float32), found[order]


def read_at(descriptors: Floats, points: Floats, stride: int) -> Floats:
    """Descriptors `(n, d)` of a map `(d, rows, columns)` at `points` `(n, 2)` xy, bilinear, the border repeated.

    A cell's descriptor stands at the centre of its `stride` x `stride` pixels.
    """
    _, rows, columns = descriptors.shape
    place = np.clip((points + 0.5) / stride - 0.5, 0, [columns - 1, rows - 1])
    low = place.astype(np.intp)
    high = np.minimum(low + 1, [columns - 1, rows - 1])
    part = (place - low).astype(np.float32)
    grid = np.moveaxis(descriptors, 0, -1)
    above = _between(grid[low[:, 1], low[:, 0]], grid[low[:, 1], high[:, 0]], part[:, :1])
    below = _between(grid[high[:, 1], low[:, 0]], grid[high[:, 1], high[:, 0]], part[:, :1])
    return _between(above, below, part[:, 1:])


def _between(first: Floats, second: Floats, part: Floats) -> Floats:
    return first + (second - first) * part
