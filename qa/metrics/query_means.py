"""Means of IoU over each query's pairs, and their mean over queries."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from qa.metrics.pairs import Bools, Floats, PairList


@dataclass(frozen=True, slots=True, eq=False)
class MeanOfMiou:
    """`per_query` `(queries,)` with NaN for a query without pairs, and `mean`, NaN where any of them is."""

    per_query: Floats
    mean: float


@dataclass(frozen=True, slots=True)
class MiouScores:
    """The four numbers of the benchmark's first table."""

    medium_box: MeanOfMiou
    medium_mask: MeanOfMiou
    hard_box: MeanOfMiou
    hard_mask: MeanOfMiou


def mean_of_miou(pairs: PairList, iou: Floats, counted: Bools) -> MeanOfMiou:
    """Mean over queries of the mean IoU over each query's `counted` pairs, summed in the order of the pair list."""
    borders = np.searchsorted(pairs.query, np.arange(pairs.queries + 1)).tolist()
    means = np.full(pairs.queries, np.nan)
    for number, (start, stop) in enumerate(pairwise(borders)):
        values = iou[start:stop][counted[start:stop]]
        if len(values):
            means[number] = np.mean(values)
    return MeanOfMiou(means, float(np.mean(means)) if len(means) else float("nan"))


def miou_scores(pairs: PairList, box: Floats, mask: Floats, medium: Bools) -> MiouScores:
    """The four scores; `medium` says which pairs the medium protocol counts, hard counts every hard pair."""
    return MiouScores(
        mean_of_miou(pairs, box, medium),
        mean_of_miou(pairs, mask, medium),
        mean_of_miou(pairs, box, pairs.hard),
        mean_of_miou(pairs, mask, pairs.hard),
    )
