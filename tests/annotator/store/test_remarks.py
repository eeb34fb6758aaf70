from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.geometry import Ring
from annotator.domain.passes import PairState
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY, OTHER = PairKey(0, "a"), PairKey(0, "b")
TRIANGLE = Ring([[1, 2], [9.5, 2.25], [4, 8.125]])
PLACES = (
    RemarkPlace(),
    pinned(3, 4.5),
    RemarkPlace(region=TRIANGLE),
    RemarkPlace(query=2),
    pinned(3, 4.5, query=2),
    RemarkPlace(region=TRIANGLE, query=0),
)


def test_a_remark_has_a_place_and_a_thread(store: Store) -> None:
    first = store.add_remark(KEY, pinned(10.5, 20.25), "ann", "  too wide? ")
    answer = store.add_remark(KEY, pinned(10.5, 20.25), "Ben", "yes", parent=first.id)
    deeper = store.add_remark(KEY, pinned(10.5, 20.25), "Ann", "done", parent=answer.id)
    assert (first.person, first.text, first.place, first.at) == ("Ann", "too wide?", pinned(10.5, 20.25), store.clock())
    assert [remark.parent for remark in (first, answer, deeper)] == [None, first.id, first.id]
    assert store.remarks(KEY) == (first, answer, deeper)
    assert store.remarks(OTHER) == ()
    assert store.open_remarks() == store.open_remarks(0) == (first,)
    assert store.open_remarks(1) == ()


def test_a_thread_is_settled_as_a_whole(store: Store) -> None:
    first = store.add_remark(KEY, pinned(1, 1), "Ann", "look")
    answer = store.add_remark(KEY, pinned(1, 1), "Ben", "I did", parent=first.id)
    store.settle_remark(answer.id, "Ben")
    store.settle_remark(first.id, "Cem")
    assert [remark.settled for remark in store.remarks(KEY)] == [True, True]
    assert store.open_remarks() == ()
    with pytest.raises(RefusedError, match="is settled; start a new one"):
        store.add_remark(KEY, pinned(1, 1), "Ann", "again", parent=answer.id)


def test_remarks_that_cannot_be(store: Store) -> None:
    elsewhere = store.add_remark(OTHER, pinned(1, 1), "Ann", "there")
    with pytest.raises(RefusedError, match="needs a text"):
        store.add_remark(KEY, pinned(1, 1), "Ann", " \n")
    with pytest.raises(RefusedError, match=r"no remark \d+ on this pair"):
        store.add_remark(KEY, pinned(1, 1), "Ann", "x", parent=elsewhere.id)
    with pytest.raises(RefusedError, match="no remark 999"):
        store.settle_remark(999, "Ann")
    assert store.remarks(KEY) == ()


def test_a_done_pair_takes_no_remark(store: Store, record: Callable[..., PassRecord]) -> None:
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.AFTER_2)
    record(KEY, 3, "Cem", PairState.AFTER_2, PairState.DONE)
    with pytest.raises(RefusedError, match="g00:a is done"):
        store.add_remark(KEY, pinned(1, 1), "Dee", "late")
    assert store.open_remarks() == ()


@pytest.mark.parametrize("place", PLACES, ids=["pair", "point", "region", "query", "query-point", "query-region"])
def test_every_place_is_read_as_it_was_pinned(store: Store, place: RemarkPlace) -> None:
    made = store.add_remark(KEY, place, "Ann", "look")
    assert made.place == place
    assert store.remarks(KEY) == store.all_remarks() == store.all_remarks(0) == (made,)
    assert store.all_remarks(1) == ()


def test_a_query_of_another_group_takes_no_remark(store: Store) -> None:
    for query in (1, 99, -1):
        with pytest.raises(RefusedError, match=f"Query {query} is not one of g00:a's group"):
            store.add_remark(KEY, pinned(1, 1, query=query), "Ann", "there")
    assert store.remarks(KEY) == ()


def test_all_remarks_hold_answers_and_settled_ones(store: Store) -> None:
    first = store.add_remark(KEY, PLACES[2], "Ann", "look")
    answer = store.add_remark(KEY, PLACES[2], "Ben", "I did", parent=first.id)
    other = store.add_remark(OTHER, PLACES[4], "Cem", "and there")
    store.settle_remark(first.id, "Ben")
    assert [(remark.id, remark.settled) for remark in store.all_remarks()] == [
        (first.id, True),
        (answer.id, True),
        (other.id, False),
    ]


@pytest.mark.parametrize(
    "change",
    ["region = NULL", "region = '[[0,0],[1,0],[1,1]]'", "query_number = 0", "query_number = NULL", "x = 1, y = 1"],
)
def test_the_place_of_a_remark_stays_as_it_was(store: Store, change: str) -> None:
    store.add_remark(KEY, RemarkPlace(region=TRIANGLE, query=2), "Ann", "look")
    before = store.remarks(KEY)
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text(f"UPDATE remarks SET {change}"))  # noqa: S608
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text("DELETE FROM remarks"))
    assert store.remarks(KEY) == before


@pytest.mark.parametrize("place", ["1, NULL, NULL", "NULL, 1, NULL", "1, 1, '[]'"])
def test_the_database_takes_one_place(store: Store, place: str) -> None:
    head = "INSERT INTO remarks (pair_id, person_id, text, at, x, y, region) "
    rest = f"SELECT (SELECT min(id) FROM pairs), (SELECT min(id) FROM people), 'look', 'now', {place}"  # noqa: S608
    with pytest.raises(DBAPIError, match="remarks_one_place"), store.database.write() as connection:
        connection.execute(text(head + rest))
    assert store.remarks(KEY) == ()
