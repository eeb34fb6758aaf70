"""What a researcher began to draw or to write on a pair that waits for a decision: kept in journals of its own.

They lie on that computer beside the journal, one file per person, pair and passes. So a draft never meets the person's
own work on a pass of the pair, and one that was begun when the pair had other passes is not taken for a draft on those
that it has now: it stays where it was, and the person may bring it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from annotator.domain.dataset import PairKey
from annotator.project.project import Project
from annotator.store.journal import Journal, JournalEntry

KIND = "disputes"


def drafts(project: Project, key: PairKey, latest: int) -> Journal:
    """Where drafts on a pair are kept whose newest pass is number `latest` of the chain."""
    return project.journal.of_pair(KIND, key, str(latest))


def older_draft(project: Project, key: PairKey, person: str, latest: int) -> JournalEntry | None:
    """What the person began, and did last, when the pair had other passes than those up to `latest`."""
    found = [journal.read(person) for number, journal in _all(project, key) if number != str(latest)]
    begun = [entry for entry in found if entry is not None and entry.key == key and holds_anything(entry)]
    return max(begun, key=lambda entry: entry.at, default=None)


def forget_drafts(project: Project, key: PairKey, person: str, but: int | None = None) -> None:
    """Forget what the person began on a pair, except for passes up to `but`; raises EnvironmentFault."""
    for number, journal in _all(project, key):
        if number != str(but):
            journal.clear(person)


def begun(project: Project, keys: Iterable[PairKey], person: str) -> frozenset[PairKey]:
    """Those of `keys` on which the person began something that is not settled."""
    return frozenset(key for key in keys if any(journal.holds(person) for _number, journal in _all(project, key)))


def holds_anything(entry: JournalEntry) -> bool:
    """Whether a draft has a polygon or a word in it."""
    return entry.settling is not None and (bool(entry.annotation.shapes) or any(entry.settling))


def _all(project: Project, key: PairKey) -> tuple[tuple[str, Journal], ...]:
    names = project.journal.of_pair(KIND, key).parts()
    return tuple((name, project.journal.of_pair(KIND, key, name)) for name in names)
