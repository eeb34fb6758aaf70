"""All remarks of a project, and what was returned to a person, as rows of lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from annotator.domain.dataset import PairKey, group_name
from annotator.project.project import Project
from annotator.ui.presenting.remarks import where
from annotator.ui.wording import counted, tr
from qa.blind import sealed
from qa.remarks import RemarkThread, project_threads
from qa.returned import ReturnedWork, returned_work

OPEN, SETTLED, ALL = "open", "settled", "all"


@dataclass(frozen=True, slots=True)
class RemarkLists:
    """What the page shows: every thread, newest first, and returned passes, those that wait first."""

    threads: tuple[RemarkThread, ...] = ()
    returned: tuple[ReturnedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RemarkFilter:
    """Which threads are shown; `group` and `person` None for all."""

    state: str = OPEN
    group: int | None = None
    person: str | None = None

    def takes(self, thread: RemarkThread) -> bool:
        """Whether a thread is shown."""
        return (
            (self.state == ALL or thread.settled == (self.state == SETTLED))
            and self.group in (None, thread.key.group)
            and (self.person is None or self.person in thread.people)
        )


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in the list: `below` says where it is and how far."""

    id: int
    key: PairKey
    text: str
    below: str
    person: str
    at: datetime
    settled: bool


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A returned pass: what was done, by whom it was returned and why, and the open remarks of its pair.

    `remark` is the id of the first of them, None without any. `mended` once the pass was done again.
    """

    key: PairKey
    title: str
    by: str
    reason: str
    at: datetime
    remarks: tuple[str, ...]
    remark: int | None
    mended: bool


def remark_lists(project: Project, reader: str, everybody: bool) -> RemarkLists:
    """Read the lists for `reader`: what was returned to `everybody` or to the reader.

    Remarks on pairs that the reader may still draw blind are left out: they would tell what others saw there.
    """
    kept_back = sealed(project, reader)
    found = tuple(thread for thread in project_threads(project) if thread.key not in kept_back)
    returned = returned_work(project, None if everybody else reader)
    return RemarkLists(tuple(reversed(found)), returned_lines(returned, found, everybody))


def thread_line(thread: RemarkThread) -> ThreadLine:
    """A thread as a row."""
    first = thread.first
    parts = [group_name(first.pair.group), first.pair.image, where(first.place)]
    if thread.answers:
        parts.append(counted(len(thread.answers), tr("answer"), tr("answers")))
    below = ", ".join(part for part in parts if part)
    return ThreadLine(first.id, first.pair, first.text, below, first.person, first.at, thread.settled)


def returned_lines(
    returned: Sequence[ReturnedWork], threads: Sequence[RemarkThread], named: bool
) -> tuple[ReturnedLine, ...]:
    """Returned passes as rows, those that wait to be mended first; `named` says to whom they were returned."""
    still_open: dict[PairKey, list[RemarkThread]] = defaultdict(list)
    for thread in threads:
        if not thread.settled:
            still_open[thread.key].append(thread)
    lines = []
    for entry in returned:
        its = [] if entry.mended else still_open[entry.key]
        words = tr("{group}, pass {number}, to {person}") if named else tr("{group}, pass {number}")
        title = words.format(group=group_name(entry.key.group), number=entry.pass_number, person=entry.person)
        remarks = tuple(thread.first.text for thread in its)
        first = its[0].first.id if its else None
        lines.append(ReturnedLine(entry.key, title, entry.by, entry.reason, entry.at, remarks, first, entry.mended))
    return tuple(sorted(lines, key=lambda line: line.mended))
