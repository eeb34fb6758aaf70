"""Remarks of a project: pinned where they can be, gathered into threads, counted per group and person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.remarks import Remark, RemarkPlace
from annotator.project.project import Project
from annotator.store.records import PairRecord


@dataclass(frozen=True, slots=True)
class RemarkThread:
    """A remark with its answers, oldest first. `people` are those whom it concerns.

    A thread concerns who wrote in it and who did a pass of its pair: they asked, or it is their mask that is meant.
    """

    first: Remark
    answers: tuple[Remark, ...]
    people: frozenset[str]

    @property
    def key(self) -> PairKey:
        """The pair that it is about."""
        return self.first.pair

    @property
    def settled(self) -> bool:
        """Whether it is settled; a thread is settled as a whole."""
        return self.first.settled


@dataclass(frozen=True, slots=True)
class OpenAndSettled:
    """Numbers of threads."""

    open: int
    settled: int


@dataclass(frozen=True, slots=True)
class RemarkCounts:
    """Threads of a project, of each group by number, and of each person whom they concern by name."""

    all: OpenAndSettled
    groups: dict[int, OpenAndSettled]
    people: dict[str, OpenAndSettled]


@dataclass(frozen=True, slots=True)
class OpenThread:
    """An open thread for reports: `where` is `index image` or `query N`, `answers` how many there are so far."""

    key: PairKey
    where: str
    person: str
    text: str
    at: datetime
    answers: int


def open_threads(found: Sequence[RemarkThread]) -> tuple[OpenThread, ...]:
    """The open ones among threads, oldest first."""
    return tuple(
        OpenThread(
            thread.key,
            "index image" if thread.first.place.query is None else f"query {thread.first.place.query}",
            thread.first.person,
            thread.first.text,
            thread.first.at,
            len(thread.answers),
        )
        for thread in found
        if not thread.settled
    )


def add_remark(
    project: Project, key: PairKey, place: RemarkPlace, person: str, text: str, parent: int | None = None
) -> Remark:
    """Pin a remark to a pair, or answer one; raises what `require_place` and the store raise, and changes nothing."""
    require_place(project, key, place)
    return project.store.add_remark(key, place, person, text, parent)


def require_place(project: Project, key: PairKey, place: RemarkPlace) -> None:
    """Raise OutsideImageError unless a remark's place lies in its image, where the image is here; RefusedError for a
    query of another group.
    """
    name = key.image
    if place.query is not None:
        group = project.group(key.group)
        found = [query for query in group.queries if query.number == place.query]
        if not found:
            raise RefusedError(f"Query {place.query} is not in {group.name}; pin the remark to a query of that group.")
        name = found[0].image
    if project.library.has(name):
        place.require_inside(project.library.size(name), name)


def threads(remarks: Iterable[Remark], pairs: Sequence[PairRecord]) -> tuple[RemarkThread, ...]:
    """Remarks (all of some pairs, as the store gives them) as threads, oldest first."""
    answers: dict[int, list[Remark]] = defaultdict(list)
    firsts = []
    for remark in remarks:
        if remark.parent is None:
            firsts.append(remark)
        else:
            answers[remark.parent].append(remark)
    seats = {pair.key: pair.seats for pair in pairs}
    made = []
    for first in firsts:
        said = tuple(answers[first.id])
        wrote = {remark.person for remark in (first, *said)}
        did = {name for name in seats.get(first.pair, ()) if name is not None}
        made.append(RemarkThread(first, said, frozenset(wrote | did)))
    return tuple(made)


def project_threads(project: Project, group: int | None = None) -> tuple[RemarkThread, ...]:
    """All threads of a project (of one group), oldest first."""
    return threads(project.store.all_remarks(group), project.store.pairs(group))


def count_threads(found: Sequence[RemarkThread]) -> RemarkCounts:
    """Open and settled threads, in all, per group and per person whom they concern."""
    groups = Counter((thread.key.group, thread.settled) for thread in found)
    people = Counter((name, thread.settled) for thread in found for name in thread.people)
    settled = sum(thread.settled for thread in found)
    return RemarkCounts(OpenAndSettled(len(found) - settled, settled), _by_first(groups), _by_first(people))


def _by_first(counted: Counter[tuple[Any, bool]]) -> dict[Any, OpenAndSettled]:
    names = sorted({name for name, _ in counted})
    return {name: OpenAndSettled(counted[name, False], counted[name, True]) for name in names}
