"""mAP@50:5:95 as the published script computes it (FORMAT B3), with what it skips and drops."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from qa.metrics.average_precision import THRESHOLDS, MapScores, RankedQuery, average_precision, map_scores
from qa.metrics.pairs import Floats

SKIPPED: Mapping[str, tuple[int, ...]] = {"oxford": (56, 63), "paris": (57, 59)}
"""Queries that the published script skips and still counts in the denominator of the mean."""


def official_map(queries: Sequence[RankedQuery], iou: Sequence[Floats], skipped: Collection[int] = ()) -> MapScores:
    """mAP over the thresholds; `iou` holds per query the box IoU of `positives`, NaN where there is none.

    The denominator of AP is the number of passing positives; the others stay in the ranking as negatives. A query of
    which no positive passes is dropped; skipped queries add nothing and are counted.
    """
    aps = np.full((len(THRESHOLDS), len(queries)), np.nan)
    counted = np.zeros(aps.shape, dtype=np.bool_)
    for number, (query, values) in enumerate(zip(queries, iou, strict=True)):
        if number in skipped:
            counted[:, number] = True
            continue
        for row, threshold in enumerate(THRESHOLDS):
            passing = values > threshold / 100
            if passing.any():
                counted[row, number] = True
                aps[row, number] = average_precision(query.ranks[passing[query.which]], int(passing.sum()))
    return map_scores(aps, counted)
