"""What features are looked for in: the enlarged crop around a mask, its tilted views, and whole index images."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.features import Extractor, Features, Pixels, joined

Affine = NDArray[np.float64]
"""`(2, 3)` float64: maps xy to xy."""

CROP_MARGIN = 0.35
"""Share of the mask's box added on every side: what is around the object tells it from its surroundings."""

CROP_SIDE = 1024
"""Long side to which a crop is brought; a small query object otherwise gives some 50 features."""

LARGEST_ENLARGEMENT = 8.0

TILTS: tuple[tuple[float, float, float], ...] = ((0.55, 0.0, 1.0), (0.6, 0.4, 1.0), (0.6, -0.4, 1.0))
"""Other views of a facade: width factor, vertical shear per width, height factor.

A facade seen from the side is narrower and its courses climb or fall (affine simulation: Morel and Yu, 2009, ASIFT).
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many features are wanted: in the crop as it is, in each tilted view, in an index image.

    `crop_sizes` and `index_sizes` are further sizes to look at, as shares of the first, with as many features as their
    share says.
    """

    crop: int = 4000
    tilt: int = 0
    index: int = 8000
    index_side: int = 1280
    crop_sizes: tuple[float, ...] = ()
    index_sizes: tuple[float, ...] = ()


LEARNED = Budget(crop=1500, tilt=400, index=4500, crop_sizes=(0.6, 0.36, 0.2), index_sizes=(0.5,))
"""For learned features, which are found again more often but have no scale of their own: the object may be five times
smaller in an index image than in the enlarged crop, or fill it, and be seen from the side."""

MATCHED = Budget(crop=1000, index=1000, crop_sizes=(0.4,))
"""For a learned matcher, which runs once for every view of a reference with every view of an index image."""

BESIDE = Budget(crop=3000, index=6000)
"""For RootSIFT where learned features were looked at first."""


def crop_box(mask: Mask, margin: float = CROP_MARGIN) -> tuple[int, int, int, int] | None:
    """x1, y1, x2, y2 (the last exclusive) around the mask with its margin inside the image; None where it is empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not len(columns):
        return None
    x1, x2, y1, y2 = int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1
    dx, dy = round(margin * (x2 - x1)), round(margin * (y2 - y1))
    height, width = mask.shape
    return max(0, x1 - dx), max(0, y1 - dy), min(width, x2 + dx), min(height, y2 + dy)


def crop_features(image: Pixels, box: tuple[int, int, int, int], extractor: Extractor, budget: Budget) -> Features:
    """Features of a crop enlarged to `CROP_SIDE` and of its tilted views, in pixels of `image`."""
    x1, y1, x2, y2 = box
    crop = image[y1:y2, x1:x2]
    factor = min(CROP_SIDE / max(crop.shape[:2]), LARGEST_ENLARGEMENT)
    parts = _at_sizes(crop, factor, extractor, budget.crop, budget.crop_sizes)
    if budget.tilt:
        for width, shear, height in TILTS:
            change = _scaling(factor * width, factor * height)
            change[1, 0] = shear * factor * width
            parts.append(_seen(crop, change, extractor, budget.tilt))
    found = joined(parts)
    moved = found.points + np.array([x1, y1], np.float32)
    return Features(moved, found.scales, found.angles, found.descriptors, found.scores)


def image_features(image: Pixels, extractor: Extractor, budget: Budget) -> Features:
    """Features of a whole index image, brought down to `index_side` where it is larger."""
    side = max(image.shape[:2])
    factor = min(1.0, budget.index_side / side) if side >= 640 else min(2.0, 640 / side)
    return joined(_at_sizes(image, factor, extractor, budget.index, budget.index_sizes))


def _at_sizes(
    image: Pixels, factor: float, extractor: Extractor, limit: int, sizes: tuple[float, ...]
) -> list[Features]:
    """Features at `factor`, and at further `sizes` as shares of it."""
    shares = (1.0, *sizes)
    return [_seen(image, _scaling(factor * share, factor * share), extractor, round(limit * share)) for share in shares]


def _scaling(x: float, y: float) -> Affine:
    """Enlarging by x and y where pixel centres are integers."""
    return np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2]])


def _seen(image: Pixels, change: Affine, extractor: Extractor, limit: int) -> Features:
    """Features of `image` as seen through an affine change, brought back to its own pixels."""
    height, width = image.shape[:2]
    corners = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [-0.5, height - 0.5], [width - 0.5, height - 0.5]])
    seen = corners @ change[:, :2].T + change[:, 2]
    low, high = seen.min(axis=0), seen.max(axis=0)
    shifted = change.copy()
    shifted[:, 2] -= low + 0.5
    size = (max(1, round(float(high[0] - low[0]))), max(1, round(float(high[1] - low[1]))))
    smallest = float(np.linalg.svd(shifted[:, :2], compute_uv=False)[-1])
    if smallest < 1 and np.allclose(shifted[:, :2], np.diag(np.diag(shifted[:, :2]))):
        view = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    else:
        blurred = image if smallest >= 1 else cv2.GaussianBlur(image, (0, 0), 0.6 * np.sqrt(1 / smallest**2 - 1))
        view = cv2.warpAffine(blurred, shifted, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    found = extractor.detect(np.asarray(view, dtype=np.uint8), limit)
    back = cv2.invertAffineTransform(shifted)
    points = (found.points @ back[:, :2].T + back[:, 2]).astype(np.float32)
    inside = ((points >= 0) & (points <= [width - 1, height - 1])).all(axis=1)
    directions = np.stack([np.cos(found.angles), np.sin(found.angles)], axis=1) @ back[:, :2].T
    turned = np.arctan2(directions[:, 1], directions[:, 0]).astype(np.float32)
    factor = float(np.sqrt(abs(np.linalg.det(back[:, :2]))))
    return Features(
        points=points,
        scales=(found.scales * factor).astype(np.float32),
        angles=turned if found.framed else found.angles,  # a feature without an angle does not get one from the view
        descriptors=found.descriptors,
        scores=found.scores,
    ).take(np.flatnonzero(inside))
