"""The query mask that a researcher draws: kept and saved like a pair, without a lease. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from annotator.domain.shapes import Annotation
from annotator.editing.session import EditingSession
from annotator.project.project import Project
from annotator.store.journal import JournalEntry
from annotator.store.records import Lease, QueryRecord
from qa.active_time import ActiveClock


@dataclass(slots=True)
class OpenQuery:
    """A query with the session in which its mask is drawn."""

    project: Project
    person: str
    record: QueryRecord
    session: EditingSession
    clock: ActiveClock
    lease: Lease | None = None
    restored: bool = False
    _kept: int = 0
    _saved: int = 0

    @property
    def unkept(self) -> bool:
        """True while the journal is behind the session."""
        return self.session.revision != self._kept

    @property
    def unsaved(self) -> bool:
        """True while the project does not hold what is drawn."""
        return self.session.revision != self._saved or self.restored

    def journal_entry(self, now: float) -> JournalEntry:
        """What the journal has to hold now."""
        return JournalEntry(
            key=self.record.number,
            person=self.person,
            base_revision=self.record.revision,
            annotation=self.session.annotation,
            active_seconds=self.clock.seconds(now),
            at=datetime.now(UTC),
        )

    def mark_kept(self, revision: int) -> None:
        """The journal holds the session as it was at `revision`."""
        self._kept = max(self._kept, revision)

    def save(self) -> None:
        """Keep the mask in the project when it changed; raises AnnotatorError, and nothing is lost then."""
        if self.unsaved and self.session.annotation != (self.record.annotation or Annotation(self.size)):
            revision = self.session.revision
            self.project.store.save_query_mask(self.record.number, self.session.annotation, self.person)
            self._saved = revision
        self._saved, self.restored = self.session.revision, False
        self.session.mark_saved()

    def renew(self) -> None:
        """A query mask has no lease."""

    def give_back(self) -> None:
        """A query mask has no lease."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the query image."""
        return self.session.annotation.size

    def inside_box(self) -> float | None:
        """The share of the mask's pixels inside the query box; None without a mask."""
        mask = self.session.mask
        total = int(mask.sum())
        if not total:
            return None
        x1, y1, x2, y2 = (round(value) for value in self.record.box)
        return int(mask[max(0, y1) : y2 + 1, max(0, x1) : x2 + 1].sum()) / total


def open_query(project: Project, record: QueryRecord, person: str) -> OpenQuery:
    """Begin with the query's newest mask, or with what the person's journal holds about it."""
    size = project.library.size(record.image)
    start = record.annotation or Annotation(size)
    opened = OpenQuery(project, person, record, EditingSession(start), ActiveClock(project.rules.idle_seconds))
    entry = project.journal.read(person)
    if entry is not None and entry.key == record.number and entry.annotation.size == size:
        opened.clock = ActiveClock(project.rules.idle_seconds, entry.active_seconds)
        if entry.annotation != start:
            opened.session, opened.restored = EditingSession(entry.annotation), True
    return opened
