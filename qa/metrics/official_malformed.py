"""What the published evaluator does with input that is not lists of points: mostly it raises, sometimes it scores.

Only for such input, so plainness comes before speed; well-formed pairs go through `official_iou`.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from qa.metrics.official_iou import IntRing, PairIou, UnscorablePairError, drawing, official_iou, ratio
from qa.metrics.ring_input import TooLargeError, require_modest, ring_points

LARGEST_CANVAS = 8_192
"""Malformed input is drawn on the evaluator's whole canvas; beyond this side it is refused."""

Numbers = NDArray[np.int64]

EXPECTED = (IndexError, TypeError, ValueError, OverflowError, cv2.error)


def lenient_iou(prediction: Any, truth: Any) -> PairIou:
    """IoU of a raw prediction (a ring) and a raw truth (a list of rings), whatever they are.

    Raises UnscorablePairError where the evaluator raises, TooLargeError where its canvas would be absurd.
    """
    require_modest(prediction)
    require_modest(truth)
    box = None
    try:
        joined: Any = []
        for shape in truth:
            joined = joined + shape
        mine, theirs = _whole_numbers(prediction), _whole_numbers(joined)
        side = int(max(mine[:, 0].max(), mine[:, 1].max(), theirs[:, 0].max(), theirs[:, 1].max()))
        if side > LARGEST_CANVAS:
            raise TooLargeError("is malformed and has a coordinate that is no place in any photograph")
        box = _overlap(_boxed(mine, side), _boxed(theirs, side))
        expected = _canvas(side)
        filled = _filled(_canvas(side), mine)
        for shape in truth:
            _filled(expected, _whole_numbers(shape))
        return PairIou(box, _overlap(filled, expected))
    except EXPECTED as error:
        raise UnscorablePairError(_name(error), box) from error


def raw_iou(prediction: Any, truth: Any) -> PairIou:
    """IoU of any input: through `official_iou` where both are lists of points, else `lenient_iou`."""
    rings = [whole_ring(ring) for ring in truth] if isinstance(truth, list) else [None]
    mine = whole_ring(prediction)
    whole = [ring for ring in rings if ring is not None]
    if mine is None or not rings or len(whole) < len(rings):
        return lenient_iou(prediction, truth)
    return official_iou(drawing([mine]), drawing(whole))


def whole_ring(points: Any) -> IntRing | None:
    """`[[x, y], …]` as `(n, 2)` int32, truncated towards zero; None for anything else; raises TooLargeError."""
    found = ring_points(points)
    return None if found is None else found.astype(np.int32)


def _whole_numbers(points: Any) -> Numbers:
    numbers = np.array(points)
    if numbers.dtype.kind == "f" and not np.all(np.isfinite(numbers)):
        raise TooLargeError("has a coordinate that is no number")
    return numbers.astype(np.int64)


def _canvas(side: int) -> NDArray[np.uint8]:
    return np.zeros((side, side), dtype=np.uint8)


def _boxed(points: Numbers, side: int) -> NDArray[np.uint8]:
    canvas = _canvas(side)
    left, right = points[:, 0].min(), points[:, 0].max()
    top, bottom = points[:, 1].min(), points[:, 1].max()
    canvas[top : bottom + 1, left : right + 1] = 1
    return canvas


def _filled(canvas: NDArray[np.uint8], points: Numbers) -> NDArray[np.uint8]:
    ring = np.stack((points[:, 0], points[:, 1]), axis=1).astype(np.int32)
    cv2.fillPoly(canvas, [ring], (1,))
    return canvas


def _overlap(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    return ratio(int(np.count_nonzero(first & second)), int(np.count_nonzero(first | second)))


def _name(error: BaseException) -> str:
    return "cv2.error" if isinstance(error, cv2.error) else type(error).__name__
