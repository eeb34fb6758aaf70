"""The region cut: what the evidence takes away from the warped mask (occlusion) and what it adds."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.features import Floats
from annotator.premask.window import Window

SMOOTHING = 2.0
"""Window pixels by which the probability is smoothed before it decides."""

TAKEN, ADDED = 0.4, 0.7
"""Below the first a part of the warped mask is taken away, above the second a part beside it is added."""

LEAST_SHARE = 0.02
"""Share of the warped mask below which a part is too small to take or add: small occlusions stay inside."""

KEPT_SHARE = 0.05
"""Components smaller than this share of the largest are dropped."""


def change_of(window: Window, inside: Floats) -> NDArray[np.int8]:
    """`(h, w)` of the window: -1 where the cut takes away, 1 where it adds, 0 elsewhere.

    `inside` `(h, w)` is the probability of the window's pixels. Only parts that are thick and large change anything;
    the outline itself is drawn to the image's edges afterwards (see edges.py).
    """
    expected = window.expected > 0.5
    area = np.count_nonzero(expected)
    smooth = cv2.GaussianBlur(inside, (0, 0), SMOOTHING)
    taken = _large(_opened(expected & (smooth < TAKEN), 7), LEAST_SHARE * area)
    if np.count_nonzero(taken) > 0.9 * area:  # the evidence disagrees with everything: the warp is the better guess
        taken[:] = False
    added = _large(_opened(~expected & (smooth > ADDED), 9), LEAST_SHARE * area)
    return added.astype(np.int8) - taken.astype(np.int8)


def changed(warped: Mask, window: Window, change: NDArray[np.int8]) -> Mask:
    """The mask after the cut, at the size of `warped` (the index image's working size)."""
    if not change.any():
        return warped
    result = warped.copy()
    part, at_size = window.outwards(change.astype(np.float32), warped.shape)
    result[part][at_size < -0.5] = False
    result[part][at_size > 0.5] = True
    return result


def left_in(window: Window, change: NDArray[np.int8]) -> Mask:
    """The mask after the cut as the window shows it."""
    return np.asarray(((window.expected > 0.5) & (change >= 0)) | (change > 0))


def agreement(mask: Mask, inside: Floats) -> float:
    """The IoU that the probabilities themselves expect of the mask after the cut, both as the window shows them."""
    within = float(inside[mask].sum())
    return within / max(1.0, np.count_nonzero(mask) + float(inside.sum()) - within)


def _opened(mask: Mask, side: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel).astype(bool)


def _large(mask: Mask, least: float) -> Mask:
    """The components of at least `least` pixels."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    keep = statistics[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[labels])


def main_parts(mask: Mask) -> Mask:
    """Without components that are small beside the largest."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    part = np.ascontiguousarray(mask[y : y + height, x : x + width]).view(np.uint8)
    if part.size == 0:
        return mask
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(part)
    if count < 3:
        return mask
    areas = statistics[:, cv2.CC_STAT_AREA]
    keep = areas >= KEPT_SHARE * areas[1:].max()
    keep[0] = False
    result = np.zeros_like(mask)
    result[y : y + height, x : x + width] = keep[labels]
    return result
