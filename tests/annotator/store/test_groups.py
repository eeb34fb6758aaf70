from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import Difficulty, GroundTruth, PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, PersonRole
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.store.store import Store

Draw = Callable[..., Annotation]


def test_the_ground_truth_comes_back_as_it_was(empty_store: Store, truth: GroundTruth) -> None:
    assert empty_store.truth() == truth


def test_pairs_are_the_easy_and_hard_images_of_each_group(empty_store: Store) -> None:
    pairs = empty_store.pairs()
    assert [(str(pair.key), pair.index, pair.difficulty) for pair in pairs] == [
        ("g00:a", 0, Difficulty.EASY),
        ("g00:b", 1, Difficulty.HARD),
        ("g00:c", 2, Difficulty.EASY),
        ("g01:d", 3, Difficulty.EASY),
    ]
    assert {pair.state for pair in pairs} == {PairState.WAITING}
    assert empty_store.pairs(1) == pairs[3:]
    assert empty_store.pair(PairKey(0, "b")) == pairs[1]


def test_pairs_wait_for_their_image_and_for_their_group(store: Store) -> None:
    states = {str(pair.key): pair.state for pair in store.pairs()}
    assert states == {"g00:a": "open", "g00:b": "open", "g00:c": "open", "g01:d": "waiting"}
    store.mark_present({"a"}, {"q0"})
    assert [pair.present for pair in store.pairs()] == [True, False, False, False]
    assert store.pair(PairKey(0, "b")).state is PairState.WAITING
    assert [query.present for query in store.query_records()] == [True, False, False]


def test_on_a_server_what_one_computer_lacks_another_may_have(store: Store) -> None:
    store.mark_present({"a"}, set(), also_missing=False)
    assert all(pair.present for pair in store.pairs())


def test_a_pair_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(RefusedError, match="no pair g00:zzz"):
        store.pair(PairKey(0, "zzz"))


def test_a_group_opens_with_an_approved_query_mask(store: Store, draw: Draw) -> None:
    with pytest.raises(RefusedError, match="g01 has no approved query mask yet"):
        store.open_group(1, "Rosa")
    store.save_query_mask(1, draw(), "Rosa")
    with pytest.raises(RefusedError, match="no approved query mask"):
        store.open_group(1, "Rosa")
    store.approve_query_mask(1, "Rui")
    with pytest.raises(RefusedError, match="Ann is an annotator, and only a researcher opens a group"):
        store.open_group(1, "Ann")
    store.open_group(1, "Rosa")
    store.open_group(1, "Rui")
    opened = store.group_records()[1]
    assert (opened.opened_by, opened.opened_at) == ("Rosa", store.clock())
    assert store.pair(PairKey(1, "d")).state is PairState.OPEN


def test_a_researcher_writes_the_note(store: Store) -> None:
    store.set_note(0, "Only the façade.", "Rui")
    assert [record.note for record in store.group_records()] == ["Only the façade.", ""]
    with pytest.raises(RefusedError, match="only a researcher writes the note"):
        store.set_note(0, "mine", "Ben")
    with pytest.raises(RefusedError, match="no group g07"):
        store.set_note(7, "x", "Rui")


def test_a_note_keeps_what_was_added_while_somebody_wrote_it(store: Store) -> None:
    assert store.set_note(0, "Only the façade.", "Rui", base="") == "Only the façade."
    store.set_note(0, "Only the façade.\n2026-03-01, a, Rosa: Scaffolding stays inside.", "Rosa")
    kept = store.set_note(0, "Only the façade, with its steps.", "Rui", base="Only the façade.")
    assert kept == "Only the façade, with its steps.\n2026-03-01, a, Rosa: Scaffolding stays inside."
    assert store.group_records()[0].note == kept
    assert store.set_note(0, "", "Rui", base=kept) == ""


def test_a_note_that_somebody_else_rewrote_is_not_overwritten(store: Store) -> None:
    store.set_note(0, "Only the façade.", "Rui")
    store.set_note(0, "The whole building.", "Rosa")
    with pytest.raises(ConflictError, match="Somebody else changed the note of g00 meanwhile"):
        store.set_note(0, "Only the façade, with its steps.", "Rui", base="Only the façade.")
    assert store.group_records()[0].note == "The whole building."
    with pytest.raises(RefusedError, match="no group g07"):
        store.set_note(7, "x", "Rui", base="")


def test_query_masks_keep_their_history_and_approval_is_of_one_mask(store: Store, draw: Draw) -> None:
    first = store.query_records()[0]
    assert (first.drawn_by, first.approved_by, first.annotation) == ("Rosa", "Rui", draw(20))
    revision = store.save_query_mask(0, draw(25), "Rui")
    again = store.query_records(0)[0]
    assert (again.revision, again.drawn_by, again.approved_by) == (revision, "Rui", None)
    assert [record.approved_by for record in store.query_revisions(0)] == ["Rui", None]
    assert store.query_mask(store.query_revisions(0)[0].id) == draw(20)
    with pytest.raises(RefusedError, match="drew the mask of query 0 does not approve it"):
        store.approve_query_mask(0, "Rui")
    store.approve_query_mask(0, "Rosa")
    store.approve_query_mask(0, "Rosa")
    assert store.query_records()[0].approved_by == "Rosa"


def test_the_only_researcher_approves_alone(empty_store: Store, draw: Draw) -> None:
    empty_store.add_person("Solo", PersonRole.RESEARCHER)
    empty_store.save_query_mask(1, draw(), "Solo")
    empty_store.approve_query_mask(1, "Solo")
    assert empty_store.query_records(1)[0].approved_by == "Solo"


def test_who_may_do_what_with_query_masks(store: Store, draw: Draw) -> None:
    with pytest.raises(RefusedError, match="only a researcher draws query masks"):
        store.save_query_mask(1, draw(), "Ann")
    with pytest.raises(RefusedError, match="only a researcher approves query masks"):
        store.approve_query_mask(0, "Ann")
    with pytest.raises(RefusedError, match="Query 1 has no query mask yet"):
        store.approve_query_mask(1, "Rui")
    with pytest.raises(RefusedError, match="no query 9"):
        store.save_query_mask(9, draw(), "Rui")
    with pytest.raises(RefusedError, match="no query mask with the number 99"):
        store.query_mask(99)


def test_an_import_is_one_transaction(store: Store, draw: Draw) -> None:
    bad = PairKey(0, "nowhere")
    with pytest.raises(RefusedError):
        store.take_in({1: draw()}, {PairKey(0, "a"): draw(), bad: draw()}, "Rosa", approve=True)
    assert store.query_records(1)[0].annotation is None
    assert store.pair(PairKey(0, "a")).latest_revision is None
    left = store.take_in({1: draw()}, {PairKey(0, "a"): draw()}, "Rosa", approve=True)
    assert left == ()
    assert store.group_records()[1].opened_by == "Rosa"
    assert store.query_records(1)[0].approved_by == "Rosa"
    assert [record.person for record in store.revisions(PairKey(0, "a"))] == ["Rosa"]


def test_an_import_replaces_no_pass(store: Store, draw: Draw, record: Callable[..., object]) -> None:
    key = PairKey(0, "a")
    record(key, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    before = store.pair(key)
    assert store.take_in({}, {key: draw(3)}, "Ben", approve=False) == (key,)
    assert store.pair(key) == before


def test_occluders_alone_are_no_query_mask(store: Store) -> None:
    tree = Shape("1", Role.OCCLUDER, polygon([[1, 1], [9, 1], [9, 9]]), OccluderKind.VEGETATION)
    store.save_query_mask(1, Annotation((64, 48), (tree,)), "Rosa")
    with pytest.raises(RefusedError, match="Query 1 has no query mask yet; outline the query object first"):
        store.approve_query_mask(1, "Rui")
    with pytest.raises(RefusedError, match="no query mask yet"):
        store.take_in({1: Annotation((64, 48), (tree,))}, {}, "Rosa", approve=True)
    assert len(store.query_revisions(1)) == 1
    assert store.group_records()[1].opened_at is None


def test_an_annotator_brings_in_index_masks_alone(store: Store, draw: Draw) -> None:
    for queries, approve in (({1: draw()}, False), ({1: draw()}, True), ({}, True)):
        with pytest.raises(RefusedError, match="only a researcher brings in query masks"):
            store.take_in(queries, {PairKey(0, "a"): draw()}, "Ann", approve=approve)
    assert store.pair(PairKey(0, "a")).latest_revision is None
    assert store.take_in({}, {PairKey(0, "a"): draw()}, "Ann", approve=False) == ()
    assert store.revisions(PairKey(0, "a"))[0].person == "Ann"


def test_a_query_mask_that_is_drawn_again_closes_no_group_but_opens_none(store: Store, draw: Draw) -> None:
    store.save_query_mask(1, draw(), "Rosa")
    store.approve_query_mask(1, "Rui")
    store.save_query_mask(1, draw(7), "Rosa")
    with pytest.raises(RefusedError, match="g01 has no approved query mask yet"):
        store.open_group(1, "Rosa")
    store.save_query_mask(0, draw(7), "Rosa")
    assert store.pair(PairKey(0, "a")).state is PairState.OPEN
