from __future__ import annotations

import math

import numpy as np
import pytest

from qa.agreement.estimates import NOTHING, difference, estimate, estimates, share


def test_the_interval_of_a_large_sample_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(0).normal(0.8, 0.05, 900)
    found = estimate(values)
    half = 1.96 * values.std(ddof=1) / math.sqrt(900)
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=0.15 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.15 * half)
    assert found.count == 900


@pytest.mark.parametrize("count", [3, 8, 40])
def test_intervals_hold_the_true_mean_as_often_as_they_say(count: int) -> None:
    rng = np.random.default_rng(count)
    held = 0
    for _ in range(300):
        found = estimate(np.clip(rng.normal(0.7, 0.1, count), 0, 1))
        held += found.low <= 0.7 <= found.high
    assert held / 300 > 0.9


def test_nothing_is_known_of_nothing_and_no_spread_of_one() -> None:
    assert not estimate([]).known
    assert not estimate([math.nan, math.nan]).known
    one = estimate([0.9])
    assert (one.mean, one.count) == (0.9, 1)
    assert math.isnan(one.low)
    assert math.isnan(one.high)


def test_the_same_values_give_the_same_interval_and_no_spread_gives_none() -> None:
    values = [0.8, 0.9, 0.85, 0.7]
    assert estimate(values) == estimate(values)
    found = estimate([0.9] * 5)
    assert (found.low, found.high) == pytest.approx((0.9, 0.9))


def test_ends_stay_within_what_is_possible() -> None:
    found = estimate([0.2, 1.0])
    assert (found.low, found.high) == (0.0, 1.0)
    wide = estimate([100.0, 900.0], (0.0, math.inf))
    assert wide.low == 0
    assert wide.high > 900


def test_columns_are_means_of_the_pairs_that_they_hold() -> None:
    table = np.array([[0.5, np.nan], [0.7, 0.9], [np.nan, 0.7]])
    first, second = estimates(table)
    assert (first.mean, first.count) == (pytest.approx(0.6), 2)
    assert (second.mean, second.count) == (pytest.approx(0.8), 2)


def test_a_difference_has_an_interval_of_its_own() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.normal(0.9, 0.03, 80), rng.normal(0.87, 0.03, 60)
    found = difference(first, second)
    assert found.mean == pytest.approx(first.mean() - second.mean())
    assert 0 < found.low < found.mean < found.high
    assert found.count == 60
    assert difference([], [0.4]) == NOTHING or not difference([], [0.4]).known


def test_wilsons_interval_by_hand() -> None:
    # 1 of 10, z = 1.95996: middle (1 + 1.92073) / 13.84146 = 0.21101, half 1.95996 / 13.84146 · √(0.9 + 0.96036).
    found = share(1, 10)
    assert found.mean == 0.1
    assert found.low == pytest.approx(0.0179, abs=1e-4)
    assert found.high == pytest.approx(0.4042, abs=1e-4)
    assert share(0, 10).low == 0
    assert not share(0, 0).known
