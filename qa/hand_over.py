"""Taking a pair and handing it over: the workflow's table applied to a project, under the rule of three people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PASS_NUMBERS, PairState, Pass, Verdict
from annotator.domain.raster import mask_of
from annotator.domain.remarks import RemarkPlace
from annotator.domain.shapes import Annotation, Role
from annotator.domain.validity import polygon_problems
from annotator.project.project import Project
from annotator.store.records import Lease, PairRecord, PassRecord
from annotator.store.revisions import IMPORT
from qa.agreement.results import in_question, lowest_agreement
from qa.remarks import require_place
from qa.workflow import next_pass, outcome, why_no_pass, with_agreement


@dataclass(frozen=True, slots=True)
class Work:
    """A pair that somebody holds.

    `annotation` is what to start from (None for an empty start): the person's own saved work, or the standing
    annotation of the passes before, or an imported mask. `base_revision` is what `submit` wants back, `base` the
    annotation that approving unchanged means (None in pass 1), `previous` all passes so far, oldest first.
    """

    key: PairKey
    pass_number: int
    person: str
    annotation: Annotation | None
    base_revision: int | None
    previous: tuple[PassRecord, ...]
    lease: Lease
    state: PairState
    base: Annotation | None


def take(project: Project, key: PairKey, person: str) -> Work:
    """Take the lease of a pair and what is needed to work on it; doing so again extends the lease.

    Raises RefusedError when the pair waits, is done or waits for a researcher, when the pass that is due is another
    person's, or when this person did another pass of the pair; ConflictError that names who holds the lease.
    """
    store = project.store
    name = store.person(person).name
    require_due(store.pair(key), name)
    lease = store.take_lease(key, name, project.rules.lease_minutes)
    pair = store.pair(key)  # as it stands now that nobody else can change it
    number = require_due(pair, name)
    start, base_revision = _start(project, pair, name)
    standing = None if number == 1 else pair.standing
    read = store.annotations(revision for revision in (start, standing) if revision is not None)
    return Work(
        key=key,
        pass_number=number,
        person=name,
        annotation=None if start is None else read[start],
        base_revision=base_revision,
        previous=store.passes(key),
        lease=lease,
        state=pair.state,
        base=None if standing is None else read[standing],
    )


def save(
    project: Project,
    key: PairKey,
    person: str,
    annotation: Annotation,
    *,
    base_revision: int | None = None,
    proposer: str | None = None,
) -> int:
    """Keep unfinished work in the project, where the person finds it at the next `take`; return its revision.

    Raises what `take` raises: who submitted a pass does not edit it any more.
    """
    require_due(project.store.pair(key), project.store.person(person).name)
    return project.store.save_revision(key, annotation, person, proposer, base_revision)


def submit(
    project: Project,
    key: PairKey,
    person: str,
    verdict: Verdict,
    annotation: Annotation,
    *,
    pass_number: int,
    base_revision: int | None = None,
    proposer: str | None = None,
    active_seconds: float = 0.0,
    reason: str = "",
    remarks: Sequence[tuple[RemarkPlace, str]] = (),
) -> PassRecord:
    """End a pass: record it for ever, move the pair on, give the lease back; all of it or nothing.

    A returned pass records the standing annotation; what the person drew meanwhile is kept as a revision beside it.
    When pass 3 would end the pair while any two of the three passes' masks agree by less than the rules ask, the pair
    becomes a dispute.

    Raises RefusedError (rules of the passes, nothing drawn, approval of a changed or refinement of an unchanged
    annotation, open remarks at the end), GeometryError for a broken polygon or a remark outside its image,
    ConflictError when somebody else saved the pair meanwhile or holds its lease.
    """
    store = project.store
    name, pair = store.person(person).name, store.pair(key)
    _require_pass(pair, name, pass_number)
    for place, _text in remarks:
        require_place(project, key, place)
    new = outcome(pair.state, verdict)
    _require_newest(project, pair, pass_number, base_revision)
    base = None if pair.standing is None else store.revision(pair.standing)
    if verdict is Verdict.RETURNED and base is not None:
        if annotation_text(annotation) != annotation_text(base):
            store.save_revision(key, annotation, name, proposer, base_revision)
        annotation = base
    elif verdict is not Verdict.ESCALATED:
        require_drawn(project, key, annotation)
        _require_honest(verdict, annotation, base)
    if pass_number == PASS_NUMBERS[-1] and new is PairState.DONE and base is not None:
        new = _done_or_in_dispute(project, key, base, annotation)
    pass_ = Pass(
        pair=key,
        pass_number=pass_number,
        person=name,
        verdict=verdict,
        annotation=annotation,
        submitted_at=store.clock(),
        active_seconds=round(active_seconds, 3),
        base_revision=base_revision,
        proposer=proposer,
        reason=reason.strip(),
    )
    return store.record_pass(pass_, pair.state, new, remarks)


def require_due(pair: PairRecord, person: str) -> int:
    """The pass that `person` may do now on a pair; raises RefusedError with the reason why not."""
    due = next_pass(pair.state)
    if due is None:
        raise RefusedError(f"{pair.key} {_why_waiting(pair)}.")
    seat = pair.seats[due - 1]
    if seat is not None and seat != person:
        raise RefusedError(f"Pass {due} of {pair.key} goes back to {seat}, who did it before; take another pair.")
    for number, other in zip(PASS_NUMBERS, pair.seats, strict=True):
        if other == person and number != due:
            raise RefusedError(
                f"{person} did pass {number} of {pair.key}, which can no longer be changed; the three passes of a pair "
                f"are done by three different people, so somebody else does pass {due}."
            )
    return due


def _require_pass(pair: PairRecord, person: str, pass_number: int) -> None:
    if pass_number not in PASS_NUMBERS:
        raise RefusedError(f"There is no pass {pass_number}; a pair has passes 1, 2 and 3.")
    due = next_pass(pair.state)
    if due == pass_number:
        require_due(pair, person)
    elif pair.seats[pass_number - 1] is not None:
        who = "you" if pair.seats[pass_number - 1] == person else pair.seats[pass_number - 1]
        raise RefusedError(f"Pass {pass_number} of {pair.key} was submitted by {who} and can no longer be changed.")
    elif due is None:
        raise RefusedError(f"{pair.key} {_why_waiting(pair)}.")
    else:
        raise RefusedError(f"{pair.key} is {pair.state}, so pass {due} is due and not pass {pass_number}.")


def _why_waiting(pair: PairRecord) -> str:
    if pair.state is not PairState.WAITING:
        return why_no_pass(pair.state)
    return "waits until a researcher opens its group" if pair.present else "waits, for its image is not here"


def _start(project: Project, pair: PairRecord, person: str) -> tuple[int | None, int | None]:
    """The revision to start from and the base: own work after the standing annotation wins over it.

    In pass 1 it wins over an imported mask. What somebody else began there and left is that person's alone.
    """
    revisions = project.store.revisions(pair.key)
    if pair.standing is None:
        own = [record.id for record in revisions if record.person == person]
        imported = [record.id for record in revisions if (record.proposer or "").startswith(IMPORT)]
        newest = own[-1:] or imported[-1:]
        return (newest[0], newest[0]) if newest else (None, None)
    later = [record.id for record in revisions if record.person == person and record.id > pair.standing]
    return (later[-1] if later else pair.standing), pair.standing


def _require_newest(project: Project, pair: PairRecord, pass_number: int, base: int | None) -> None:
    """Passes 2 and 3 start from what stands, pass 1 from nothing or from any revision of the pair."""
    if pass_number > 1:
        if base != pair.standing:
            raise ConflictError(
                f"{pair.key} was changed after you took it; take it again to see the newest annotation."
            )
    elif base is not None and all(record.id != base for record in project.store.revisions(pair.key)):
        raise RefusedError(f"Revision {base} is not one of {pair.key}; take the pair again.")


def _done_or_in_dispute(project: Project, key: PairKey, base: Annotation, annotation: Annotation) -> PairState:
    """Where pass 3 leads a pair that stood at `base`, by the agreement of all that is not settled yet."""
    store = project.store
    question = in_question(store.passes(key), store.decisions(key), base, annotation)
    return with_agreement(PairState.DONE, PASS_NUMBERS[-1], lowest_agreement(question), project.rules.agreement)


def require_drawn(project: Project, key: PairKey, annotation: Annotation) -> None:
    """Raise RefusedError or GeometryError unless an annotation shows something of the object in valid polygons."""
    if not annotation.of_role(Role.OBJECT):
        raise RefusedError(f"Nothing is drawn on {key}; outline the query object, or escalate with a reason.")
    if project.library.has(key.image) and annotation.size != project.library.size(key.image):
        width, height = project.library.size(key.image)
        raise RefusedError(f"The polygons are for another image size; {key.image} has {width} × {height} pixels.")
    for shape in annotation.shapes:
        for problem in polygon_problems(shape.polygon, annotation.size):
            raise problem
    if not mask_of(annotation).any():
        raise RefusedError(f"Nothing of the object is left on {key}; draw what is visible, or escalate with a reason.")


def _require_honest(verdict: Verdict, annotation: Annotation, base: Annotation | None) -> None:
    if base is None or verdict not in (Verdict.APPROVED, Verdict.REFINED):
        return
    same = annotation_text(annotation) == annotation_text(base)
    if verdict is Verdict.APPROVED and not same:
        raise RefusedError("The polygons were changed, so this is no approval unchanged; submit it as refined.")
    if verdict is Verdict.REFINED and same:
        raise RefusedError("Nothing was changed, so this is no refinement; approve it unchanged.")
