"""The means of a project's agreement, of three pairs by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from annotator.domain.dataset import PairKey
from qa.agreement.measured import Measured
from qa.agreement.summary import monday, summarise

NAN, INF = np.nan, np.inf
KEYS = (PairKey(0, "a"), PairKey(0, "b"), PairKey(3, "a"))

MEASURED = Measured(
    keys=KEYS,
    people=(("Ann", "Ben", "Cem"), ("Ben", "Ann", None), ("Ann", None, "Cem")),
    at=tuple(datetime(2026, 3, day, 23, 59, tzinfo=UTC) for day in (1, 2, 8)),  # a Sunday, the Monday after, its Sunday
    iou=np.array([[0.9, 0.6, 0.3], [0.8, NAN, NAN], [NAN, 0.5, NAN]]),
    boundary_f=np.array([[1.0, 0.4, 0.4], [0.2, NAN, NAN], [NAN, 0.3, NAN]]),
    hausdorff=np.array([[2.0, INF, 4.0], [INF, NAN, NAN], [NAN, 9.0, NAN]]),
    kappa=np.array([0.5, 0.75, -0.25]),
    positions={key: row for row, key in enumerate(KEYS)},
)


def test_every_pair_counts_once_however_many_passes_it_has() -> None:
    found = summarise(MEASURED)
    assert found.iou.mean == pytest.approx((0.6 + 0.8 + 0.5) / 3)
    assert found.boundary_f.mean == pytest.approx((0.6 + 0.2 + 0.3) / 3)
    assert found.kappa.mean == pytest.approx(1 / 3)
    assert found.iou.count == found.kappa.count == 3


def test_distances_to_nothing_are_left_out() -> None:
    """A mask that is empty is infinitely far from one that is not: of the second pair nothing is left."""
    found = summarise(MEASURED).hausdorff
    assert found.mean == pytest.approx((3.0 + 9.0) / 2)
    assert found.count == 2


def test_groups_people_and_weeks_have_the_pairs_that_are_theirs() -> None:
    found = summarise(MEASURED)
    assert {group: value.mean for group, value in found.groups.items()} == pytest.approx({0: 0.7, 3: 0.5})
    # Ann: 1-2 and 1-3 of the first pair, 1-2 of the second, 1-3 of the third. Ben: 1-2 and 2-3, then 1-2.
    people = {name: (value.mean, value.count) for name, value in found.people.items()}
    assert people["Ann"] == (pytest.approx((0.75 + 0.8 + 0.5) / 3), 3)
    assert people["Ben"] == (pytest.approx((0.6 + 0.8) / 2), 2)
    assert people["Cem"] == (pytest.approx((0.45 + 0.5) / 2), 2)
    weeks = {day: value.mean for day, value in found.weeks.items()}
    assert list(weeks) == [date(2026, 2, 23), date(2026, 3, 2)]
    assert list(weeks.values()) == pytest.approx([0.6, 0.65])


def test_what_is_below_the_limit_is_the_worst_of_a_pair() -> None:
    assert [MEASURED.lowest(key) for key in KEYS] == [0.3, 0.8, 0.5]
    assert [MEASURED.below(limit) for limit in (0.3, 0.31, 0.5, 0.51, 0.9)] == [0, 1, 1, 2, 3]
    assert MEASURED.comparison(KEYS[1], (1, 3)) is None
    assert MEASURED.comparison(PairKey(9, "a"), (1, 2)) is None
    third = MEASURED.comparison(KEYS[2], (1, 3))
    assert third is not None
    assert (third.iou, third.boundary_f, third.hausdorff) == (0.5, 0.3, 9.0)


@pytest.mark.parametrize(
    ("day", "first"), [("2026-03-02", "2026-03-02"), ("2026-03-08", "2026-03-02"), ("2026-01-01", "2025-12-29")]
)
def test_a_week_is_named_by_its_monday(day: str, first: str) -> None:
    assert monday(date.fromisoformat(day)) == date.fromisoformat(first)
