from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, GeometryError, RefusedError
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.project import Project
from annotator.store.records import PassRecord
from qa.disputes import settle
from qa.hand_over import save, submit, take

KEY = PairKey(0, "a")
Draw = Callable[..., Annotation]


def hand_in(
    project: Project, person: str, verdict: Verdict, drawn: Annotation | None = None, **more: Any
) -> PassRecord:
    work = take(project, KEY, person)
    start = drawn or work.base or work.annotation
    assert start is not None
    return submit(
        project, KEY, person, verdict, start, pass_number=work.pass_number, base_revision=work.base_revision, **more
    )


def test_three_passes_from_an_empty_start(project: Project, draw: Draw) -> None:
    work = take(project, KEY, "ann")
    assert (work.pass_number, work.person, work.annotation, work.base_revision) == (1, "Ann", None, None)
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(20), active_seconds=12.34567)
    assert project.store.pair(KEY).lease is None
    inspected = take(project, KEY, "Ben")
    assert (inspected.pass_number, inspected.annotation, inspected.base) == (2, draw(20), draw(20))
    assert [entry.pass_.active_seconds for entry in inspected.previous] == [12.346]
    hand_in(project, "Ben", Verdict.REFINED, draw(21))
    hand_in(project, "Cem", Verdict.APPROVED)
    pair = project.store.pair(KEY)
    assert (pair.state, pair.seats) == (PairState.DONE, ("Ann", "Ben", "Cem"))
    assert project.store.revision(pair.standing or 0) == draw(21)


def test_saved_work_waits_for_its_person(project: Project, draw: Draw) -> None:
    take(project, KEY, "Ann")
    revision = save(project, KEY, "Ann", draw(7), proposer="warp")
    work = take(project, KEY, "Ann")
    assert (work.annotation, work.base_revision) == (draw(7), revision)
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(8))
    take(project, KEY, "Ben")
    save(project, KEY, "Ben", draw(9))
    again = take(project, KEY, "Ben")
    assert (again.annotation, again.base) == (draw(9), draw(8))
    project.store.release_lease(KEY, "Ben")
    assert take(project, KEY, "Cem").annotation == draw(8)


def test_pass_1_begins_from_what_was_imported_last_until_somebody_draws(project: Project, draw: Draw) -> None:
    project.store.save_revision(KEY, draw(30), "Rosa", "import labels")
    imported = project.store.save_revision(KEY, draw(15), "Rosa", "import release")
    work = take(project, KEY, "Ann")
    assert (work.annotation, work.base_revision, work.base) == (draw(15), imported, None)
    own = save(project, KEY, "Ann", draw(7), base_revision=imported)
    assert (take(project, KEY, "Ann").annotation, take(project, KEY, "Ann").base_revision) == (draw(7), own)


@pytest.mark.parametrize("proposer", [None, "pipeline 0.83"])
def test_what_somebody_left_in_pass_1_is_nobody_elses_start(project: Project, draw: Draw, proposer: str | None) -> None:
    """Else the pass would be half another person's, and a pre-mask that it began from would not be told."""
    take(project, KEY, "Ann")
    save(project, KEY, "Ann", draw(7), proposer=proposer)
    project.store.release_lease(KEY, "Ann")
    work = take(project, KEY, "Ben")
    assert (work.annotation, work.base_revision) == (None, None)
    project.store.release_lease(KEY, "Ben")
    imported = project.store.save_revision(KEY, draw(15), "Rosa", "import release")
    assert take(project, KEY, "Ben").base_revision == imported
    project.store.release_lease(KEY, "Ben")
    assert take(project, KEY, "Ann").annotation == draw(7)
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(8))
    assert project.store.pair(KEY).seats == ("Ann", None, None)


def test_a_returned_pair_goes_back_to_the_same_person(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    remarks = [(pinned(5, 5), "sky in here")]
    back = hand_in(project, "Ben", Verdict.RETURNED, draw(3), reason="too much", remarks=remarks)
    assert back.pass_.annotation == draw(10)  # a return changes nothing
    assert draw(3) in project.store.annotations(entry.id for entry in project.store.revisions(KEY)).values()
    with pytest.raises(RefusedError, match="Pass 1 of g00:a goes back to Ann"):
        take(project, KEY, "Cem")
    work = take(project, KEY, "Ann")
    assert (work.pass_number, work.annotation) == (1, draw(10))
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(9))
    with pytest.raises(RefusedError, match="Pass 2 of g00:a goes back to Ben"):
        take(project, KEY, "Cem")
    hand_in(project, "Ben", Verdict.APPROVED)
    with pytest.raises(RefusedError, match="1 remark is open"):
        hand_in(project, "Cem", Verdict.APPROVED)
    project.store.settle_remark(project.store.open_remarks()[0].id, "Cem")
    hand_in(project, "Cem", Verdict.APPROVED)
    assert project.store.pair(KEY).state is PairState.DONE


def test_what_is_refused_and_changes_nothing(project: Project, draw: Draw) -> None:
    record = hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    before = (project.store.pair(KEY), project.store.passes(KEY), project.store.revisions(KEY))
    again: dict[str, Any] = {"base_revision": record.revision}
    with pytest.raises(RefusedError, match="Ann did pass 1 of g00:a, which can no longer be changed"):
        take(project, KEY, "Ann")
    with pytest.raises(RefusedError, match="Ann did pass 1"):
        save(project, KEY, "Ann", draw(5))
    with pytest.raises(RefusedError, match="Ann did pass 1"):
        submit(project, KEY, "Ann", Verdict.APPROVED, draw(10), pass_number=2, **again)
    with pytest.raises(RefusedError, match="Pass 1 of g00:a was submitted by you and can no longer be changed"):
        submit(project, KEY, "Ann", Verdict.SUBMITTED, draw(5), pass_number=1)
    with pytest.raises(RefusedError, match="Pass 1 of g00:a was submitted by Ann"):
        submit(project, KEY, "Ben", Verdict.SUBMITTED, draw(5), pass_number=1)
    with pytest.raises(RefusedError, match="so pass 2 is due and not pass 3"):
        submit(project, KEY, "Ben", Verdict.APPROVED, draw(10), pass_number=3, **again)
    with pytest.raises(RefusedError, match="There is no pass 4"):
        submit(project, KEY, "Ben", Verdict.APPROVED, draw(10), pass_number=4, **again)
    with pytest.raises(RefusedError, match="Pass 2 does not end with 'submitted'"):
        submit(project, KEY, "Ben", Verdict.SUBMITTED, draw(10), pass_number=2, **again)
    with pytest.raises(RefusedError, match="were changed, so this is no approval"):
        submit(project, KEY, "Ben", Verdict.APPROVED, draw(11), pass_number=2, **again)
    with pytest.raises(RefusedError, match="Nothing was changed, so this is no refinement"):
        submit(project, KEY, "Ben", Verdict.REFINED, draw(10), pass_number=2, **again)
    with pytest.raises(ConflictError, match="was changed after you took it"):
        submit(project, KEY, "Ben", Verdict.APPROVED, draw(10), pass_number=2, base_revision=None)
    assert (project.store.pair(KEY), project.store.passes(KEY), project.store.revisions(KEY)) == before


def test_a_fourth_pass_is_refused(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    hand_in(project, "Ben", Verdict.APPROVED)
    hand_in(project, "Cem", Verdict.APPROVED)
    with pytest.raises(RefusedError, match="g00:a is done; there is no fourth pass"):
        take(project, KEY, "Dee")
    with pytest.raises(RefusedError, match="Pass 3 of g00:a was submitted by Cem"):
        submit(project, KEY, "Dee", Verdict.APPROVED, draw(10), pass_number=3)


def test_waiting_pairs_say_what_they_wait_for(project: Project) -> None:
    with pytest.raises(RefusedError, match="g01:d waits, for its image is not here"):
        take(project, PairKey(1, "d"), "Ann")
    project.store.mark_present({"a", "b", "c", "d"}, {"q0", "q1", "q2"})
    with pytest.raises(RefusedError, match="g01:d waits until a researcher opens its group"):
        take(project, PairKey(1, "d"), "Ann")


def test_nothing_and_broken_polygons_are_no_pass(project: Project, draw: Draw) -> None:
    cut = Shape("2", Role.OCCLUDER, polygon([[0, 0], [60, 0], [60, 40], [0, 40]]), OccluderKind.PERSON)
    crossing = Shape("1", Role.OBJECT, polygon([[0, 0], [9, 9], [9, 0], [0, 9]]))
    outside = Shape("1", Role.OBJECT, polygon([[0, 0], [99, 0], [9, 9]]))
    for drawn, error, words in [
        (Annotation((64, 48)), RefusedError, "Nothing is drawn on g00:a"),
        (draw(10).with_shapes([*draw(10).shapes, cut]), RefusedError, "Nothing of the object is left"),
        (Annotation((63, 48), draw(10).shapes), RefusedError, "a has 64 × 48 pixels"),
        (Annotation((64, 48), (crossing,)), GeometryError, "crosses itself"),
        (Annotation((64, 48), (outside,)), GeometryError, "outside the image"),
    ]:
        with pytest.raises(error, match=words):
            hand_in(project, "Ann", Verdict.SUBMITTED, drawn)
    assert project.store.passes(KEY) == ()
    with pytest.raises(RefusedError, match="Revision 77 is not one of g00:a"):
        submit(project, KEY, "Ann", Verdict.SUBMITTED, draw(10), pass_number=1, base_revision=77)


def test_passes_that_disagree_make_a_dispute(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    hand_in(project, "Ben", Verdict.APPROVED)
    hand_in(project, "Cem", Verdict.REFINED, draw(30))
    assert project.store.pair(KEY).state is PairState.DISPUTE
    with pytest.raises(RefusedError, match="is in dispute and waits for a researcher"):
        take(project, KEY, "Dee")
    decision = settle(project, KEY, "Rosa", draw(28), "the wing belongs to it")
    pair = project.store.pair(KEY)
    assert (pair.state, pair.standing, decision.after) == (PairState.DONE, decision.revision, PairState.DONE)
    assert project.store.decisions(KEY) == (decision,)
    assert project.store.verify_chain() == []


def test_an_escalated_pass_is_decided_and_the_others_follow(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.ESCALATED, Annotation((64, 48)), reason="which building?")
    with pytest.raises(RefusedError, match="only a researcher settles a pair"):
        settle(project, KEY, "Ben", draw(10), "this one")
    with pytest.raises(RefusedError, match="needs a reason"):
        settle(project, KEY, "Rosa", draw(10), " ")
    with pytest.raises(RefusedError, match="needs a mask"):
        settle(project, KEY, "Rosa", None, "this one")
    with pytest.raises(RefusedError, match="Nothing is drawn"):
        settle(project, KEY, "Rosa", Annotation((64, 48)), "this one")
    settle(project, KEY, "Rosa", draw(10), "this one")
    with pytest.raises(RefusedError, match="is after pass 1; only pairs that were escalated"):
        settle(project, KEY, "Rosa", draw(10), "again")
    with pytest.raises(RefusedError, match="Ann did pass 1"):
        take(project, KEY, "Ann")
    assert take(project, KEY, "Ben").base == draw(10)


@pytest.mark.parametrize("stopped", [1, 2, 3])
def test_a_stopped_pass_can_be_sent_back_to_its_person(project: Project, draw: Draw, stopped: int) -> None:
    for number, person in enumerate(("Ann", "Ben", "Cem")[: stopped - 1], start=1):
        hand_in(project, person, Verdict.SUBMITTED if number == 1 else Verdict.APPROVED, draw(10))
    person = ("Ann", "Ben", "Cem")[stopped - 1]
    hand_in(project, person, Verdict.ESCALATED, draw(30), reason="is the wing part of it?")
    settle(project, KEY, "Rui", None, "no, see the note", resume=True)
    with pytest.raises(RefusedError, match=f"goes back to {person}"):
        take(project, KEY, "Dee")
    work = take(project, KEY, person)
    assert work.pass_number == stopped
    assert work.annotation == draw(30)  # own work
    assert work.base == (None if stopped == 1 else draw(10))


def test_an_escalation_in_a_returned_pass_2_still_needs_pass_3(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    hand_in(project, "Ben", Verdict.APPROVED)
    hand_in(project, "Cem", Verdict.RETURNED, reason="too little")
    hand_in(project, "Ben", Verdict.ESCALATED, reason="I think not")
    settle(project, KEY, "Rosa", draw(12), "a little more")
    assert project.store.pair(KEY).state is PairState.AFTER_2
    assert hand_in(project, "Cem", Verdict.APPROVED).pass_.annotation == draw(12)


def test_a_lease_keeps_others_out_until_it_expires(project: Project, draw: Draw) -> None:
    take(project, KEY, "Ann")
    with pytest.raises(ConflictError, match="Ann is working on g00:a"):
        take(project, KEY, "Ben")
    with pytest.raises(ConflictError, match="Ann is working on g00:a"):
        submit(project, KEY, "Ben", Verdict.SUBMITTED, draw(10), pass_number=1)
    project.store.clock.forward(31)  # type: ignore[attr-defined]  # the project's fixture sets a Clock
    hand_in(project, "Ben", Verdict.SUBMITTED, draw(10))
    with pytest.raises(RefusedError, match="Pass 1 of g00:a was submitted by Ben"):
        submit(project, KEY, "Ann", Verdict.SUBMITTED, draw(9), pass_number=1)
