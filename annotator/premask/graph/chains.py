"""Which index images serve as bridges for which: confident, and seeing the same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.premask.features import Features
from annotator.premask.graph.links import agreeing

SERVES = 0.4
"""Confidence from which an image may be a bridge. A candidate that comes over it is trusted less than the bridge, so it
wins only where the direct ones are hardly believed; 0.3 was worse (docs/premask.md)."""

LOOKED_AT = 8
"""Most confident bridges whose link to an image is looked at; bounds the cost of an image in a large group."""

MOST_BRIDGES = 2
"""Bridges that are tried in full for an image: each costs as much as a reference."""


LEAST_AGREEING = 5
"""Agreeing matches of an image with a bridge below which the bridge is not tried: measured, it hardly ever helps."""


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """An index image that may be a bridge: its position in the group, the confidence of its pre-mask, and the
    features inside it."""

    row: int
    confidence: float
    features: Features


def bridges_for(row: int, features: Features, anchors: Sequence[Anchor], most: int = MOST_BRIDGES) -> list[Anchor]:
    """The most promising anchors for the image at `row` with `features`, best first: confident and well linked.

    None of those that hardly match it.
    """
    confident = sorted((one for one in anchors if one.row != row), key=lambda one: (-one.confidence, one.row))
    ranked = []
    for anchor in confident[:LOOKED_AT]:
        count = agreeing(anchor.features, features)
        if count >= LEAST_AGREEING:
            ranked.append((-anchor.confidence * (1 + count) ** 0.5, anchor.row, anchor))
    ranked.sort(key=lambda entry: entry[:2])
    return [anchor for _, _, anchor in ranked[:most]]
