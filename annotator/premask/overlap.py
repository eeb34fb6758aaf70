"""How far the masks of two images mean the same: what verified matches between the images say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.alignment import alignments, first_look
from annotator.premask.matching import match
from annotator.premask.source import Indexed, Prepared


@dataclass(frozen=True, slots=True)
class Overlap:
    """What one geometry says about two masks.

    `matches` are verified and have an end in one of the masks; `shared` is the share of them with both ends in the
    masks (1 for no match), `coverage` the share of the first mask that has matches.
    """

    matches: int
    coverage: float
    shared: float


NOTHING_KNOWN = Overlap(0, 0.0, 1.0)


def overlap(one: Prepared, other: Indexed, mask: Mask) -> Overlap:
    """Match the masked object of `one` in `other`, whose mask is `bool (height, width)` of its image as it is.

    Counting matches instead of pixels keeps parts that one image does not show, and the errors of a plane between
    depths, from counting as differences.
    """
    found = match(one.features, other.features)
    look = first_look(one.subject, one.features, other.features, found)
    aligned = alignments(one.wanted, other.field, look, keep=1)
    if not aligned:
        return NOTHING_KNOWN
    best = aligned[0]
    first, second = best.inside, _holds(mask, best.target / other.factor)
    either, both = int((first | second).sum()), int((first & second).sum())
    return Overlap(either, best.coverage, both / either) if either else NOTHING_KNOWN


def _holds(mask: Mask, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    height, width = mask.shape
    x, y = np.rint(points).astype(int).T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    held = np.zeros(len(points), dtype=bool)
    held[inside] = mask[y[inside], x[inside]]
    return held
