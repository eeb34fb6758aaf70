"""How fast the work goes and when it will be done, with an interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PASS_NUMBERS, PairState
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


def daily_passes(heads: Iterable[PassHead], today: date) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
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


def active_time(heads: Sequence[PassHead]) -> tuple[Estimate, Estimate, Estimate]:
    """Mean active seconds that a pair takes in passes 1, 2 and 3, with what was returned and done again."""
    totals: dict[PairKey, list[float]] = {}
    for head in heads:
        row = totals.setdefault(head.key, [math.nan] * len(PASS_NUMBERS))
        before = row[head.pass_number - 1]
        row[head.pass_number - 1] = head.active_seconds + (0.0 if math.isnan(before) else before)
    if not totals:
        return NOTHING, NOTHING, NOTHING
    first, second, third = estimates(np.array(list(totals.values())), (0.0, math.inf))
    return first, second, third


@dataclass(frozen=True, slots=True)
class PairTimes:
    """Mean active seconds of all passes of a pair that has three: over all pairs, and by group."""

    every: Estimate
    groups: Mapping[int, Estimate]


def active_time_of_pairs(heads: Sequence[PassHead]) -> PairTimes:
    """What a whole pair takes, with what was returned and done again."""
    totals: dict[PairKey, float] = {}
    passes: dict[PairKey, set[int]] = {}
    for head in heads:
        totals[head.key] = totals.get(head.key, 0.0) + head.active_seconds
        passes.setdefault(head.key, set()).add(head.pass_number)
    whole = sorted(key for key, numbers in passes.items() if len(numbers) == len(PASS_NUMBERS))
    if not whole:
        return PairTimes(NOTHING, {})
    columns = {group: column for column, group in enumerate(sorted({key.group for key in whole}), start=1)}
    table = np.full((len(whole), len(columns) + 1), math.nan)
    for row, key in enumerate(whole):
        table[row, 0] = table[row, columns[key.group]] = totals[key]
    every, *groups = estimates(table, (0.0, math.inf))
    return PairTimes(every, dict(zip(columns, groups, strict=True)))
