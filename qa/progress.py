"""How fast the work goes and when it will be done, with an interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.store.records import Decision, PairRecord, PassHead
from qa.agreement.estimates import NOTHING, Estimate, estimates

RECENT = 28
"""Days that the forecast looks back: today's team and today's images, and every weekday four times."""

FEWEST_DAYS = 3
"""Days of work below which nothing is forecast."""

RESAMPLES = 2_000
SEED = 20_260_302
LATEST = 365 * 20
"""Days; who would take longer has no forecast."""

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_PASSES_LEFT = {
    PairState.OPEN: 3,
    PairState.RETURNED_1: 3,
    PairState.AFTER_1: 2,
    PairState.RETURNED_2: 2,
    PairState.AFTER_2: 1,
    PairState.DISPUTE: 0,
    PairState.DONE: 0,
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """When all workable pairs are done if people go on as in the last weeks, with the ends of a 95 % interval.

    `high` is None where some of the resampled rates never end; `per_day` is the rate in passes a calendar day.
    """

    day: date
    low: date
    high: date | None
    per_day: float


@dataclass(frozen=True, slots=True)
class DoneCount:
    """How many pairs were done at the end of a day."""

    day: date
    done: int


def forecast(heads: Sequence[PassHead], pairs: Iterable[PairRecord], today: date) -> Forecast | None:
    """When the pairs whose image is here will be done; None where they are, or where too little was done lately.

    Counted are passes: how many are left, and how many were handed in on each of the last `RECENT` calendar days, with
    those of rest. Days are resampled with replacement (bootstrap, Efron, 1979), and each resample's rate gives an end.
    """
    left = sum(passes_left(pair) for pair in pairs)
    daily = daily_passes(heads, today)
    if not left or np.count_nonzero(daily) < FEWEST_DAYS:
        return None
    drawn = np.random.default_rng(SEED).integers(0, len(daily), (RESAMPLES, len(daily)))
    rates = daily[drawn].mean(axis=1)
    slow, fast = (float(np.quantile(rates, level)) for level in (0.025, 0.975))
    rate = float(daily.mean())
    if left / rate > LATEST:
        return None
    high = today + timedelta(days=int(np.ceil(left / slow))) if slow > 0 and left / slow <= LATEST else None
    return Forecast(
        day=today + timedelta(days=int(np.ceil(left / rate))),
        low=today + timedelta(days=int(np.ceil(left / fast))),
        high=high,
        per_day=rate,
    )


def passes_left(pair: PairRecord) -> int:
    """Passes that a pair still takes; a waiting one counts where its image is here.

    What waits for a researcher counts as if it were settled, which takes no pass.
    """
    if pair.state is PairState.WAITING:
        return 3 if pair.present else 0
    if pair.state is PairState.ESCALATED:
        return sum(seat is None for seat in pair.seats)
    return _PASSES_LEFT[pair.state]


def daily_passes(heads: Iterable[PassHead], today: date) -> Floats:
    """Passes handed in on each of the last days before `today` (UTC), oldest first; from the first pass on."""
    counts = Counter((today - head.submitted_at.date()).days for head in heads)
    back = min(max(counts, default=0), RECENT)
    return np.array([counts[days] for days in range(back, 0, -1)], dtype=np.float64)


def done_by_day(
    heads: Sequence[PassHead], decisions: Sequence[Decision], pairs: Iterable[PairRecord]
) -> tuple[DoneCount, ...]:
    """The growing number of pairs done, day by day: each pair counts from its last pass or decision."""
    last: dict[PairKey, datetime] = {head.key: head.submitted_at for head in heads}
    for decision in decisions:
        last[decision.key] = max(last.get(decision.key, decision.at), decision.at)
    ends = Counter(last[pair.key].date() for pair in pairs if pair.state is PairState.DONE and pair.key in last)
    found: list[DoneCount] = []
    total = 0
    for day in sorted(ends):
        total += ends[day]
        found.append(DoneCount(day, total))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Times:
    """Mean active seconds of a pair, with what was returned and done again.

    `passes` are of passes 1, 2 and 3, `people` the same by person; `pair` and `groups` are of all three passes
    together, among the pairs that have three.
    """

    passes: tuple[Estimate, ...]
    people: Mapping[str, tuple[Estimate, ...]]
    pair: Estimate
    groups: Mapping[int, Estimate]


def active_times(heads: Sequence[PassHead]) -> Times:
    """All times from one set of resampled pairs."""
    if not heads:
        return Times((NOTHING,) * 3, {}, NOTHING, {})
    rows: dict[PairKey, int] = {}
    row = np.array([rows.setdefault(head.key, len(rows)) for head in heads])
    people, groups = sorted({head.person for head in heads}), sorted({key.group for key in rows})
    number = np.array([head.pass_number for head in heads]) - 1
    whose = np.array([people.index(head.person) for head in heads])
    seconds = np.array([head.active_seconds for head in heads])
    per_pass = _sums(row, number, seconds, (len(rows), 3))
    per_person = _sums(row, 3 * whose + number, seconds, (len(rows), 3 * len(people)))
    whole = per_pass.sum(axis=1)  # NaN where a pass is missing
    of_group = np.array([groups.index(key.group) for key in rows])
    per_group = np.where(of_group[:, None] == np.arange(len(groups)), whole[:, None], np.nan)
    table = np.concatenate([per_pass, per_person, whole[:, None], per_group], axis=1)
    found = estimates(table, (0.0, math.inf))
    last = 3 + 3 * len(people)
    return Times(
        passes=found[:3],
        people={name: found[3 + 3 * k : 6 + 3 * k] for k, name in enumerate(people)},
        pair=found[last],
        groups=dict(zip(groups, found[last + 1 :], strict=True)),
    )


def _sums(row: Indices, column: Indices, values: Floats, shape: tuple[int, int]) -> Floats:
    """A table of sums; NaN where there is nothing to sum."""
    table, counts = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    np.add.at(table, (row, column), values)
    np.add.at(counts, (row, column), 1)
    return np.where(counts > 0, table, np.nan)
