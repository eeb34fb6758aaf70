"""What was returned, to whom and why: for the person who mends it, and as counts for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.project.project import Project
from annotator.store.records import PassHead


@dataclass(frozen=True, slots=True)
class ReturnedWork:
    """A pass of `person` that `by` returned with a reason; `mended` once the pass was done again."""

    key: PairKey
    pass_number: int
    person: str
    by: str
    at: datetime
    reason: str
    mended: bool


def returned_work(project: Project, person: str | None = None) -> tuple[ReturnedWork, ...]:
    """Everything that was returned (to one person), newest first: what the annotators' own view shows."""
    name = None if person is None else project.store.person(person).name
    found = returned_in(project.store.all_passes())
    return tuple(entry for entry in reversed(found) if name is None or entry.person == name)


def returned_in(heads: Sequence[PassHead]) -> list[ReturnedWork]:
    """Every return among passes that are given oldest first."""
    found: list[ReturnedWork] = []
    waiting: dict[tuple[PairKey, int], int] = {}
    people: dict[tuple[PairKey, int], str] = {}
    for head in heads:
        own = (head.key, head.pass_number)
        if own in waiting:
            place = waiting.pop(own)
            found[place] = replace(found[place], mended=True)
        people[own] = head.person
        before = (head.key, head.pass_number - 1)
        if head.verdict is Verdict.RETURNED and before in people:
            waiting[before] = len(found)
            whose = people[before]
            found.append(ReturnedWork(*before, whose, head.person, head.submitted_at, head.reason, mended=False))
    return found


def reasons_in(heads: Sequence[PassHead]) -> tuple[tuple[str, int], ...]:
    """The reasons of all returns with how often they were given, most frequent first."""
    counted = Counter(head.reason for head in heads if head.verdict is Verdict.RETURNED)
    return tuple(sorted(counted.items(), key=lambda entry: (-entry[1], entry[0])))
