"""mAP at image level: every positive in the ranking is a true positive, every query counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.metrics.average_precision import MapScores, RankedQuery, average_precision, map_scores


def image_map(queries: Sequence[RankedQuery]) -> MapScores:
    """One row of AP: image-level retrieval has no IoU threshold. A query without positives has no AP."""
    aps = np.full((1, len(queries)), np.nan)
    for number, query in enumerate(queries):
        if len(query.positives):
            aps[0, number] = average_precision(query.ranks, len(query.positives))
    return map_scores(aps, ~np.isnan(aps))
