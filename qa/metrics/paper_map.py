"""mAP@50:5:95 by the paper's text (section 2.4; FORMAT B4): as image retrieval, with true positives judged by IoU."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.metrics.average_precision import THRESHOLDS, MapScores, RankedQuery, average_precision, map_scores
from qa.metrics.pairs import Floats


def paper_map(queries: Sequence[RankedQuery], iou: Sequence[Floats]) -> MapScores:
    """mAP over the thresholds; `iou` holds per query the IoU of `positives` (box or mask), 0 where nothing was found.

    A ranked positive is true only if its IoU exceeds the threshold; all positives of the protocol are the denominator
    of AP, and no query is dropped for its IoUs (one without any positive has no AP, as in image retrieval).
    """
    aps = np.full((len(THRESHOLDS), len(queries)), np.nan)
    for number, (query, values) in enumerate(zip(queries, iou, strict=True)):
        if not len(query.positives):
            continue
        for row, threshold in enumerate(THRESHOLDS):
            true = values > threshold / 100
            aps[row, number] = average_precision(query.ranks[true[query.which]], len(query.positives))
    return map_scores(aps, ~np.isnan(aps))
