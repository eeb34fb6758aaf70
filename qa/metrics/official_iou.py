"""IoU of one query-index pair exactly as the published evaluator computes it (FORMAT B1), oddities included.

The evaluator draws on a canvas of S by S pixels, S the largest coordinate of truth and prediction together, so the
last row and column are lost. Official scoring is not the product's rasteriser: it truncates coordinates and fills with
`cv2.fillPoly` on that canvas. Here every shape is drawn in its own window of the canvas. The window's low borders are
those of the shape (of the canvas where it goes below 0) and its high borders those of the shape or the canvas, so that
lines are clipped where the full canvas clips them; filling is invariant to a shift by whole pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import AnnotatorError
from qa.metrics.patch import EMPTY, Patch, intersection, patch
from qa.metrics.ring_input import TooLargeError

IntRing = NDArray[np.int32]
"""`(n, 2)` int32 xy: coordinates already truncated towards zero."""

LARGEST_SIDE = 30_000
"""Coordinates beyond are no place in a photograph; the canvas of the evaluator would take gigabytes for them."""

LARGEST_WINDOW = 1 << 27
"""Pixels; the largest window that is drawn."""


class UnscorablePairError(AnnotatorError):
    """The published evaluator raises for this pair and goes on with the previous pair's IoU.

    `raised` is the name of its exception; `box` is the box IoU when that was still computed, which it then keeps.
    """

    def __init__(self, raised: str, box: float | None = None) -> None:
        self.raised = raised
        self.box = box
        super().__init__(f"the official evaluator raises {raised} for this pair and keeps the previous pair's IoU")

    def __reduce__(self) -> tuple[type[UnscorablePairError], tuple[str, float | None]]:
        return UnscorablePairError, (self.raised, self.box)


@dataclass(frozen=True, slots=True)
class PairIou:
    """IoU of the bounding boxes and of the filled masks, each in [0, 1], or NaN where nothing was drawn."""

    box: float
    mask: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Rings of one side of a pair, ready to be drawn on canvases of any side: `low` and `high` are x, y extremes.

    Made with `drawing`. Keeps what was drawn, since all pairs of a label share its two possible rasters.
    """

    rings: tuple[IntRing, ...]
    low: tuple[int, int]
    high: tuple[int, int]
    _drawn: dict[int, Patch] = field(default_factory=dict)

    @property
    def largest(self) -> int:
        """The largest coordinate."""
        return max(self.high)

    def on(self, side: int) -> Patch:
        """What of the rings' union a canvas of `side` by `side` pixels shows."""
        key = min(side, self.largest + 1)  # beyond its largest coordinate a larger canvas changes nothing
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = _draw(self, key)
        return found


def drawing(rings: Sequence[IntRing]) -> Drawing:
    """Prepare at least one ring of at least one point each; raises TooLargeError for coordinates of no photograph."""
    points = rings[0] if len(rings) == 1 else np.concatenate(rings)
    low_x, low_y, width, height = cv2.boundingRect(points)
    high_x, high_y = low_x + width - 1, low_y + height - 1
    if min(low_x, low_y) < -LARGEST_SIDE or max(high_x, high_y) > LARGEST_SIDE:
        raise TooLargeError("has a coordinate that is no place in any photograph")
    if (high_x - max(low_x, 0) + 1) * (high_y - max(low_y, 0) + 1) > LARGEST_WINDOW:
        raise TooLargeError("is larger than any photograph")
    return Drawing(tuple(rings), (low_x, low_y), (high_x, high_y))


def official_iou(prediction: Drawing, truth: Drawing) -> PairIou:
    """Box and mask IoU; raises UnscorablePairError where all coordinates are negative."""
    side = max(prediction.largest, truth.largest)
    if side < 0:
        raise UnscorablePairError("ValueError")
    drawn, expected = prediction.on(side), truth.on(side)
    common = intersection(drawn, expected)
    return PairIou(box_iou(prediction, truth, side), ratio(common, drawn.area + expected.area - common))


def box_iou(prediction: Drawing, truth: Drawing, side: int) -> float:
    """IoU of the boxes around all points, as numpy slices of the canvas: a negative corner counts from the far end."""
    common = first = second = 1
    for axis in (0, 1):
        start, stop, _ = slice(prediction.low[axis], prediction.high[axis] + 1).indices(side)
        begin, end, _ = slice(truth.low[axis], truth.high[axis] + 1).indices(side)
        first *= max(0, stop - start)
        second *= max(0, end - begin)
        common *= max(0, min(stop, end) - max(start, begin))
    return ratio(common, first + second - common)


def ratio(common: int, union: int) -> float:
    """`common / union`, NaN for nothing at all as in numpy."""
    return common / union if union else float("nan")


def _draw(shape: Drawing, side: int) -> Patch:
    left, top = max(shape.low[0], 0), max(shape.low[1], 0)
    width, height = min(side, shape.high[0] + 1) - left, min(side, shape.high[1] + 1) - top
    if width <= 0 or height <= 0:
        return EMPTY
    canvas = np.zeros((height, width), dtype=np.uint8)
    for ring in shape.rings:
        cv2.fillPoly(canvas, [ring], (1,), offset=(-left, -top))
    return patch(left, top, canvas)
