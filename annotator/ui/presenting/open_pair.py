"""The pair that a person has open: taken, drawn on, kept, handed over. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError, RefusedError
from annotator.domain.passes import Verdict
from annotator.domain.remarks import RemarkPlace
from annotator.domain.shapes import Annotation
from annotator.editing.edits.whole import SetAnnotation
from annotator.editing.session import EditingSession, LockedShapeError
from annotator.project.project import Project
from annotator.store.journal import JournalEntry
from annotator.store.records import PairRecord, PassRecord
from annotator.ui.presenting.open_drawing import OpenDrawing
from annotator.ui.presenting.premask import used_premask
from qa import hand_over
from qa.active_time import ActiveClock
from qa.blind import mark_seen

INSPECTS_FIRST = 2
"""The pass that looks at what became of the pre-mask."""


@dataclass(slots=True, kw_only=True)
class OpenPair(OpenDrawing):
    """`pass_number` is None where the person may only look; `refusal` says why then.

    `base` is the annotation that approving unchanged means, None in pass 1. `premask` is what pass 1 began from, where
    pass 2 inspects it.
    """

    record: PairRecord
    previous: tuple[PassRecord, ...]
    pass_number: int | None = None
    base: Annotation | None = None
    base_revision: int | None = None
    refusal: str = ""
    proposer: str | None = None
    premask: Annotation | None = None

    @property
    def key(self) -> PairKey:
        """Which pair it is."""
        return self.record.key

    @property
    def read_only(self) -> bool:
        """True where the person may only look."""
        return self.pass_number is None

    @property
    def edited(self) -> bool:
        """True when the annotation differs from the one that the passes before agreed on."""
        return self.base is not None and self.session.annotation != self.base

    def journal_entry(self, now: float) -> JournalEntry:
        """What the journal has to hold now."""
        return self._entry(now, self.base_revision, self.proposer)

    def save(self) -> None:
        """Keep the work in the project; raises AnnotatorError, and nothing is lost then."""
        if not self.unsaved:
            return
        revision = self.session.revision
        saved = hand_over.save(
            self.project,
            self.key,
            self.person,
            self.session.annotation,
            base_revision=self.base_revision,
            proposer=self.proposer,
        )
        if self.pass_number == 1:
            self.base_revision = saved
        self._mark_saved(revision)

    def submit(
        self, verdict: Verdict, reason: str, now: float, remarks: Sequence[tuple[RemarkPlace, str]] = ()
    ) -> PassRecord:
        """Hand the pair over; raises AnnotatorError in one sentence, and nothing has changed then."""
        if self.pass_number is None:
            raise RefusedError(self.refusal)
        self.session.settle()
        record = hand_over.submit(
            self.project,
            self.key,
            self.person,
            verdict,
            self.session.annotation,
            pass_number=self.pass_number,
            base_revision=self.base_revision,
            proposer=self.proposer,
            active_seconds=self.clock.seconds(now),
            reason=reason,
            remarks=remarks,
        )
        self._mark_handed_in()
        return record


def open_pair(project: Project, key: PairKey, person: str, seconds: float = 0.0) -> OpenPair:
    """Take a pair and start a session on it; one that may not be taken is opened to look at.

    What the person's journal holds about this pair wins over what the project holds: it is newer. Who opens a pair of
    the blind sample this way has seen it.
    """
    mark_seen(project, key, person)
    try:
        work = hand_over.take(project, key, person)
    except AnnotatorError as refusal:
        return _to_look_at(project, key, person, str(refusal))
    start = work.annotation or Annotation(project.library.size(key.image))
    opened = OpenPair(
        project=project,
        person=work.person,
        record=project.store.pair(key),
        session=EditingSession(start),
        clock=ActiveClock(project.rules.idle_seconds, seconds),
        previous=work.previous,
        pass_number=work.pass_number,
        base=work.base,
        base_revision=work.base_revision,
        lease=work.lease,
    )
    if work.pass_number == INSPECTS_FIRST:
        firsts = [record for record in work.previous if record.pass_.pass_number == 1]
        opened.premask = used_premask(project, firsts[-1]) if firsts else None
    entry = project.journal.read(work.person)
    mine = entry is not None and entry.key == key and not entry.blind and entry.settling is None
    if entry is not None and mine and entry.annotation.size == start.size:
        opened.proposer = entry.proposer
        opened.restore(entry)
    return opened


def _to_look_at(project: Project, key: PairKey, person: str, refusal: str) -> OpenPair:
    record = project.store.pair(key)
    shown = record.standing if record.standing is not None else record.latest_revision
    annotation = project.store.revision(shown) if shown is not None else None
    return OpenPair(
        project=project,
        person=person,
        record=record,
        session=EditingSession(annotation or Annotation(project.library.size(key.image))),
        clock=ActiveClock(project.rules.idle_seconds),
        previous=project.store.passes(key),
        refusal=refusal,
    )


def take_over(opened: OpenPair, annotation: Annotation) -> None:
    """Replace what is drawn by a pre-mask, as one step; raises LockedShapeError where a polygon is locked."""
    if any(shape.locked for shape in opened.session.annotation.shapes):
        raise LockedShapeError("A polygon is locked, and the pre-mask would replace it; unlock it, or take a part.")
    opened.session.apply(SetAnnotation(annotation))
