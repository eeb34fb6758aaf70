"""A pair that a person draws blind: taken, drawn on, kept, handed in. No Qt.

Nothing about the pair's passes, pre-mask or remarks is read here, so nothing of them can be shown.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.shapes import Annotation
from annotator.editing.session import EditingSession
from annotator.project.project import Project
from annotator.store.journal import JournalEntry
from annotator.store.records import BlindRecord, PairRecord
from annotator.ui.presenting.open_drawing import OpenDrawing
from qa import blind
from qa.active_time import ActiveClock


@dataclass(slots=True, kw_only=True)
class OpenBlind(OpenDrawing):
    """What is begun is kept in a draft of the person's own: as a revision everybody could see it."""

    record: PairRecord

    @property
    def key(self) -> PairKey:
        """Which pair it is."""
        return self.record.key

    def journal_entry(self, now: float) -> JournalEntry:
        """What the journal has to hold now."""
        return self._entry(now, base_revision=None, blind=True)

    def save(self) -> None:
        """Keep the draft; raises EnvironmentFault, and nothing is lost then."""
        if not self.unsaved:
            return
        revision = self.session.revision
        blind.drafts(self.project, self.key).write(self.journal_entry(time.monotonic()))
        self._mark_saved(revision)

    def submit(self, now: float) -> BlindRecord:
        """Hand it in for ever; raises AnnotatorError in one sentence, and nothing has changed then."""
        self.session.settle()
        record = blind.submit_blind(
            self.project, self.key, self.person, self.session.annotation, self.clock.seconds(now)
        )
        self._mark_handed_in()
        with suppress(AnnotatorError):  # it is handed in: a draft that stays is no harm, a lease runs out
            self.give_back()
            blind.drafts(self.project, self.key).clear(self.person)
        return record


def open_blind(project: Project, key: PairKey, person: str) -> OpenBlind:
    """Take a pair to draw it blind, and begin with nothing or with what the person began before.

    Raises RefusedError for who may not, ConflictError that names who works on the pair. The journal wins over the
    draft: it is newer.
    """
    name = project.store.person(person).name
    lease = blind.take_blind(project, key, name)
    nothing = Annotation(project.library.size(key.image))
    opened = OpenBlind(
        project=project,
        person=name,
        record=project.store.pair(key),
        session=EditingSession(nothing),
        clock=ActiveClock(project.rules.idle_seconds),
        lease=lease,
    )
    journalled, draft = project.journal.read(name), blind.drafts(project, key).read(name)
    for entry in (journalled, draft):
        if entry is not None and entry.blind and entry.key == key and entry.annotation.size == nothing.size:
            opened.restore(entry)
            opened.restored = entry is journalled and (draft is None or draft.annotation != entry.annotation)
            break
    return opened
