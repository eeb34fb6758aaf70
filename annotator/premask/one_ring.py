"""A mask as the one ring that the published evaluator takes for a prediction (FORMAT A6)."""

from __future__ import annotations

import numpy as np

from annotator.domain.raster import Mask
from annotator.domain.tracing import IntPoints, straightened, trace


def one_ring(mask: Mask) -> list[list[int]]:
    """`[[x, y], …]` of integers around the mask; empty for an empty mask.

    Components are joined by bridges that are walked there and back and so add one line of pixels. Holes are filled:
    cutting them in needs a second bridge each, and their pixels are few.
    """
    outlines = [straightened(outer) for outer, _ in trace(mask)]
    if not outlines:
        return []
    joined = outlines[0]
    for other in outlines[1:]:
        joined = _bridged(joined, other)
    return [[int(x), int(y)] for x, y in joined]


def _bridged(ring: IntPoints, other: IntPoints) -> IntPoints:
    """Walk to the nearest vertex of `other`, round it, and back the same way."""
    apart = ((ring[:, None].astype(np.int64) - other[None]) ** 2).sum(axis=2)
    here, there = np.unravel_index(int(apart.argmin()), apart.shape)
    around = np.roll(other, -int(there), axis=0)
    return np.concatenate([ring[: here + 1], around, around[:1], ring[here:]])
