"""Progress of a project: figures, one row per group, one per person, the pairs that wait for a researcher."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.project.project import Project
from annotator.store.records import PairRecord, PassHead
from annotator.ui.wording import group_title

STOPPED = (PairState.DISPUTE, PairState.ESCALATED)
AFTER = {
    PairState.AFTER_1: "pass1",
    PairState.RETURNED_1: "pass1",
    PairState.AFTER_2: "pass2",
    PairState.RETURNED_2: "pass2",
    PairState.DONE: "done",
    PairState.OPEN: "open",
    PairState.WAITING: "waiting",
    PairState.DISPUTE: "dispute",
    PairState.ESCALATED: "dispute",
}
PARTS = ("done", "pass2", "pass1", "dispute", "open", "waiting")
"""Parts of a progress bar from left to right."""


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """A group: `parts` counts its pairs by the names of `PARTS`, `seconds` the mean active time of a pass or None."""

    number: int
    name: str
    title: str
    pairs: int
    parts: tuple[int, ...]
    disputes: int
    returned: int
    seconds: float | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """A person: passes 1, 2, 3 handed over, those returned to others, and the mean active time of pass 1 or None."""

    name: str
    passes: tuple[int, int, int]
    returned: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class StoppedPair:
    """A pair that waits for a researcher."""

    key: PairKey
    state: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the dashboard shows. `seconds` are the mean active times of passes 1, 2, 3, None without any."""

    pairs: int
    parts: tuple[int, ...]
    seconds: tuple[float | None, float | None, float | None]
    settled: int
    groups: tuple[GroupProgress, ...]
    people: tuple[PersonProgress, ...]
    stopped: tuple[StoppedPair, ...]


def progress(project: Project) -> Progress:
    """Read it all; works in any thread."""
    store = project.store
    pairs, passes = store.pairs(), store.all_passes()
    by_group: dict[int, list[PairRecord]] = defaultdict(list)
    for pair in pairs:
        by_group[pair.key.group].append(pair)
    passes_of: dict[int, list[PassHead]] = defaultdict(list)
    for head in passes:
        passes_of[head.key.group].append(head)
    opened = {record.number for record in store.group_records() if record.opened_at is not None}
    groups = tuple(
        GroupProgress(
            group.number,
            group.name,
            group_title(group),
            len(by_group[group.number]),
            _parts(by_group[group.number]),
            sum(pair.state in STOPPED for pair in by_group[group.number]),
            sum(head.verdict is Verdict.RETURNED for head in passes_of[group.number]),
            _mean([head.active_seconds for head in passes_of[group.number]]),
            group.number in opened,
        )
        for group in project.groups
    )
    return Progress(
        len(pairs),
        _parts(pairs),
        (_pass_mean(passes, 1), _pass_mean(passes, 2), _pass_mean(passes, 3)),
        len(store.decisions()),
        groups,
        _people(passes),
        tuple(StoppedPair(pair.key, pair.state.value) for pair in pairs if pair.state in STOPPED),
    )


def _parts(pairs: Sequence[PairRecord]) -> tuple[int, ...]:
    counts = Counter(AFTER[pair.state] for pair in pairs)
    return tuple(counts[part] for part in PARTS)


def _people(passes: Sequence[PassHead]) -> tuple[PersonProgress, ...]:
    mine: dict[str, list[PassHead]] = defaultdict(list)
    for head in passes:
        mine[head.person].append(head)
    return tuple(
        PersonProgress(
            name,
            (_count(heads, 1), _count(heads, 2), _count(heads, 3)),
            sum(head.verdict is Verdict.RETURNED for head in heads),
            _pass_mean(heads, 1),
        )
        for name, heads in sorted(mine.items())
    )


def _count(heads: Sequence[PassHead], number: int) -> int:
    return sum(head.pass_number == number for head in heads)


def _pass_mean(heads: Sequence[PassHead], number: int) -> float | None:
    return _mean([head.active_seconds for head in heads if head.pass_number == number])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
