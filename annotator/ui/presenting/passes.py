"""The history of a pair, its three seats and its remarks as rows."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain.passes import PASS_NUMBERS, PairState, Verdict
from annotator.domain.remarks import Remark
from annotator.domain.shapes import Annotation
from annotator.store.records import PairRecord, PassRecord
from annotator.ui.presenting.remarks import where
from annotator.ui.views import PassRow, RemarkLine, RemarkRow
from annotator.ui.wording import duration, tr
from qa.remarks import threads
from qa.workflow import next_pass

TASKS = {1: "annotate", 2: "refine and inspect", 3: "refine and inspect"}

_STATES = {Verdict.RETURNED: "returned", Verdict.ESCALATED: "dispute"}


def pass_rows(
    records: Sequence[PassRecord], pass_number: int | None, person: str, seconds: float
) -> tuple[PassRow, ...]:
    """Every submission, then the pass in work, then the passes that are still to come."""
    rows = [_submitted(record) for record in records]
    standing = _standing(records)
    if pass_number is not None:
        detail = tr("in work, {time}").format(time=duration(seconds))
        rows.append(PassRow(pass_number, "work", person, "", detail))
    first = (pass_number or standing) + 1
    others = [tr("another annotator"), tr("a third annotator")]
    if first == PASS_NUMBERS[-1]:
        others = [tr("a third annotator")]
    for number, who in zip(range(first, 4), others, strict=False):
        rows.append(PassRow(number, "empty", "", "", who))
    return tuple(rows)


def dots(state: PairState, working: bool) -> tuple[str, str, str]:
    """The three passes of a pair in a state as marks; `working` marks the pass that is due as in work."""
    known = {
        PairState.AFTER_1: ("done", "empty", "empty"),
        PairState.AFTER_2: ("done", "done", "empty"),
        PairState.DONE: ("done", "done", "done"),
        PairState.RETURNED_1: ("done", "returned", "empty"),
        PairState.RETURNED_2: ("done", "done", "returned"),
        PairState.ESCALATED: ("dispute", "dispute", "dispute"),
        PairState.DISPUTE: ("dispute", "dispute", "dispute"),
    }
    marks = list(known.get(state, ("empty", "empty", "empty")))
    due = next_pass(state)
    if working and due is not None:
        marks[due - 1] = "work"
    return marks[0], marks[1], marks[2]


def segments(pair: PairRecord) -> tuple[str, str, str]:
    """The bar under a thumbnail: like the dots, half a segment for the pass in work."""
    marks = list(dots(pair.state, False))
    due = next_pass(pair.state)
    if pair.lease is not None and due is not None and marks[due - 1] == "empty":
        marks[due - 1] = "half"
    return marks[0], marks[1], marks[2]


def remark_rows(remarks: Sequence[Remark]) -> tuple[RemarkRow, ...]:
    """Threads, numbered in the order of their first remark; open ones first."""
    rows = []
    for number, thread in enumerate(threads(remarks, ()), 1):
        lines = tuple(RemarkLine(said.person, said.at, said.text) for said in (thread.first, *thread.answers))
        place = thread.first.place
        rows.append(RemarkRow(thread.first.id, place, lines, thread.settled, number, where(place)))
    return tuple(sorted(rows, key=lambda row: row.settled))


def _submitted(record: PassRecord) -> PassRow:
    done = record.pass_
    state = _STATES.get(done.verdict, "done")
    return PassRow(done.pass_number, state, done.person, done.verdict.value, duration(done.active_seconds), done.reason)


def _standing(records: Sequence[PassRecord]) -> int:
    """The highest pass that stands after all submissions."""
    standing = 0
    for record in records:
        number, verdict = record.pass_.pass_number, record.pass_.verdict
        standing = number - 2 if verdict is Verdict.RETURNED else max(standing, number)
    return max(0, standing)


def results(records: Sequence[PassRecord]) -> dict[int, Annotation]:
    """The annotation with which each pass stands after all submissions; returned passes count no more."""
    standing: dict[int, Annotation] = {}
    for record in records:
        number, verdict = record.pass_.pass_number, record.pass_.verdict
        if verdict in (Verdict.RETURNED, Verdict.ESCALATED):
            continue
        standing = {known: shown for known, shown in standing.items() if known < number}
        standing[number] = record.pass_.annotation
    return standing
