"""Several references, one answer: candidates that agree support each other and are blended."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.features import Floats
from annotator.premask.transfer import Candidate

BLEND_SIDE = 512
"""Long side of the image in which masks are blended."""

SHARPNESS = 8.0
"""How much more a confident candidate counts: exp(SHARPNESS * confidence)."""

BACKING = 0.25
"""Share of the fused confidence that comes from how well the family's masks agree."""

FAMILY = 0.4
"""IoU with the leading candidate above which another is of its family and takes part in the blend."""


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


def fused(found: list[Candidate]) -> tuple[Mask, float, Floats, Candidate]:
    """The blended mask, its confidence, soft evidence and the leading candidate; `found` is not empty.

    The leading candidate is the one with most confidence in itself and in what overlaps it, so that two that agree
    outvote one that stands alone. Its family is blended by confidence; the majority of weight decides each pixel.
    """
    if len(found) == 1:
        return found[0].mask, found[0].confidence, small(found[0].mask).astype(np.float32), found[0]
    alike = overlaps([small(one.mask) for one in found])
    confidence = np.array([one.confidence for one in found])
    trust = np.exp(SHARPNESS * confidence)
    backing = (alike**2) @ (trust / trust.max())
    lead = int(np.argmax(np.log(backing) + 4 * confidence))
    family = np.flatnonzero(alike[lead] >= FAMILY)
    weights = trust[family] / trust[family].sum()
    evidence = np.zeros(found[lead].mask.shape, dtype=np.float32)
    for weight, row in zip(weights, family, strict=True):
        evidence += np.float32(weight) * found[row].mask
    mask = evidence > 0.5
    expected = float(weights @ confidence[family])
    others = [row for row in family if row != lead]
    agreement = float(np.average(alike[lead, others], weights=trust[others])) if others else 0.0
    together = max(expected, float(confidence[lead])) * (1 - BACKING) + BACKING * (agreement if others else expected)
    soft = cv2.resize(evidence, tuple(reversed(small(mask).shape)), interpolation=cv2.INTER_AREA)
    return mask, min(0.98, together), np.asarray(soft, dtype=np.float32), found[lead]
