"""What one mask changed against another: pixels, boundaries, places.

All work happens in the window that both masks' pixels fill, with a margin for the tolerance, so that a 12-megapixel
image with a building costs what the building costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import Place
from annotator.domain.geometry import Box
from annotator.domain.raster import Mask

SPECK = 4
"""Changed places of fewer pixels are rounding of a line, not a change that somebody looks at."""

Distances = NDArray[np.float64]
Window = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class ChangedPlace:
    """A connected piece that was added or removed.

    `box` is x1, y1, x2, y2 in pixels, both corners inside; `area` in pixels; `centre` a pixel of the piece itself.
    """

    kind: Literal["added", "removed"]
    box: Box
    area: int
    centre: Place


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """A mask against the one before it.

    `iou` and `boundary_f` are in [0, 1], `hausdorff` in pixels (infinite when exactly one mask is empty). `added` and
    `removed` are `bool (height, width)` of the whole image; `places` are the changed places, largest first.
    """

    iou: float
    boundary_f: float
    hausdorff: float
    added: Mask
    removed: Mask
    places: tuple[ChangedPlace, ...]


def difference(before: Mask, after: Mask, tolerance: float = 3.0, percentile: float = 95.0) -> Difference:
    """Compare two masks of one image, `bool (height, width)`.

    `boundary_f` is the F-measure of boundary pixels that have one of the other mask's within `tolerance` pixels (Martin
    et al., 2004; DAVIS, Perazzi et al., 2016), `hausdorff` the larger of both directions' `percentile` of boundary
    distances (Huttenlocher et al., 1993). Raises ValueError for masks of different sizes.
    """
    if before.shape != after.shape:
        raise ValueError(f"masks of {before.shape} and {after.shape} cannot be compared")
    window = window_of((before, after), margin=1)
    old, new = before[window], after[window]
    added, removed = np.zeros_like(before), np.zeros_like(before)
    added[window], removed[window] = new & ~old, old & ~new
    overlap, covered = np.count_nonzero(old & new), np.count_nonzero(old | new)
    boundary_f, hausdorff = _boundaries(old, new, tolerance, percentile)
    origin = (window[1].start, window[0].start)
    places = [*_places(added[window], "added", origin), *_places(removed[window], "removed", origin)]
    places.sort(key=lambda place: -place.area)
    return Difference(overlap / covered if covered else 1.0, boundary_f, hausdorff, added, removed, tuple(places))


def iou(before: Mask, after: Mask) -> float:
    """Intersection over union of two masks of one image; 1 for two empty ones."""
    window = window_of((before, after))
    return _iou(before[window], after[window])


def similarity(before: Mask, after: Mask, tolerance: float, percentile: float) -> tuple[float, float, float]:
    """IoU, boundary F-measure and Hausdorff distance of `difference`, without looking for places."""
    window = window_of((before, after), margin=1)
    old, new = before[window], after[window]
    return _iou(old, new), *_boundaries(old, new, tolerance, percentile)


def _iou(old: Mask, new: Mask) -> float:
    covered = np.count_nonzero(old | new)
    return np.count_nonzero(old & new) / covered if covered else 1.0


def window_of(masks: Sequence[Mask], margin: int = 0) -> Window:
    """The rows and columns that all masks' pixels fill, and a margin; one pixel where all are empty."""
    filled = [rect for rect in map(_rectangle, masks) if rect[2]]
    if not filled:
        return slice(0, 1), slice(0, 1)
    height, width = masks[0].shape
    left, top = min(rect[0] for rect in filled), min(rect[1] for rect in filled)
    right, bottom = max(rect[0] + rect[2] for rect in filled), max(rect[1] + rect[3] for rect in filled)
    return (
        slice(max(0, top - margin), min(height, bottom + margin)),
        slice(max(0, left - margin), min(width, right + margin)),
    )


def _rectangle(mask: Mask) -> tuple[int, int, int, int]:
    """x, y, width, height of a mask's pixels; all 0 for an empty one."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return int(x), int(y), int(width), int(height)


def _boundaries(old: Mask, new: Mask, tolerance: float, percentile: float) -> tuple[float, float]:
    """The boundary F-measure and the Hausdorff distance at a percentile."""
    if np.array_equal(old, new):
        return 1.0, 0.0
    first, second = _boundary(old), _boundary(new)
    if not first.any() or not second.any():
        return 0.0, float("inf")
    to_new, to_old = _distances(first, second), _distances(second, first)
    recall, precision = float(np.mean(to_new <= tolerance)), float(np.mean(to_old <= tolerance))
    together = recall + precision
    score = 2 * recall * precision / together if together else 0.0
    far = max(float(np.percentile(to_new, percentile)), float(np.percentile(to_old, percentile)))
    return score, far


def _boundary(mask: Mask) -> Mask:
    """Pixels of the mask that have a 4-neighbour outside it; the image's edge counts as outside."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    pixels = mask.astype(np.uint8)
    inner = cv2.erode(pixels, cross, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return (pixels - inner).view(np.bool_)


def _distances(boundary: Mask, other: Mask) -> Distances:
    """For each pixel of a boundary the distance to the other one's nearest; those on both are 0 without a search.

    A search tree over boundary pixels costs less than distance transforms of the window that they enclose.
    """
    shared = np.count_nonzero(boundary & other)
    apart = _pixels(boundary & ~other)
    if not len(apart):
        return np.zeros(shared)
    from scipy.spatial import cKDTree  # takes half a second to load, and many who import this compare no boundaries

    nearest, _ = cKDTree(_pixels(other)).query(apart)
    return np.concatenate([np.zeros(shared), nearest])


def _pixels(mask: Mask) -> NDArray[np.int32]:
    """`(n, 2)` x and y of a mask's pixels; several times faster than numpy's search."""
    found = cv2.findNonZero(np.ascontiguousarray(mask).view(np.uint8))
    return np.zeros((0, 2), dtype=np.int32) if found is None else np.asarray(found, dtype=np.int32).reshape(-1, 2)


def _places(pixels: Mask, kind: Literal["added", "removed"], origin: tuple[int, int]) -> list[ChangedPlace]:
    count, labels, stats, centroids = cv2.connectedComponentsWithStats(pixels.astype(np.uint8), connectivity=8)
    found = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        if area < SPECK:
            continue
        inside = labels[y : y + height, x : x + width] == label
        spots = _pixels(inside)
        nearest = spots[int(np.argmin(((spots - (centroids[label] - (x, y))) ** 2).sum(axis=1)))]
        left, top = x + origin[0], y + origin[1]
        box = (float(left), float(top), float(left + width - 1), float(top + height - 1))
        centre = Place(float(left + nearest[0]), float(top + nearest[1]))
        found.append(ChangedPlace(kind, box, area, centre))
    return found
