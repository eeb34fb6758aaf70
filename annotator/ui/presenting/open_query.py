"""The query mask that a researcher draws: kept and saved like a pair, without a lease. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.shapes import Annotation
from annotator.editing.session import EditingSession
from annotator.project.project import Project
from annotator.store.journal import JournalEntry
from annotator.store.records import QueryRecord
from annotator.ui.presenting.open_drawing import OpenDrawing
from qa.active_time import ActiveClock


@dataclass(slots=True, kw_only=True)
class OpenQuery(OpenDrawing):
    """A query with the session in which its mask is drawn."""

    record: QueryRecord

    @property
    def key(self) -> int:
        """The number of the query."""
        return self.record.number

    def journal_entry(self, now: float) -> JournalEntry:
        """What the journal has to hold now."""
        return self._entry(now, self.record.revision)

    def save(self) -> None:
        """Keep the mask in the project when it changed; raises AnnotatorError, and nothing is lost then."""
        revision = self.session.revision  # before the write: what is drawn meanwhile is not kept by it
        if self.unsaved and self.session.annotation != (self.record.annotation or Annotation(self.size)):
            self.project.store.save_query_mask(self.record.number, self.session.annotation, self.person)
        self._mark_saved(revision)

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
    opened = OpenQuery(
        project=project,
        person=person,
        record=record,
        session=EditingSession(start),
        clock=ActiveClock(project.rules.idle_seconds),
    )
    entry = project.journal.read(person)
    if entry is not None and entry.key == record.number and entry.annotation.size == size:
        opened.restore(entry)
    return opened
