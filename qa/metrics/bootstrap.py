"""Bootstrap intervals over queries: how much a score depends on which queries the benchmark happens to have.

Percentile intervals (Efron, 1979). All resamples at once: a resample is a row of counts per query.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa.metrics.average_precision import MapScores
from qa.metrics.pairs import Floats
from qa.metrics.query_means import MeanOfMiou

RESAMPLES = 2_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper end of a percentile interval; NaN where no resample has a score."""

    low: float
    high: float


def resamples(queries: int, seed: int = 0, number: int = RESAMPLES) -> Floats:
    """`(number, queries)`: how often each query is in each resample; every row sums to `queries`."""
    drawn = np.random.default_rng(seed).multinomial(queries, np.full(queries, 1 / queries), size=number)
    return drawn.astype(np.float64)


def miou_interval(score: MeanOfMiou, weights: Floats, level: float = LEVEL) -> Interval:
    """Interval of a mean of mIoU; of none where the score itself is none."""
    return _interval(weights @ score.per_query / weights.shape[1], level)


def map_interval(score: MapScores, weights: Floats, level: float = LEVEL) -> Interval:
    """Interval of a mean over thresholds of mAP, with the denominators that the score itself has."""
    sums = weights @ np.nan_to_num(score.aps).T
    if np.isnan(score.mean):
        return Interval(float("nan"), float("nan"))
    counts = weights @ score.counted.T.astype(np.float64)
    maps = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return _interval(maps.mean(axis=1), level)


def _interval(values: Floats, level: float) -> Interval:
    known = values[~np.isnan(values)]
    if not len(known):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))
