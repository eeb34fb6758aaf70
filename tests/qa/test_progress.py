from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from annotator.domain.dataset import Difficulty, PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.store.records import Decision, PairRecord, PassHead
from qa.progress import active_times, daily_passes, done_by_day, forecast, passes_left

TODAY = date(2026, 3, 30)
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)


def head(
    image: str, number: int, days_ago: int, seconds: float = 60.0, person: str = "Ann", group: int = 0
) -> PassHead:
    at = NOON - timedelta(days=days_ago)
    return PassHead(
        1, PairKey(group, image), number, person, Verdict.SUBMITTED, at, seconds, None, None, "", 1, "0" * 64
    )


def pair(image: str, state: PairState, present: bool = True) -> PairRecord:
    return PairRecord(PairKey(0, image), 0, Difficulty.EASY, state, present, None, None, (None, None, None))


def test_passes_of_each_day_with_the_days_of_rest() -> None:
    heads = [head("a", 1, 5), head("b", 1, 5), head("c", 1, 2), head("d", 1, 0)]
    np.testing.assert_array_equal(daily_passes(heads, TODAY), [2, 0, 0, 1, 0])
    assert len(daily_passes([head("a", 1, 500)], TODAY)) == 28
    assert len(daily_passes([], TODAY)) == 0


def test_a_steady_rate_ends_when_it_must() -> None:
    heads = [head(f"{day}-{number}", 1, day) for day in range(1, 29) for number in range(3)]
    pairs = [pair(str(number), PairState.OPEN) for number in range(10)]
    found = forecast(heads, pairs, TODAY)
    assert found is not None
    assert found.per_day == 3
    assert found.low == found.day == found.high == TODAY + timedelta(days=10)


def test_an_uneven_rate_has_an_interval_around_its_end() -> None:
    rng = np.random.default_rng(1)
    heads = [head(f"{day}-{k}", 1, day) for day in range(1, 29) for k in range(int(rng.poisson(4) * (day % 7 > 1)))]
    pairs = [pair(str(number), PairState.OPEN) for number in range(40)]
    found = forecast(heads, pairs, TODAY)
    assert found is not None
    assert found.high is not None
    assert TODAY < found.low < found.day < found.high


def test_the_interval_holds_the_end_at_the_true_rate_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    pairs = [pair(str(number), PairState.OPEN) for number in range(100)]
    true_end = TODAY + timedelta(days=100)  # 300 passes at 3 a day
    held = 0
    for _ in range(60):
        heads = [head(f"{day}-{k}", 1, day) for day in range(1, 29) for k in range(int(rng.poisson(3)))]
        found = forecast(heads, pairs, TODAY)
        assert found is not None
        held += found.low <= true_end <= (found.high or date.max)
    assert held >= 50


def test_too_little_work_or_nothing_left_gives_no_forecast() -> None:
    few = [head("a", 1, 1), head("b", 1, 2)]
    assert forecast(few, [pair("c", PairState.OPEN)], TODAY) is None
    many = [head(str(day), 1, day) for day in range(1, 20)]
    assert forecast(many, [pair("c", PairState.DONE)], TODAY) is None
    assert forecast([], [pair("c", PairState.OPEN)], TODAY) is None


def test_passes_that_are_left() -> None:
    expected = {
        PairState.OPEN: 3, PairState.RETURNED_1: 3, PairState.AFTER_1: 2, PairState.RETURNED_2: 2, PairState.AFTER_2: 1,
        PairState.DISPUTE: 0, PairState.DONE: 0, PairState.WAITING: 3,
    }  # fmt: skip
    assert {state: passes_left(pair("a", state)) for state in expected} == expected
    assert passes_left(pair("a", PairState.WAITING, present=False)) == 0
    assert passes_left(replace(pair("a", PairState.ESCALATED), seats=("Ann", None, None))) == 2


def test_pairs_count_as_done_from_their_last_word() -> None:
    heads = [head("a", 3, 5), head("b", 3, 4), head("c", 3, 4), head("open", 1, 1)]
    at = NOON - timedelta(days=2)
    settled = Decision(9, PairKey(0, "c"), "Rosa", at, "this", PairState.DISPUTE, PairState.DONE, 1, "0" * 64)
    pairs = [pair(name, PairState.DONE) for name in ("a", "b", "c")] + [pair("open", PairState.AFTER_1)]
    found = done_by_day(heads, [settled], pairs)
    days = [TODAY - timedelta(days=back) for back in (5, 4, 2)]
    assert [(each.day, each.done) for each in found] == list(zip(days, (1, 2, 3), strict=True))
    assert done_by_day([], [], []) == ()


def test_times_add_up_what_was_done_again_and_only_whole_pairs_have_a_total() -> None:
    heads = [
        head("a", 1, 3, 100), head("a", 1, 2, 40), head("a", 2, 2, 50, "Ben"), head("a", 3, 1, 30, "Cem"),
        head("b", 1, 1, 60, "Ben"), head("c", 1, 1, 200, group=1),
    ]  # fmt: skip
    found = active_times(heads)
    assert found.passes[0].mean == pytest.approx((140 + 60 + 200) / 3)
    assert (found.passes[1].mean, found.passes[2].mean) == (50, 30)
    assert found.people["Ann"][0].mean == pytest.approx(170)
    assert found.people["Ben"][0].mean == 60
    assert not found.people["Cem"][0].known
    assert (found.pair.mean, found.pair.count) == (220, 1)
    assert found.groups[0].mean == 220
    assert not found.groups[1].known
    assert math.isnan(active_times([]).pair.mean)
