"""How far the masks of one pair agree, two by two and all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.domain.raster import Mask
from annotator.domain.rules import Rules
from qa.difference import similarity, window_of

MARGIN = 0.1
"""The window in which pixels are judged is the box of all masks, grown by this share of its longer side."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two masks of one image: `iou` and `boundary_f` in [0, 1], `hausdorff` in pixels (infinite if one is empty)."""

    iou: float
    boundary_f: float
    hausdorff: float


SAME = Comparison(1.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The masks of one pair against each other.

    `comparisons` holds the masks two by two, by their positions. `kappa` is the pixel agreement of all of them beyond
    chance (`pixel_kappa`), `votes` the numbers of pixels that exactly 1, 2, ... of them hold.
    """

    comparisons: dict[tuple[int, int], Comparison]
    kappa: float
    votes: tuple[int, ...]

    @property
    def lowest(self) -> float:
        """The lowest IoU of any two."""
        return min(comparison.iou for comparison in self.comparisons.values())

    @property
    def mean_iou(self) -> float:
        """The mean IoU of all two by two."""
        return float(np.mean([comparison.iou for comparison in self.comparisons.values()]))


def agreement(masks: Sequence[Mask], rules: Rules) -> Agreement:
    """Compare at least two masks of one image, `bool (height, width)`, with the rules' tolerance and percentile."""
    if len(masks) < 2:
        raise ValueError("agreement takes two masks or more")
    votes = vote_counts(masks)
    return Agreement(
        {(i, k): compare(masks[i], masks[k], rules) for i, k in combinations(range(len(masks)), 2)},
        kappa_of_votes(votes, _judged(masks)),
        votes,
    )


def compare(first: Mask, second: Mask, rules: Rules) -> Comparison:
    """IoU, boundary F-measure and Hausdorff distance at a percentile, as `qa.difference` defines them."""
    return Comparison(*similarity(first, second, rules.boundary_tolerance, rules.hausdorff_percentile))


def vote_counts(masks: Sequence[Mask]) -> tuple[int, ...]:
    """Numbers of pixels that exactly 1, 2, ... all of the masks hold."""
    window = window_of(masks)
    total = np.sum([mask[window] for mask in masks], axis=0, dtype=np.uint8)
    found = np.bincount(total.ravel(), minlength=len(masks) + 1)
    return tuple(int(number) for number in found[1:])


def pixel_kappa(masks: Sequence[Mask]) -> float:
    """Agreement of all masks on single pixels beyond chance: kappa of Fleiss (1971), each pixel a subject.

    Chance depends on how much background is judged, so only the box of all masks counts, with a margin.
    """
    return kappa_of_votes(vote_counts(masks), _judged(masks))


def kappa_of_votes(votes: Sequence[int], pixels: int) -> float:
    """Fleiss' kappa of two categories, in or out, from how many of `pixels` have 1, 2, ... n votes for in."""
    people = len(votes)
    numbers = np.array([pixels - sum(votes), *votes], dtype=np.float64) / pixels
    inside = np.arange(people + 1)
    agreeing = (inside * (inside - 1) + (people - inside) * (people - inside - 1)) / (people * (people - 1))
    observed, rate = float(numbers @ agreeing), float(numbers @ inside) / people
    chance = rate**2 + (1 - rate) ** 2
    return 1.0 if chance >= 1.0 else (observed - chance) / (1 - chance)


def _judged(masks: Sequence[Mask]) -> int:
    """How many pixels of the image lie in the box of all masks with its margin."""
    window = window_of(masks)
    height, width = window[0].stop - window[0].start, window[1].stop - window[1].start
    margin = round(MARGIN * max(height, width)) + 1
    rows = min(masks[0].shape[0], window[0].stop + margin) - max(0, window[0].start - margin)
    columns = min(masks[0].shape[1], window[1].stop + margin) - max(0, window[1].start - margin)
    return int(rows * columns)
