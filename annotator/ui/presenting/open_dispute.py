"""A pair that a researcher settles, with the mask drawn anew and the words written for it. No Qt."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from annotator.domain.dataset import PairKey
from annotator.domain.shapes import Annotation
from annotator.editing.edits.whole import SetAnnotation
from annotator.editing.session import EditingSession
from annotator.project.project import Project
from annotator.store.journal import Journal, JournalEntry
from annotator.store.records import Decision
from annotator.ui.presenting.disputes import Stopped
from annotator.ui.presenting.open_drawing import OpenDrawing
from qa import dispute_drafts, disputes
from qa.active_time import ActiveClock


@dataclass(slots=True, kw_only=True)
class OpenDispute(OpenDrawing):
    """A draft is no revision of the pair, which everybody could see: only its journal keeps it until it is settled.

    `kept_at` tells when what is drawn here was drawn in an earlier session, None where it was not; `older` is what the
    person began when the pair had other passes.
    """

    found: Stopped
    reason: str = ""
    rule: str = ""
    kept_at: datetime | None = None
    older: JournalEntry | None = None
    _begun: bool = False
    _before: int = 0

    @property
    def key(self) -> PairKey:
        """Which pair it is."""
        return self.found.key

    @property
    def journal(self) -> Journal:
        """What holds the draft, at most a second old."""
        return dispute_drafts.drafts(self.project, self.key, self.found.latest)

    @property
    def revision(self) -> int:
        """A number that grows with what is drawn and with what is written."""
        return self._before + self.session.revision

    @property
    def drawn(self) -> bool:
        """Whether a mask was drawn anew, here or in an earlier session."""
        return self.kept_at is not None or self.session.can_undo

    def journal_entry(self, now: float) -> JournalEntry:
        """What the journal has to hold now: no polygons where nothing was drawn anew."""
        entry = replace(self._entry(now, self.found.passes[-1].revision), settling=(self.reason, self.rule))
        return entry if self.drawn else _without_mask(entry)

    def save(self) -> None:
        """Bring the draft up to date; raises EnvironmentFault, and nothing is lost then."""
        revision = self.revision
        self._keep(self.journal_entry(time.monotonic()))
        self._mark_saved(revision)

    def leave_journal(self) -> None:
        """Nothing: what the journal holds is kept nowhere else."""

    def forget(self) -> None:
        """Forget every draft of the person on this pair, since it is settled; raises EnvironmentFault."""
        dispute_drafts.forget_drafts(self.project, self.key, self.person)

    def write(self, reason: str, rule: str) -> None:
        """Take over what is written now."""
        reason, rule = (text.encode(errors="replace").decode() for text in (reason, rule))
        if (reason, rule) != (self.reason, self.rule):
            self.reason, self.rule = reason, rule
            self._before += 1

    def draw(self, start: Annotation | None) -> EditingSession:
        """The session to draw in: where it was left, or from `start` as one more step, or from the last pass."""
        if not self._begun:
            self._begin(EditingSession(start or self.found.passes[-1].pass_.annotation))
            self._begun = True
        elif start is not None:
            self.session.apply(SetAnnotation(start))
        return self.session

    def bring_back(self) -> EditingSession:
        """Take what was begun before the passes changed as one more step; its words where none are written yet."""
        session = self.draw(None)
        if self.older is not None:
            if self.older.annotation.shapes:
                session.apply(SetAnnotation(self.older.annotation))
            reason, rule = self.older.settling or ("", "")
            self.write(self.reason or reason, self.rule or rule)
        return session

    def throw_away(self) -> None:
        """Forget the mask drawn anew; where there is none, what was begun before the passes changed.

        Raises EnvironmentFault where the disk does not take that, and nothing has changed then.
        """
        if not self.drawn:
            dispute_drafts.forget_drafts(self.project, self.key, self.person, but=self.found.latest)
            self.older = None
            return
        self._keep(_without_mask(self.journal_entry(time.monotonic())))
        self._begin(EditingSession(self.found.passes[-1].pass_.annotation))
        self._begun, self.kept_at = False, None
        self._mark_handed_in()

    def settle(self, annotation: Annotation | None, resume: bool, reason: str, rule: str) -> Decision:
        """Decide, or with `resume` send the pass back; raises AnnotatorError, and nothing has changed then."""
        decision = disputes.settle(self.project, self.key, self.person, annotation, reason, resume, rule)
        self._mark_handed_in()
        return decision

    def _keep(self, entry: JournalEntry) -> None:
        if dispute_drafts.holds_anything(entry):
            self.journal.write(entry)
        else:
            self.journal.clear(self.person)

    def _begin(self, session: EditingSession) -> None:
        """Another session; what has to be kept did not change by that."""
        self._before += self.session.revision - session.revision
        self.session = session


def open_dispute(project: Project, found: Stopped, person: str) -> OpenDispute:
    """Begin to settle a pair, or go on with what the person began on the same passes."""
    name = project.store.person(person).name
    last = found.passes[-1].pass_.annotation
    opened = OpenDispute(
        project=project,
        person=name,
        session=EditingSession(last),
        clock=ActiveClock(project.rules.idle_seconds),
        found=found,
        older=dispute_drafts.older_draft(project, found.key, name, found.latest),
    )
    if opened.older is not None and opened.older.annotation.size != last.size:
        opened.older = None
    entry = opened.journal.read(name)
    if entry is not None and entry.key == found.key and entry.settling is not None:
        opened.reason, opened.rule = entry.settling
        if entry.annotation.shapes and entry.annotation.size == last.size:
            opened.session, opened.kept_at = EditingSession(entry.annotation), entry.at
            opened._begun = True
    return opened


def _without_mask(entry: JournalEntry) -> JournalEntry:
    return replace(entry, annotation=Annotation(entry.annotation.size))
