"""What is done on one pair shows on no other: not on another image of its group, nor on its image in another group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState, Pass, PersonRole, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store.records import PairRecord
from annotator.store.schema import LEASES
from annotator.store.store import Store

OPEN, AFTER_1, AFTER_2, DONE = PairState.OPEN, PairState.AFTER_1, PairState.AFTER_2, PairState.DONE
MINE = PairKey(0, "x")
OTHERS = (PairKey(0, "y"), PairKey(1, "x"), PairKey(1, "z"))
Draw = Callable[..., Annotation]


@pytest.fixture
def town(url: str, clock: Any, draw: Draw) -> Iterator[Store]:
    """Two open groups, tower (x, y) and hall (x, z); Rosa, Ann, Ben, Cem and Dee."""
    box = (0.0, 0.0, 9.0, 9.0)
    tower, hall = Query(0, "tower", box, (0,), (1,), ()), Query(1, "hall", box, (0, 2), (), (1,))
    store = Store.create(url, GroundTruth("toy", (tower, hall), ("x", "y", "z")), clock)
    store.mark_present({"x", "y", "z"}, {"tower", "hall"})
    store.add_person("Rosa", PersonRole.RESEARCHER)
    for name in ("Ann", "Ben", "Cem", "Dee"):
        store.add_person(name, PersonRole.ANNOTATOR)
    store.take_in({0: draw(20), 1: draw(21)}, {}, "Rosa", approve=True)
    yield store
    store.close()


def hand_in(store: Store, draw: Draw, number: int, person: str, new: PairState, key: PairKey = MINE) -> None:
    pair = store.pair(key)
    escalated = new is PairState.ESCALATED
    verdict = Verdict.ESCALATED if escalated else Verdict.SUBMITTED if number == 1 else Verdict.REFINED
    reason = "which one?" if escalated else ""
    drawn = draw(5 + number)
    store.record_pass(
        Pass(key, number, person, verdict, drawn, store.clock(), base_revision=pair.standing, reason=reason),
        pair.state,
        new,
    )


def untouched(pair: PairRecord) -> bool:
    return (pair.state, pair.standing, pair.latest_revision, pair.lease, pair.seats) == (
        OPEN,
        None,
        None,
        None,
        (None,) * 3,
    )


def test_the_whole_way_of_a_pair_leaves_the_others_as_they_were(town: Store, draw: Draw) -> None:
    town.take_in({}, {MINE: draw(3)}, "Rosa", False, "import a")
    town.save_revision(MINE, draw(4), "Ann")
    town.take_lease(MINE, "Ann", 5)
    hand_in(town, draw, 1, "Ann", AFTER_1)
    remark = town.add_remark(MINE, pinned(1, 1), "Ben", "look")
    hand_in(town, draw, 2, "Ben", PairState.ESCALATED)
    town.settle_remark(remark.id, "Rosa")
    town.record_decision(MINE, "Rosa", PairState.ESCALATED, AFTER_2, "this one", draw(9), "Steps are in.")
    town.record_sighting(OTHERS[0], "Dee")
    town.record_blind(MINE, "Dee", draw(8), 5)
    town.record_sighting(MINE, "Cem")
    hand_in(town, draw, 3, "Cem", DONE)

    for key in OTHERS:
        assert untouched(town.pair(key)), key
        assert (town.passes(key), town.revisions(key), town.remarks(key), town.decisions(key)) == ((),) * 4
        assert town.blind_annotation(key) is None
    assert [record.note for record in town.group_records()] == ["2026-03-01, x, Rosa: Steps are in.", ""]
    assert {head.key for head in town.all_passes()} == {MINE} == set(town.imported())
    assert (town.all_passes(1), town.all_remarks(1), town.blind_records(1)) == ((),) * 3
    assert [len(found) for found in (town.passes(MINE), town.remarks(MINE), town.decisions(MINE))] == [3, 1, 1]
    assert (town.sightings("Cem"), town.sightings("Dee"), town.sightings("Ann")) == ({MINE}, {OTHERS[0]}, set())
    assert town.verify_chain() == []


def test_a_person_with_a_pass_of_one_pair_may_do_any_pass_of_another(town: Store, draw: Draw) -> None:
    hand_in(town, draw, 1, "Ann", AFTER_1)
    for key in OTHERS:
        hand_in(town, draw, 1, "Ben", AFTER_1, key)
        hand_in(town, draw, 2, "Ann", AFTER_2, key)
    hand_in(town, draw, 2, "Ben", AFTER_2)
    town.record_blind(PairKey(1, "z"), "Dee", draw(), 1)
    with pytest.raises(RefusedError, match="Ann did pass 1"):
        hand_in(town, draw, 3, "Ann", DONE)


def test_an_open_remark_of_another_pair_holds_nobody_up(town: Store, draw: Draw) -> None:
    for key in OTHERS:
        town.add_remark(key, pinned(1, 1), "Dee", "a tree?")
    for number, (person, new) in enumerate((("Ann", AFTER_1), ("Ben", AFTER_2), ("Cem", DONE)), start=1):
        hand_in(town, draw, number, person, new)
    assert town.pair(MINE).state is DONE
    assert len(town.open_remarks()) == 3
    assert len(town.open_remarks(0)) == 1


def test_a_lease_is_of_one_pair_and_one_person(town: Store, draw: Draw) -> None:
    town.take_lease(MINE, "Ann", 30)
    for key in OTHERS:
        town.take_lease(key, "Ben", 30)
    town.release_lease(MINE, "Ben")
    town.release_lease(OTHERS[0], "Ann")
    assert {str(pair.key): pair.lease and pair.lease.person for pair in town.pairs()} == {
        "g00:x": "Ann",
        "g00:y": "Ben",
        "g01:x": "Ben",
        "g01:z": "Ben",
    }
    hand_in(town, draw, 1, "Ann", AFTER_1)
    with town.database.read() as connection:
        assert len(connection.execute(select(LEASES)).all()) == 3


def test_ones_own_lease_never_stands_in_ones_way_and_an_old_one_in_nobodys(town: Store, clock: Any, draw: Draw) -> None:
    town.take_lease(MINE, "Ann", 30)
    first = town.save_revision(MINE, draw(1), "ann")
    clock.forward(10)
    assert town.renew_lease(MINE, "ANN", 30).until == clock.now + timedelta(minutes=30)
    with pytest.raises(ConflictError, match="Ann is working on g00:x until"):
        town.save_revision(MINE, draw(2), "Ben")
    clock.forward(30)
    assert town.save_revision(MINE, draw(2), "Ben") > first
    hand_in(town, draw, 1, "Ben", AFTER_1)


def test_a_researcher_settles_no_pair_that_somebody_holds(town: Store, draw: Draw) -> None:
    hand_in(town, draw, 1, "Ann", PairState.ESCALATED)
    town.take_lease(MINE, "Dee", 30)
    with pytest.raises(ConflictError, match="Dee is working on g00:x"):
        town.record_decision(MINE, "Rosa", PairState.ESCALATED, AFTER_1, "it is")
    for reason in ("", " \n"):
        with pytest.raises(RefusedError, match="A decision needs a reason"):
            town.record_decision(MINE, "Rosa", PairState.ESCALATED, AFTER_1, reason)
    town.release_lease(MINE, "Dee")
    town.take_lease(MINE, "Rosa", 30)
    made = town.record_decision(MINE, "Rosa", PairState.ESCALATED, AFTER_1, " it is ")
    assert town.decisions() == town.decisions(MINE) == (made,)
    assert (made.reason, made.before, made.after, made.revision, made.at) == (
        "it is", PairState.ESCALATED, AFTER_1, None, town.clock(),
    )  # fmt: skip


def test_the_same_mask_again_is_the_same_revision_and_another_one_has_its_parent(town: Store, draw: Draw) -> None:
    hand_in(town, draw, 1, "Ann", AFTER_1)
    pair = town.pair(MINE)
    same = Pass(MINE, 2, "Ben", Verdict.APPROVED, draw(6), town.clock(), base_revision=pair.standing)
    assert town.record_pass(same, AFTER_1, AFTER_2).revision == pair.standing
    hand_in(town, draw, 3, "Cem", DONE)
    first, second = town.revisions(MINE)
    assert (first.person, first.parent, second.person, second.parent) == ("Ann", None, "Cem", first.id)
    assert town.pair(MINE).standing == town.pair(MINE).latest_revision == second.id


def test_a_first_pass_may_begin_from_anything_that_was_saved(town: Store, draw: Draw) -> None:
    town.take_in({}, {MINE: draw(3)}, "Rosa", False, "import a")
    begun = town.pair(MINE).latest_revision
    assert town.pair(MINE).standing is None
    pass_ = Pass(MINE, 1, "Ann", Verdict.SUBMITTED, draw(5), town.clock(), base_revision=begun)
    made = town.record_pass(pass_, OPEN, AFTER_1)
    assert [record.parent for record in town.revisions(MINE)] == [None, begun]
    assert town.pair(MINE).standing == made.revision != begun


def test_masks_of_two_queries_are_kept_apart(town: Store, draw: Draw) -> None:
    revision = town.save_query_mask(0, draw(30), "Rosa")
    tower, hall = town.query_records()
    assert (tower.annotation, tower.approved_by, hall.annotation, hall.approved_by) == (
        draw(30),
        None,
        draw(21),
        "Rosa",
    )
    assert town.query_records(1) == (hall,)
    assert [found.id for found in town.query_revisions(0)][-1] == revision
    assert len(town.query_revisions(1)) == 1
    assert town.query_mask(revision) == draw(30)
    with pytest.raises(RefusedError, match="no query 7"):
        town.approve_query_mask(7, "Rosa")
