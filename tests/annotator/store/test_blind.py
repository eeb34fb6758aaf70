from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY, OTHER = PairKey(0, "a"), PairKey(0, "b")
Record = Callable[..., PassRecord]
Draw = Callable[..., Annotation]


def test_what_was_drawn_blind_is_kept_and_changes_nothing(store: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    before, revisions = store.pair(KEY), store.revisions(KEY)
    made = store.record_blind(KEY, "dee", draw(12), 33.3333)
    assert (made.person, made.active_seconds, made.at) == ("Dee", 33.333, store.clock())
    assert store.blind_records() == store.blind_records(0) == (made,)
    assert store.blind_records(1) == ()
    assert store.blind_annotation(KEY) == draw(12)
    assert store.blind_annotation(OTHER) is None
    assert (store.pair(KEY), store.revisions(KEY)) == (before, revisions)
    assert len(store.passes(KEY)) == 1


def test_it_comes_after_pass_1_and_by_somebody_who_saw_nothing(store: Store, record: Record, draw: Draw) -> None:
    with pytest.raises(RefusedError, match="g00:a has no pass 1 yet"):
        store.record_blind(KEY, "Dee", draw(), 10)
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.AFTER_2)
    for person, number in (("Ann", 1), ("Ben", 2)):
        with pytest.raises(RefusedError, match=f"{person} did pass {number} of g00:a and knows its mask"):
            store.record_blind(KEY, person, draw(), 10)
    with pytest.raises(RefusedError, match="Nobody is called 'Eve'"):
        store.record_blind(KEY, "Eve", draw(), 10)
    assert store.blind_records() == ()


def test_who_has_seen_a_pair_does_not_draw_it_blind(store: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    assert store.sightings("Dee") == frozenset()
    store.record_sighting(KEY, "dee")
    store.record_sighting(KEY, "Dee")
    store.record_sighting(OTHER, "Dee")
    assert store.sightings("Dee") == {KEY, OTHER}
    assert store.sightings("Cem") == frozenset()
    with pytest.raises(RefusedError, match="Dee has seen the masks of g00:a; somebody else draws it blind"):
        store.record_blind(KEY, "Dee", draw(), 10)
    assert store.record_blind(KEY, "Cem", draw(), 10).person == "Cem"


def test_a_sighting_is_of_a_pair_and_a_person_that_exist(store: Store) -> None:
    with pytest.raises(RefusedError, match="no pair g00:zzz"):
        store.record_sighting(PairKey(0, "zzz"), "Dee")
    with pytest.raises(RefusedError, match="Nobody is called 'Eve'"):
        store.record_sighting(KEY, "Eve")
    with pytest.raises(RefusedError, match="Nobody is called 'Eve'"):
        store.sightings("Eve")


@pytest.mark.parametrize("change", ["UPDATE sightings SET at = ''", "DELETE FROM sightings"])
def test_what_was_seen_stays_seen(store: Store, change: str) -> None:
    store.record_sighting(KEY, "Dee")
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text(change))
    assert store.sightings("Dee") == {KEY}


def test_a_pair_takes_one(store: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    store.record_blind(KEY, "Dee", draw(), 10)
    with pytest.raises(ConflictError, match="has a blind annotation already"):
        store.record_blind(KEY, "Cem", draw(), 10)


def test_the_three_passes_go_on_in_one_chain_with_it(store: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    store.record_blind(KEY, "Ben", draw(), 10)
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.AFTER_2)
    record(KEY, 3, "Cem", PairState.AFTER_2, PairState.DONE)
    assert [entry.id for entry in store.passes(KEY)] == [1, 3, 4]
    assert store.verify_chain() == []


@pytest.mark.parametrize("change", ["UPDATE blind_annotations SET active_seconds = 1", "DELETE FROM blind_annotations"])
def test_the_past_cannot_be_changed(store: Store, record: Record, draw: Draw, change: str) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    store.record_blind(KEY, "Dee", draw(), 10)
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text(change))
    assert len(store.blind_records()) == 1


def test_an_alteration_is_told(store: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    store.record_blind(KEY, "Dee", draw(), 10)
    with store.database.write() as connection:
        trigger = "DROP TRIGGER blind_annotations_keep_update"
        connection.execute(text(trigger if store.database.is_sqlite else f"{trigger} ON blind_annotations"))
        connection.execute(text("UPDATE blind_annotations SET active_seconds = 1"))
    (sentence,) = store.verify_chain()
    assert sentence.startswith("The blind annotation of g00:a by Dee (number 2 of the chain) was altered")
