"""Average precision as in Revisited Oxford and Paris: the area under the precision-recall line by trapezoids.

Radenović et al., Revisiting Oxford and Paris: Large-Scale Image Retrieval Benchmarking, CVPR 2018. Junk is taken out of
the ranking before ranks are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.metrics.pairs import Floats, Ints

THRESHOLDS = tuple(range(50, 100, 5))
"""IoU thresholds of mAP@50:5:95 in percent; a positive passes if its IoU is larger than threshold / 100."""


@dataclass(frozen=True, slots=True, eq=False)
class RankedQuery:
    """Where a ranking of one query puts its positives.

    `positives` are index numbers; `ranks` the zero-based ranks at which they occur, ascending, junk taken out; `which`
    the position in `positives` of the image at each of these ranks. Positives that are not in the ranking have no rank.
    """

    positives: Ints
    ranks: Ints
    which: Ints


def ranked_query(places: Ints, images: Ints, positives: Sequence[int], junk: Sequence[int]) -> RankedQuery:
    """Ranks of the positives from the `places` (ascending) of a ranking at which the labelled `images` stand."""
    wanted = np.array(positives, dtype=np.int64)
    order = np.argsort(wanted, kind="stable")
    chosen = np.isin(images, wanted)
    before = np.searchsorted(places[np.isin(images, np.array(junk, dtype=np.int64))], places[chosen])
    which = order[np.searchsorted(wanted, images[chosen], sorter=order)] if len(wanted) else np.zeros(0, np.int64)
    return RankedQuery(wanted, places[chosen] - before, which)


def average_precision(ranks: Ints, positives: int) -> float:
    """AP of positives at zero-based `ranks` (ascending) when there are `positives` in all, at least one.

    Sums in the order of the ranking, as the published code does, so that the last bit is equal too.
    """
    if not len(ranks):
        return 0.0
    found = np.arange(len(ranks), dtype=np.float64)
    before = np.ones(len(ranks))
    np.divide(found, ranks, out=before, where=ranks > 0)
    after = (found + 1) / (ranks + 1)
    return float(np.cumsum((before + after) * (1.0 / positives) / 2.0)[-1])


@dataclass(frozen=True, slots=True, eq=False)
class MapScores:
    """`aps` `(thresholds, queries)`, NaN where a query has none; `counted` of that shape says which queries the mean
    divides by; `maps` `(thresholds,)`, NaN where it divides by none; `mean` over thresholds, NaN where any map is.
    """

    aps: Floats
    counted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    maps: Floats
    mean: float


def map_scores(aps: Floats, counted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> MapScores:
    """Means over the counted queries, in which a counted query without an AP adds 0."""
    sums = np.cumsum(np.nan_to_num(aps), axis=1)[:, -1] if aps.shape[1] else np.zeros(len(aps))
    queries = counted.sum(axis=1)
    maps = np.full(len(aps), np.nan)
    np.divide(sums, queries, out=maps, where=queries > 0)
    return MapScores(aps, counted, maps, float(np.average(maps)))
