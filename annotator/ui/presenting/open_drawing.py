"""What a person has open to draw on: its journal entry, its lease, and how far what is drawn is kept. No Qt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime

from annotator.domain.dataset import PairKey
from annotator.editing.session import EditingSession
from annotator.project.project import Project
from annotator.store.journal import Journal, JournalEntry
from annotator.store.records import Lease
from qa.active_time import ActiveClock


@dataclass(slots=True, kw_only=True)
class OpenDrawing(ABC):
    """The journal is written while somebody draws; `save` is what the project itself keeps.

    `lease` is None where nothing was taken; `restored` is True while only the journal holds what is drawn.
    """

    project: Project
    person: str
    session: EditingSession
    clock: ActiveClock
    lease: Lease | None = None
    restored: bool = False
    _kept: int = 0
    _saved: int = 0

    @property
    @abstractmethod
    def key(self) -> PairKey | int:
        """The pair, or the number of the query."""

    @property
    def journal(self) -> Journal:
        """What holds the edit in progress, at most a second old."""
        return self.project.journal

    @property
    def revision(self) -> int:
        """A number that grows with everything that has to be kept."""
        return self.session.revision

    @property
    def read_only(self) -> bool:
        """True where the person may only look."""
        return False

    @property
    def unkept(self) -> bool:
        """True while the journal is behind the session."""
        return not self.read_only and self.revision != self._kept

    @property
    def unsaved(self) -> bool:
        """True while what `save` keeps is behind the session."""
        return not self.read_only and (self.revision != self._saved or self.restored)

    @abstractmethod
    def journal_entry(self, now: float) -> JournalEntry:
        """What the journal has to hold now; `now` is of the clock's own time."""

    def mark_kept(self, revision: int) -> None:
        """The journal holds what there was at `revision`."""
        self._kept = max(self._kept, revision)

    @abstractmethod
    def save(self) -> None:
        """Keep the work; raises AnnotatorError, and nothing is lost then."""

    def leave_journal(self) -> None:
        """Forget the journal's entry, since `save` kept all of it; raises EnvironmentFault."""
        self.journal.clear(self.person)

    def forget(self) -> None:
        """Forget what is kept beside the project, since the work was handed in; raises EnvironmentFault."""
        self.journal.clear(self.person)

    def restore(self, entry: JournalEntry) -> None:
        """Go on with what was kept of an earlier session, its time included."""
        self.clock = ActiveClock(self.project.rules.idle_seconds, entry.active_seconds)
        if entry.annotation != self.session.annotation:
            self.session, self.restored = EditingSession(entry.annotation), True

    def renew(self) -> None:
        """Extend the lease; raises ConflictError when somebody else has it by now."""
        lease = self.lease  # read once: a worker renews it while the window may give it back
        if lease is not None:
            self.lease = self.project.store.renew_lease(lease.key, self.person, self.project.rules.lease_minutes)

    def give_back(self) -> None:
        """Give the lease back."""
        if self.lease is not None:
            self.project.store.release_lease(self.lease.key, self.person)
            self.lease = None

    def _entry(
        self, now: float, base_revision: int | None, proposer: str | None = None, blind: bool = False
    ) -> JournalEntry:
        """What is drawn and how long it took, for the journal."""
        return JournalEntry(
            key=self.key,
            person=self.person,
            base_revision=base_revision,
            annotation=self.session.annotation,
            active_seconds=self.clock.seconds(now),
            at=datetime.now(UTC),
            proposer=proposer,
            blind=blind,
        )

    def _mark_saved(self, revision: int) -> None:
        """`save` kept the session as it was at `revision`."""
        self._saved, self.restored = revision, False
        self.session.mark_saved()

    def _mark_handed_in(self) -> None:
        """Nothing of the session is left to keep."""
        self._saved = self._kept = self.revision
        self.restored = False
