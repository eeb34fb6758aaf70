from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, GeometryError, RefusedError
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, Verdict
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project import Project
from annotator.store.journal import JournalEntry
from qa.blind import (
    blind_offers,
    drafts,
    in_sample,
    is_meant_for,
    left_to_draw,
    mark_seen,
    require_blind,
    sample,
    sealed,
    submit_blind,
    take_blind,
)
from qa.hand_over import submit, take

KEY = PairKey(0, "a")
Draw = Callable[..., Annotation]
MANY = [PairKey(group, f"image_{number:04d}") for group in range(5) for number in range(400)]


@pytest.fixture
def everything(project: Project) -> Project:
    """The small project with every pair in the sample."""
    return replace(project, rules=replace(project.rules, blind_share=1.0))


def pass_1(project: Project, draw: Draw, person: str = "Ann") -> None:
    take(project, KEY, person)
    submit(project, KEY, person, Verdict.SUBMITTED, draw(20), pass_number=1)


def approve(project: Project, person: str) -> None:
    work = take(project, KEY, person)
    assert work.base is not None
    number, base = work.pass_number, work.base_revision
    submit(project, KEY, person, Verdict.APPROVED, work.base, pass_number=number, base_revision=base)


def test_the_sample_is_stable_of_the_right_size_and_grows_with_the_share(project: Project) -> None:
    def chosen(share: float) -> set[PairKey]:
        return set(sample(replace(project, rules=replace(project.rules, blind_share=share)), MANY))

    few, more = chosen(0.05), chosen(0.2)
    assert few < more
    assert len(more) == pytest.approx(400, abs=60)
    assert chosen(0.05) == few
    assert chosen(0) == set()
    assert chosen(1) == set(MANY)


def test_another_ground_truth_has_another_sample(project: Project) -> None:
    other = replace(project, truth=replace(project.truth, sha256="f" * 64))
    assert sample(project, MANY) != sample(other, MANY)


def test_offers_come_after_pass_1_to_those_who_saw_nothing(everything: Project, draw: Draw) -> None:
    assert blind_offers(everything, "Dee") == ()
    with pytest.raises(RefusedError, match="is open; it is drawn blind after its pass 1"):
        require_blind(everything, KEY, "Dee")
    pass_1(everything, draw)
    assert [(offer.key, offer.urgent) for offer in blind_offers(everything, "Dee")] == [(KEY, True)]
    assert blind_offers(everything, "Dee", group=1) == ()
    assert blind_offers(everything, "ann") == ()
    with pytest.raises(RefusedError, match="Ann did a pass of g00:a and knows its mask"):
        submit_blind(everything, KEY, "Ann", draw(20), 10)


def test_while_somebody_else_works_on_it_a_pair_is_not_offered(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    take(everything, KEY, "Ben")
    assert blind_offers(everything, "Dee") == ()
    assert [offer.key for offer in blind_offers(everything, "Ben")] == [KEY]


def test_who_drew_blind_may_do_a_later_pass_but_not_the_other_way(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    submit_blind(everything, KEY, "Ben", draw(19), 61.5)
    approve(everything, "Ben")
    approve(everything, "Cem")
    assert everything.store.pair(KEY).state is PairState.DONE
    assert [(record.person, record.active_seconds) for record in everything.store.blind_records()] == [("Ben", 61.5)]
    assert everything.store.verify_chain() == []
    assert blind_offers(everything, "Dee") == ()
    with pytest.raises(ConflictError, match="has a blind annotation already"):
        submit_blind(everything, KEY, "Dee", draw(19), 10)


def test_a_pair_that_is_done_waits_for_a_fourth_person_without_hurry(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    approve(everything, "Ben")
    approve(everything, "Cem")
    assert [offer.urgent for offer in blind_offers(everything, "Dee")] == [False]
    assert blind_offers(everything, "Cem") == ()


def test_pairs_with_a_mask_are_left_to_draw_until_somebody_did(everything: Project, draw: Draw) -> None:
    def left(project: Project) -> int:
        return left_to_draw(project, project.store.pairs(), project.store.blind_records())

    assert left(everything) == 0  # nobody can see a mask yet
    pass_1(everything, draw)
    assert left(everything) == 1
    assert left(replace(everything, rules=replace(everything.rules, blind_share=0.0))) == 0
    submit_blind(everything, KEY, "Ben", draw(19), 61.5)
    assert left(everything) == 0


def test_masks_are_sealed_for_those_who_may_still_draw_blind(everything: Project, draw: Draw) -> None:
    others = {PairKey(0, "b"), PairKey(0, "c")}
    assert sealed(everything, "Dee", 0) == {KEY} | others
    assert not is_meant_for(everything, KEY, "Dee")  # before pass 1
    pass_1(everything, draw)
    assert is_meant_for(everything, KEY, "dee")
    assert not is_meant_for(everything, KEY, "Ann")
    assert sealed(everything, "Ann", 0) == others
    assert sealed(everything, "Dee") >= {KEY} | others
    submit_blind(everything, KEY, "Ben", draw(19), 61.5)
    assert not is_meant_for(everything, KEY, "Dee")
    assert sealed(everything, "Dee", 0) == others


def test_nothing_is_sealed_outside_the_sample(project: Project, draw: Draw) -> None:
    nothing = replace(project, rules=replace(project.rules, blind_share=0.0))
    pass_1(nothing, draw)
    assert sealed(nothing, "Dee") == frozenset()
    assert not is_meant_for(nothing, KEY, "Dee")
    assert blind_offers(nothing, "Dee") == ()
    mark_seen(nothing, KEY, "Dee")
    assert nothing.store.sightings("Dee") == frozenset()


def test_who_has_seen_the_masks_is_not_asked_any_more(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    mark_seen(everything, KEY, "Dee")
    mark_seen(everything, KEY, "Ann")
    assert everything.store.sightings("Dee") == {KEY}
    assert everything.store.sightings("Ann") == frozenset()  # her pass says it
    assert KEY not in sealed(everything, "Dee")
    assert not is_meant_for(everything, KEY, "Dee")
    assert blind_offers(everything, "Dee") == ()
    assert [offer.key for offer in blind_offers(everything, "Ben")] == [KEY]
    for attempt in (require_blind, take_blind):
        with pytest.raises(RefusedError, match="Dee has seen the masks of g00:a"):
            attempt(everything, KEY, "Dee")


def test_two_people_do_not_draw_one_pair_blind_at_a_time(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    lease = take_blind(everything, KEY, "Dee")
    assert lease.person == "Dee"
    assert blind_offers(everything, "Ben") == ()
    assert [offer.key for offer in blind_offers(everything, "Dee")] == [KEY]
    with pytest.raises(ConflictError, match="Dee is working on g00:a"):
        take_blind(everything, KEY, "Ben")
    submit_blind(everything, KEY, "Dee", draw(19), 10)
    everything.store.release_lease(KEY, "Dee")
    with pytest.raises(ConflictError, match="has a blind annotation already"):
        take_blind(everything, KEY, "Ben")


def test_drafts_are_of_one_pair_and_person_and_no_revision(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    at = everything.store.clock()
    entry = JournalEntry(KEY, "Dee", None, draw(12), 31.5, at, blind=True)
    drafts(everything, KEY).write(entry)
    assert drafts(everything, KEY).read("dee") == entry
    assert drafts(everything, KEY).read("Ben") is None
    assert drafts(everything, PairKey(0, "b")).read("Dee") is None
    assert everything.journal.read("Dee") is None
    assert len(everything.store.revisions(KEY)) == 1


def test_nothing_and_broken_polygons_are_refused(everything: Project, draw: Draw) -> None:
    pass_1(everything, draw)
    with pytest.raises(RefusedError, match="Nothing is drawn"):
        submit_blind(everything, KEY, "Dee", Annotation((64, 48)), 10)
    crossing = Shape("1", Role.OBJECT, polygon([[0, 0], [9, 9], [9, 0], [0, 9]]))
    with pytest.raises(GeometryError, match="crosses itself"):
        submit_blind(everything, KEY, "Dee", Annotation((64, 48), (crossing,)), 10)
    assert everything.store.blind_records() == ()


def test_only_pairs_of_the_sample_are_drawn(project: Project, draw: Draw) -> None:
    nothing = replace(project, rules=replace(project.rules, blind_share=0.0))
    pass_1(nothing, draw)
    assert not in_sample(nothing, KEY)
    with pytest.raises(RefusedError, match="not in the sample"):
        submit_blind(nothing, KEY, "Dee", draw(20), 10)
