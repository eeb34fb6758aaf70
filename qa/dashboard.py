"""Where the project stands: everything that the dashboard and the report show, gathered in one look."""

from __future__ import annotations

import gc
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from annotator.domain.dataset import PairKey, QueryGroup
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.project.project import Project
from annotator.store.records import BlindRecord, PairRecord, PassHead
from qa.agreement.consensus import Consensus, consensus
from qa.agreement.estimates import NOTHING, Estimate
from qa.agreement.measured import Measured, measure
from qa.agreement.summary import AgreementSummary, summarise
from qa.blind import left_to_draw
from qa.check_run import CheckCounts, check_counts
from qa.disputes import STOPPED
from qa.premask_use import PremaskUse, premask_use
from qa.progress import DoneCount, Forecast, Times, active_times, done_by_day, forecast
from qa.remarks import OpenThread, RemarkCounts, count_threads, open_threads, threads
from qa.returned import reasons_in, returned_in


@dataclass(frozen=True, slots=True)
class Standing:
    """How many pairs have come how far; the five add up to `pairs`.

    A pair that was returned counts as far as its last pass that holds; one that waits for a researcher as far as its
    passes. `waiting` have no image here or no opened group. `stopped` of them are escalated or in dispute, `returned`
    were sent back.
    """

    pairs: int
    done: int
    after_2: int
    after_1: int
    open: int
    waiting: int
    stopped: int
    returned: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A query group: `seconds` is the active time of a pair's three passes."""

    number: int
    queries: tuple[str, ...]
    standing: Standing
    agreement: Estimate
    seconds: Estimate
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person: passes handed in by number, agreement with the others, active seconds by pass number.

    `returned` counts passes that were returned to this person, `to_mend` those not yet done again, `blind` blind
    annotations.
    """

    name: str
    role: PersonRole
    passes: tuple[int, int, int]
    agreement: Estimate
    seconds: tuple[Estimate, ...]
    returned: int
    to_mend: int
    blind: int


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A pair that waits for a researcher: `lowest` is the lowest IoU of two passes, None for an escalated one.

    `by` handed in the pass that stopped the pair, `reason` is what an escalation says.
    """

    key: PairKey
    state: PairState
    lowest: float | None
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything at `at`.

    `limit` is the agreement of the rules, `below` counts pairs of which two passes agree less, `unmeasured` those not
    yet measured.
    """

    name: str
    dataset: str
    at: datetime
    queries: int
    limit: float
    standing: Standing
    agreement: AgreementSummary
    unmeasured: int
    below: int
    seconds: tuple[Estimate, ...]
    seconds_of_pair: Estimate
    forecast: Forecast | None
    done: tuple[DoneCount, ...]
    groups: tuple[GroupRow, ...]
    people: tuple[PersonRow, ...]
    disputes: tuple[DisputeRow, ...]
    settled: int
    reasons: tuple[tuple[str, int], ...]
    open_remarks: int
    remarks: RemarkCounts
    open_threads: tuple[OpenThread, ...]
    checks: CheckCounts
    premasks: PremaskUse
    consensus: Consensus
    blind_share: float
    blind_left: int


def dashboard(
    project: Project, most: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Dashboard:
    """Look at the whole project; at most `most` pairs whose masks are new are measured now (all, where None)."""
    with _without_collection():
        return _gathered(project, most, progress)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Tens of thousands of records without a cycle among them: looking for cycles would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _gathered(project: Project, most: int | None, progress: Callable[[int, int], None] | None) -> Dashboard:
    store = project.store
    now, pairs, heads = store.clock(), store.pairs(), store.all_passes()
    decisions, blind = store.decisions(), store.blind_records()
    measured = measure(project, heads, most, progress)
    summary = summarise(measured)
    times = active_times(heads)
    found = threads(store.all_remarks(), pairs)
    remarks = count_threads(found)
    return Dashboard(
        name=project.name,
        dataset=project.truth.dataset,
        at=now,
        queries=len(project.truth.queries),
        limit=project.rules.agreement,
        standing=standing_of(pairs),
        agreement=summary,
        unmeasured=measured.left,
        below=measured.below(project.rules.agreement),
        seconds=times.passes,
        seconds_of_pair=times.pair,
        forecast=forecast(heads, pairs, now.date()),
        done=done_by_day(heads, decisions, pairs),
        groups=_groups(project.groups, pairs, heads, summary.groups, times.groups, now.date()),
        people=_people(project, heads, summary, times, blind),
        disputes=_disputes(pairs, heads, measured),
        settled=len({decision.key for decision in decisions}),
        reasons=reasons_in(heads),
        open_remarks=remarks.all.open,
        remarks=remarks,
        open_threads=open_threads(found),
        checks=check_counts(project, pairs),
        premasks=premask_use(project, heads),
        consensus=consensus(project, heads),
        blind_share=project.rules.blind_share,
        blind_left=left_to_draw(project, pairs, blind),
    )


def standing_of(pairs: Sequence[PairRecord]) -> Standing:
    """Count how far pairs have come."""
    far = [_far(pair) for pair in pairs]
    waiting = sum(pair.state is PairState.WAITING for pair in pairs)
    return Standing(
        pairs=len(pairs),
        done=far.count(3),
        after_2=far.count(2),
        after_1=far.count(1),
        open=far.count(0) - waiting,
        waiting=waiting,
        stopped=sum(pair.state in STOPPED for pair in pairs),
        returned=sum(pair.state in (PairState.RETURNED_1, PairState.RETURNED_2) for pair in pairs),
    )


def _far(pair: PairRecord) -> int:
    """Passes of a pair that hold."""
    if pair.state is PairState.ESCALATED:
        return max(0, sum(seat is not None for seat in pair.seats) - 1)
    fixed = {
        PairState.DONE: 3,
        PairState.AFTER_2: 2,
        PairState.DISPUTE: 2,
        PairState.AFTER_1: 1,
        PairState.RETURNED_2: 1,
    }
    return fixed.get(pair.state, 0)


def _groups(
    groups: Sequence[QueryGroup],
    pairs: Sequence[PairRecord],
    heads: Sequence[PassHead],
    agreement: Mapping[int, Estimate],
    seconds: Mapping[int, Estimate],
    today: date,
) -> tuple[GroupRow, ...]:
    its_pairs: dict[int, list[PairRecord]] = defaultdict(list)
    its_heads: dict[int, list[PassHead]] = defaultdict(list)
    for pair in pairs:
        its_pairs[pair.key.group].append(pair)
    for head in heads:
        its_heads[head.key.group].append(head)
    return tuple(
        GroupRow(
            number=group.number,
            queries=tuple(query.image for query in group.queries),
            standing=standing_of(its_pairs[group.number]),
            agreement=agreement.get(group.number, NOTHING),
            seconds=seconds.get(group.number, NOTHING),
            forecast=forecast(its_heads[group.number], its_pairs[group.number], today),
        )
        for group in groups
    )


def _people(
    project: Project,
    heads: Sequence[PassHead],
    summary: AgreementSummary,
    times: Times,
    blind: Sequence[BlindRecord],
) -> tuple[PersonRow, ...]:
    """Everybody who handed something in, and every annotator; in the order in which they joined."""
    theirs: dict[str, list[PassHead]] = defaultdict(list)
    for head in heads:
        theirs[head.person].append(head)
    returned = returned_in(heads)
    rows = []
    for person in project.store.people():
        mine = theirs[person.name]
        drawn = sum(record.person == person.name for record in blind)
        if person.role is PersonRole.RESEARCHER and not mine and not drawn:
            continue
        numbers = [head.pass_number for head in mine]
        back = [entry for entry in returned if entry.person == person.name]
        rows.append(
            PersonRow(
                name=person.name,
                role=person.role,
                passes=(numbers.count(1), numbers.count(2), numbers.count(3)),
                agreement=summary.people.get(person.name, NOTHING),
                seconds=times.people.get(person.name, (NOTHING,) * 3),
                returned=len(back),
                to_mend=sum(not entry.mended for entry in back),
                blind=drawn,
            )
        )
    return tuple(rows)


def _disputes(pairs: Sequence[PairRecord], heads: Sequence[PassHead], measured: Measured) -> tuple[DisputeRow, ...]:
    """What waits for a researcher: disputes by falling need, then what was escalated, oldest first."""
    last = {head.key: head for head in heads}
    rows = []
    for pair in pairs:
        if pair.state not in STOPPED:
            continue
        head = last[pair.key]
        lowest = measured.lowest(pair.key) if pair.state is PairState.DISPUTE else None
        reason = head.reason if head.verdict is Verdict.ESCALATED else ""
        rows.append(DisputeRow(pair.key, pair.state, lowest, head.person, reason, head.submitted_at))
    return tuple(sorted(rows, key=lambda row: (math.inf if row.lowest is None else row.lowest, row.at)))
