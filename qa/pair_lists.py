"""The pairs behind every figure of the dashboard, each list in the order of need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PASS_NUMBERS, PairState
from annotator.project.project import Project
from annotator.store.records import PairRecord, PassHead
from qa.agreement.measured import Measured, measure
from qa.check_run import found_by
from qa.disputes import STOPPED
from qa.returned import returned_in


class Behind(StrEnum):
    """What a list of pairs stands behind; `CHECK` and `PERSON` need a name."""

    DONE = "done"
    TO_DO = "to do"
    STOPPED = "stopped"
    RETURNED = "returned"
    REMARKS = "open remarks"
    BELOW = "below the limit"
    TIME = "time"
    BLIND = "blind"
    CHECK = "check"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Which:
    """Which list: behind what, of which check or person, and of which group (None for all)."""

    what: Behind
    name: str = ""
    group: int | None = None


@dataclass(frozen=True, slots=True)
class ListedPair:
    """A pair in a list: `number` is its lowest IoU, or its seconds in the list of times; `said` explains the rest."""

    key: PairKey
    state: PairState
    people: tuple[str, ...]
    number: float | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    project: Project
    which: Which
    pairs: Mapping[PairKey, PairRecord]
    heads: tuple[PassHead, ...]
    measured: Measured


def pairs_behind(project: Project, which: Which) -> tuple[ListedPair, ...]:
    """The pairs of a list; agreement is what was measured before, so that a look costs no rasterising."""
    heads = project.store.all_passes()
    pairs = {pair.key: pair for pair in project.store.pairs(which.group)}
    known = _Known(project, which, pairs, heads, measure(project, heads, most=0))
    return tuple(_LISTS[which.what](known))


def _done(known: _Known) -> list[ListedPair]:
    return [_listed(known, pair) for pair in known.pairs.values() if pair.state is PairState.DONE]


def _to_do(known: _Known) -> list[ListedPair]:
    waiting = [pair for pair in known.pairs.values() if pair.state is not PairState.DONE]
    order = {PairState.AFTER_2: 0, PairState.RETURNED_2: 1, PairState.AFTER_1: 1, PairState.WAITING: 3}
    waiting.sort(key=lambda pair: order.get(pair.state, 2))
    return [_listed(known, pair) for pair in waiting]


def _stopped(known: _Known) -> list[ListedPair]:
    last = {head.key: head for head in known.heads}
    rows = []
    for pair in known.pairs.values():
        if pair.state in STOPPED:
            head = last[pair.key]
            said = f"{head.person}: {head.reason}" if head.reason else ""
            rows.append(_listed(known, pair, said))
    return sorted(rows, key=lambda row: (row.state is PairState.ESCALATED, _lowest(row)))


def _returned(known: _Known) -> list[ListedPair]:
    waiting = [entry for entry in returned_in(known.heads) if not entry.mended and entry.key in known.pairs]
    return [_listed(known, known.pairs[entry.key], f"to {entry.person}: {entry.reason}") for entry in waiting]


def _remarks(known: _Known) -> list[ListedPair]:
    texts: dict[PairKey, list[str]] = defaultdict(list)
    for remark in known.project.store.open_remarks(known.which.group):
        texts[remark.pair].append(f"{remark.person}: {remark.text}")
    return [
        _listed(known, known.pairs[key], said[0] if len(said) == 1 else f"{len(said)} open, {said[0]}")
        for key, said in texts.items()
    ]


def _below(known: _Known) -> list[ListedPair]:
    rows = [_listed(known, pair) for pair in known.pairs.values()]
    limit = known.project.rules.agreement
    return sorted((row for row in rows if row.number is not None and row.number < limit), key=_lowest)


def _time(known: _Known) -> list[ListedPair]:
    seconds: dict[PairKey, float] = defaultdict(float)
    for head in known.heads:
        if head.key in known.pairs:
            seconds[head.key] += head.active_seconds
    longest = sorted(seconds.items(), key=lambda entry: -entry[1])
    return [ListedPair(key, known.pairs[key].state, _people(known.pairs[key]), number=total) for key, total in longest]


def _blind(known: _Known) -> list[ListedPair]:
    records = known.project.store.blind_records(known.which.group)
    return [_listed(known, known.pairs[record.key], f"drawn blind by {record.person}") for record in records]


def _check(known: _Known) -> list[ListedPair]:
    found = found_by(known.project, known.which.name, known.pairs.values())
    rows = []
    for key, severities in found.items():
        errors, warnings = severities.count("error"), severities.count("warning")
        named = ((errors, "error"), (warnings, "warning"))
        parts = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in named if count]
        rows.append(_listed(known, known.pairs[key], ", ".join(parts)))
    return rows


def _person(known: _Known) -> list[ListedPair]:
    rows = []
    for pair in known.pairs.values():
        numbers = [number for number, seat in zip(PASS_NUMBERS, pair.seats, strict=True) if seat == known.which.name]
        if numbers:
            rows.append(_listed(known, pair, f"pass {numbers[0]}"))
    return sorted(rows, key=_lowest)


def _listed(known: _Known, pair: PairRecord, said: str = "") -> ListedPair:
    return ListedPair(pair.key, pair.state, _people(pair), known.measured.lowest(pair.key), said)


def _people(pair: PairRecord) -> tuple[str, ...]:
    return tuple(seat for seat in pair.seats if seat is not None)


def _lowest(row: ListedPair) -> float:
    return float("inf") if row.number is None else row.number


_LISTS: Mapping[Behind, Callable[[_Known], list[ListedPair]]] = {
    Behind.DONE: _done,
    Behind.TO_DO: _to_do,
    Behind.STOPPED: _stopped,
    Behind.RETURNED: _returned,
    Behind.REMARKS: _remarks,
    Behind.BELOW: _below,
    Behind.TIME: _time,
    Behind.BLIND: _blind,
    Behind.CHECK: _check,
    Behind.PERSON: _person,
}
