"""Bootstrap intervals: repeatable, and right where they can be checked."""

from __future__ import annotations

import numpy as np
import pytest

from qa.metrics.average_precision import map_scores
from qa.metrics.bootstrap import map_interval, miou_interval, resamples
from qa.metrics.query_means import MeanOfMiou


def score(values: list[float]) -> MeanOfMiou:
    array = np.array(values)
    return MeanOfMiou(array, float(array.mean()))


def test_the_same_seed_gives_the_same_interval() -> None:
    values = score(np.random.default_rng(1).uniform(size=70).tolist())
    first, again, other = (miou_interval(values, resamples(70, seed)) for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert first.low < values.mean < first.high


def test_every_resample_draws_as_many_queries_as_there_are() -> None:
    drawn = resamples(70, 3, number=50)
    assert drawn.shape == (50, 70)
    assert set(drawn.sum(axis=1).tolist()) == {70.0}


def test_equal_queries_have_no_spread() -> None:
    found = miou_interval(score([0.25] * 10), resamples(10))
    assert (found.low, found.high) == (0.25, 0.25)


def test_the_spread_is_that_of_a_mean() -> None:
    values = score(np.random.default_rng(2).normal(0.5, 0.1, 400).tolist())
    found = miou_interval(values, resamples(400))
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.1 / 20, rel=0.15)


def test_what_has_no_score_has_no_interval() -> None:
    assert np.isnan(miou_interval(score([0.5, float("nan"), 0.5]), resamples(3)).low)
    nobody = map_scores(np.full((10, 3), np.nan), np.zeros((10, 3), dtype=np.bool_))
    assert np.isnan(map_interval(nobody, resamples(3)).high)


def test_map_keeps_its_denominator() -> None:
    aps = np.full((10, 4), np.nan)
    aps[:, :2] = 0.6
    counted = np.zeros((10, 4), dtype=np.bool_)
    counted[:, :3] = True  # the third is skipped and counted, the fourth dropped
    scores = map_scores(aps, counted)
    assert scores.mean == pytest.approx(0.4)
    found = map_interval(scores, resamples(4))
    assert 0.0 <= found.low < 0.4 < found.high <= 0.6
