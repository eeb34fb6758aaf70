from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import Place, RefusedError
from annotator.domain.passes import PairState
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY, OTHER = PairKey(0, "a"), PairKey(0, "b")


def test_a_remark_has_a_place_and_a_thread(store: Store) -> None:
    first = store.add_remark(KEY, Place(10.5, 20.25), "ann", "  too wide? ")
    answer = store.add_remark(KEY, Place(10.5, 20.25), "Ben", "yes", parent=first.id)
    deeper = store.add_remark(KEY, Place(10.5, 20.25), "Ann", "done", parent=answer.id)
    assert (first.person, first.text, first.place, first.at) == ("Ann", "too wide?", Place(10.5, 20.25), store.clock())
    assert [remark.parent for remark in (first, answer, deeper)] == [None, first.id, first.id]
    assert store.remarks(KEY) == (first, answer, deeper)
    assert store.remarks(OTHER) == ()
    assert store.open_remarks() == store.open_remarks(0) == (first,)
    assert store.open_remarks(1) == ()


def test_a_thread_is_settled_as_a_whole(store: Store) -> None:
    first = store.add_remark(KEY, Place(1, 1), "Ann", "look")
    answer = store.add_remark(KEY, Place(1, 1), "Ben", "I did", parent=first.id)
    store.settle_remark(answer.id, "Ben")
    store.settle_remark(first.id, "Cem")
    assert [remark.settled for remark in store.remarks(KEY)] == [True, True]
    assert store.open_remarks() == ()
    with pytest.raises(RefusedError, match="is settled; start a new one"):
        store.add_remark(KEY, Place(1, 1), "Ann", "again", parent=answer.id)


def test_remarks_that_cannot_be(store: Store) -> None:
    elsewhere = store.add_remark(OTHER, Place(1, 1), "Ann", "there")
    with pytest.raises(RefusedError, match="needs a text"):
        store.add_remark(KEY, Place(1, 1), "Ann", " \n")
    with pytest.raises(RefusedError, match=r"no remark \d+ on this pair"):
        store.add_remark(KEY, Place(1, 1), "Ann", "x", parent=elsewhere.id)
    with pytest.raises(RefusedError, match="no remark 999"):
        store.settle_remark(999, "Ann")
    assert store.remarks(KEY) == ()


def test_a_done_pair_takes_no_remark(store: Store, record: Callable[..., PassRecord]) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.AFTER_2)
    record(KEY, 3, "Cem", PairState.AFTER_2, PairState.DONE)
    with pytest.raises(RefusedError, match="g00:a is done"):
        store.add_remark(KEY, Place(1, 1), "Dee", "late")
    assert store.open_remarks() == ()
