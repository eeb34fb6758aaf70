"""Several references, one answer: candidates that agree support each other and are blended."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.evidence import density
from annotator.premask.features import Floats
from annotator.premask.transfer import Candidate
from annotator.premask.window import box_size

BLEND_SIDE = 512
"""Long side of the image in which masks are blended."""

SHARPNESS = 8.0
"""How much more a confident candidate counts: exp(SHARPNESS * confidence)."""

BACKING = 0.25
"""Share of the fused confidence that comes from how well the family's masks agree."""

FAMILY = 0.3
"""IoU with the leading candidate above which another is of its family and takes part in the vote."""

CONTAINED = 0.8
"""Share of the smaller of two masks in the other above which they are of one family too: a reference whose object is
half hidden transfers a part of what another transfers whole."""

SILENT = 1.0
"""Weight of a candidate's vote where it has no match nearby, against `LOUDEST` where it has many."""

LOUDEST = 3.0
"""Matches within `REACH` beyond which a candidate's vote about a place counts no more."""

REACH = 0.05
"""Gaussian reach of a match, in object sizes."""

VOTE_SIDE = 256
"""Long side of the image in which evidence near matches is counted."""


def small(mask: Mask) -> Mask:
    """A mask at the blending size."""
    factor = min(1.0, BLEND_SIDE / max(mask.shape))
    size = max(1, round(mask.shape[1] * factor)), max(1, round(mask.shape[0] * factor))
    return np.asarray(cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)).astype(bool)


def overlaps(masks: list[Mask]) -> NDArray[np.float64]:
    """`(n, n)` IoU of masks of one size."""
    flat = np.stack([mask.ravel() for mask in masks]).astype(np.float32)
    common = flat @ flat.T
    areas = flat.sum(axis=1)
    return np.asarray(common / np.maximum(areas[:, None] + areas[None] - common, 1.0), dtype=np.float64)


def contained(masks: list[Mask]) -> NDArray[np.float64]:
    """`(n, n)` common area over the smaller area of masks of one size."""
    flat = np.stack([mask.ravel() for mask in masks]).astype(np.float32)
    common, areas = flat @ flat.T, flat.sum(axis=1)
    return np.asarray(common / np.maximum(np.minimum(areas[:, None], areas[None]), 1.0), dtype=np.float64)


def fused(found: list[Candidate]) -> tuple[Mask, float, Floats, Candidate]:
    """The blended mask, its confidence, soft evidence and the leading candidate; `found` is not empty.

    The leading candidate is the one with most confidence in itself and in what overlaps it, so that two that agree
    outvote one that stands alone. Its family votes on each pixel: a candidate counts by its confidence, and more where
    its own matches say that it sees the object there (for) or that it sees something else there (against).
    """
    if len(found) == 1:
        return found[0].mask, found[0].confidence, small(found[0].mask).astype(np.float32), found[0]
    shrunk = [small(one.mask) for one in found]
    alike, held = overlaps(shrunk), contained(shrunk)
    confidence = np.array([one.confidence for one in found])
    trust = np.exp(SHARPNESS * confidence)
    backing = (alike**2) @ (trust / trust.max())
    lead = int(np.argmax(np.log(backing) + 4 * confidence))
    family = np.flatnonzero((alike[lead] >= FAMILY) | (held[lead] >= CONTAINED))
    weights = trust[family] / trust[family].sum()
    evidence = _vote([found[row] for row in family], weights)
    mask = evidence > 0.5
    expected = float(weights @ confidence[family])
    others = [row for row in family if row != lead]
    agreement = float(np.average(alike[lead, others], weights=trust[others])) if others else 0.0
    together = max(expected, float(confidence[lead])) * (1 - BACKING) + BACKING * (agreement if others else expected)
    soft = cv2.resize(evidence, tuple(reversed(small(mask).shape)), interpolation=cv2.INTER_AREA)
    return mask, min(0.98, together), np.asarray(soft, dtype=np.float32), found[lead]


def _vote(family: list[Candidate], weights: NDArray[np.float64]) -> Floats:
    """Share of the votes for the object at every pixel, float32 `(height, width)`."""
    if len(family) == 1:
        return family[0].mask.astype(np.float32)
    height, width = family[0].mask.shape
    x, y, across, down = cv2.boundingRect(np.logical_or.reduce([one.mask for one in family]).view(np.uint8))
    part = slice(y, y + down), slice(x, x + across)  # nobody votes for the object elsewhere
    ayes = np.zeros((down, across), dtype=np.float32)
    all_votes = np.zeros((down, across), dtype=np.float32)
    for weight, one in zip(weights, family, strict=True):
        inside, outside = (cv2.resize(voice, (width, height))[part] for voice in _voices(one))
        mask = one.mask[part]
        ayes += np.float32(weight) * inside * mask
        all_votes += np.float32(weight) * np.where(mask, inside, outside)
    share = np.zeros((height, width), dtype=np.float32)
    share[part] = ayes / np.maximum(all_votes, 1e-9)
    return share


def _voices(one: Candidate) -> tuple[Floats, Floats]:
    """How loud a candidate is for and against the object, by its matches inside and outside, at `VOTE_SIDE`."""
    height, width = one.mask.shape
    factor = min(1.0, VOTE_SIDE / max(height, width))
    shape = max(1, round(height * factor)), max(1, round(width * factor))
    target = one.alignment.target * factor
    sigma = max(1.0, REACH * box_size(one.mask) * factor)
    within = one.alignment.inside
    return _voice(target[within], shape, sigma), _voice(target[~within], shape, sigma)


def _voice(points: NDArray[np.float64], shape: tuple[int, int], sigma: float) -> Floats:
    return np.asarray(SILENT + np.minimum(density(points, shape, sigma), LOUDEST), dtype=np.float32)
