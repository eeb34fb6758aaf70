"""Means with intervals: how much they depend on which pairs happened to be looked at.

Pairs are resampled, never single comparisons, since the masks of one pair are hard or easy together. All resamples are
one matrix of counts, so that hundreds of means cost one product of matrices: the Poisson bootstrap (Hanley and
MacGibbon, 2006), in which each pair occurs a Poisson(1) number of times. Its percentile intervals are too narrow for
few pairs; they are widened by Student's t as Hesterberg (2015) proposes ("expanded percentile interval").
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]

RESAMPLES = 1_000
LEVEL = 0.95
SEED = 20_260_301


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `count` pairs with the ends of its 95 % interval.

    The mean is NaN of nothing, the interval NaN of fewer than two pairs, about whose spread nothing is known.
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def known(self) -> bool:
        """Whether there is a mean at all."""
        return self.count > 0


NOTHING = Estimate(math.nan, math.nan, math.nan, 0)


def estimate(values: ArrayLike, limits: tuple[float, float] = (0.0, 1.0)) -> Estimate:
    """The mean of one value for each pair; NaN values are left out. `limits` are the smallest and largest possible."""
    return estimates(np.asarray(values, dtype=np.float64).reshape(-1, 1), limits)[0]


def estimates(table: Floats, limits: tuple[float, float] = (0.0, 1.0)) -> tuple[Estimate, ...]:
    """The means of the columns of `(pairs, columns)`, resampled together; NaN where a pair has no such value."""
    there = ~np.isnan(table)
    counts = there.sum(axis=0)
    if not counts.any():
        return tuple(NOTHING for _ in range(table.shape[1]))
    means: Floats = np.full(len(counts), np.nan)
    np.divide(np.nansum(table, axis=0), counts, out=means, where=counts > 0)
    drawn = _resampled(table, there)
    return tuple(_estimate(float(means[k]), drawn[:, k], int(counts[k]), limits) for k in range(table.shape[1]))


def difference(first: ArrayLike, second: ArrayLike) -> Estimate:
    """The mean of `first` less that of `second`, two sets of different pairs; `count` is of the smaller set."""
    columns = [np.asarray(values, dtype=np.float64) for values in (first, second)]
    known = [values[~np.isnan(values)] for values in columns]
    fewest = min(len(values) for values in known)
    if not fewest:
        return NOTHING
    table = np.full((sum(len(values) for values in known), 2), np.nan)
    table[: len(known[0]), 0] = known[0]
    table[len(known[0]) :, 1] = known[1]
    drawn = _resampled(table, ~np.isnan(table))
    mean = float(known[0].mean() - known[1].mean())
    return _estimate(mean, drawn[:, 0] - drawn[:, 1], fewest, (-math.inf, math.inf))


def share(hits: int, of: int) -> Estimate:
    """A share with Wilson's interval (1927), which stays right near 0 and 1."""
    if not of:
        return NOTHING
    z = float(ndtri((1 + LEVEL) / 2))
    middle = (hits + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(hits * (of - hits) / of + z * z / 4)
    return Estimate(hits / of, max(0.0, middle - half), min(1.0, middle + half), of)


def _resampled(table: Floats, there: NDArray[np.bool_]) -> Floats:
    """The means of every column in every resample, `(RESAMPLES, columns)`; NaN where none of its pairs was drawn."""
    weights = _weights(len(table))
    sums = weights @ np.where(there, table, 0.0).astype(np.float32)
    totals = weights @ there.astype(np.float32)
    means = np.full(sums.shape, np.nan)
    np.divide(sums, totals, out=means, where=totals > 0)
    return means


@lru_cache(maxsize=8)
def _weights(pairs: int) -> NDArray[np.float32]:
    """`(RESAMPLES, pairs)` numbers of Poisson(1), by looking up 16 random bits in a table of its quantiles."""
    quantiles = np.cumsum([math.exp(-1) / math.factorial(k) for k in range(9)])
    table = np.searchsorted(quantiles, (np.arange(65_536) + 0.5) / 65_536).astype(np.float32)
    bits = np.random.default_rng(SEED).integers(0, 65_536, (RESAMPLES, pairs), dtype=np.uint16)
    return np.asarray(table[bits])


def _estimate(mean: float, drawn: Floats, count: int, limits: tuple[float, float]) -> Estimate:
    if count < 2:
        return Estimate(mean, math.nan, math.nan, count)
    known = np.sort(drawn[~np.isnan(drawn)])
    low, high = (float(known[round(level * (len(known) - 1))]) for level in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    wider = _widening(count)
    low, high = mean - wider * max(0.0, mean - low), mean + wider * max(0.0, high - mean)
    return Estimate(mean, max(limits[0], low), min(limits[1], high), count)


@lru_cache(maxsize=16_384)
def _widening(count: int) -> float:
    """How much wider than its percentiles an interval over `count` pairs is."""
    upper = (1 + LEVEL) / 2
    return math.sqrt(count / (count - 1)) * float(stdtrit(count - 1, upper) / ndtri(upper))
