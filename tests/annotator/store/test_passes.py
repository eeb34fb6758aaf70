from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY = PairKey(0, "a")
OPEN, AFTER_1, AFTER_2, DONE = PairState.OPEN, PairState.AFTER_1, PairState.AFTER_2, PairState.DONE
Record = Callable[..., PassRecord]
Draw = Callable[..., Annotation]


def finish(record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    record(KEY, 2, "Ben", AFTER_1, AFTER_2, side=12, verdict=Verdict.REFINED)
    record(KEY, 3, "Cem", AFTER_2, DONE, side=12)


def test_three_people_finish_a_pair(store: Store, record: Record, draw: Draw) -> None:
    finish(record)
    pair = store.pair(KEY)
    assert (pair.state, pair.seats, pair.lease) == (DONE, ("Ann", "Ben", "Cem"), None)
    passes = store.passes(KEY)
    assert [entry.pass_.person for entry in passes] == ["Ann", "Ben", "Cem"]
    assert [entry.pass_.annotation for entry in passes] == [draw(10), draw(12), draw(12)]
    assert [entry.id for entry in passes] == [1, 2, 3]
    assert passes[1].revision == passes[2].revision == pair.standing
    assert store.revision(passes[0].revision) == draw(10)
    assert store.verify_chain() == []


def test_a_pass_comes_back_as_it_was_recorded(store: Store, record: Record) -> None:
    written = record(KEY, 1, "ann", OPEN, AFTER_1, proposer="warp", reason="")
    (found,) = store.passes(KEY)
    assert found.sha256 == written.sha256
    assert found.pass_.person == "Ann"
    assert (found.pass_.active_seconds, found.pass_.proposer) == (7.5, "warp")
    assert found.pass_.submitted_at == store.clock()
    (head,) = store.all_passes()
    assert (head.key, head.pass_number, head.verdict, head.revision) == (KEY, 1, Verdict.SUBMITTED, found.revision)
    assert store.all_passes(1) == ()


def test_nobody_does_two_passes_of_a_pair(store: Store, record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    before = store.pair(KEY)
    with pytest.raises(RefusedError, match="Ann did pass 1 of g00:a; the three passes of a pair are done by three"):
        record(KEY, 2, "Ann", AFTER_1, AFTER_2)
    assert store.pair(KEY) == before
    assert len(store.passes(KEY)) == 1


def test_a_pass_stays_with_its_person(store: Store, record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    record(KEY, 2, "Ben", AFTER_1, PairState.RETURNED_1, verdict=Verdict.RETURNED, reason="loose boundary")
    with pytest.raises(RefusedError, match="Pass 1 of g00:a is Ann's, also when it was returned"):
        record(KEY, 1, "Cem", PairState.RETURNED_1, AFTER_1)
    record(KEY, 1, "Ann", PairState.RETURNED_1, AFTER_1, side=11)
    assert store.pair(KEY).seats == ("Ann", "Ben", None)


def test_who_comes_second_is_told_what_happened(record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    with pytest.raises(ConflictError, match="Somebody else saved g00:a meanwhile; it is after pass 1 now"):
        record(KEY, 1, "Ben", OPEN, AFTER_1)
    with pytest.raises(ConflictError, match="changed after you took it"):
        record(KEY, 2, "Ben", AFTER_1, AFTER_2, base_revision=None)


def test_a_leased_pair_is_nobody_elses(store: Store, record: Record) -> None:
    store.take_lease(KEY, "Ben", 30)
    with pytest.raises(ConflictError, match="Ben is working on g00:a"):
        record(KEY, 1, "Ann", OPEN, AFTER_1)
    record(KEY, 1, "Ben", OPEN, AFTER_1)
    assert store.pair(KEY).lease is None


def test_waiting_pairs_take_no_pass(store: Store, record: Record) -> None:
    with pytest.raises(RefusedError, match="g01:d waits until a researcher opens its group"):
        record(PairKey(1, "d"), 1, "Ann", OPEN, AFTER_1)
    store.mark_present(set(), set())
    with pytest.raises(RefusedError, match="its image is not here"):
        record(KEY, 1, "Ann", OPEN, AFTER_1)
    with pytest.raises(RefusedError, match="no pair g00:zzz"):
        record(PairKey(0, "zzz"), 1, "Ann", OPEN, AFTER_1, base_revision=None)


def test_open_remarks_keep_a_pair_from_being_done(store: Store, record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    record(KEY, 2, "Ben", AFTER_1, AFTER_2, remarks=[(pinned(3, 4), "is this a tree?")])
    with pytest.raises(RefusedError, match="1 remark is open on g00:a; settle them"):
        record(KEY, 3, "Cem", AFTER_2, DONE)
    assert store.pair(KEY).state is AFTER_2
    (remark,) = store.remarks(KEY)
    assert (remark.person, remark.text, remark.place, remark.settled) == ("Ben", "is this a tree?", pinned(3, 4), False)
    store.settle_remark(remark.id, "Cem")
    record(KEY, 3, "Cem", AFTER_2, DONE)


def test_a_refused_pass_leaves_no_trace(store: Store, record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    before = (store.pair(KEY), store.revisions(KEY), store.verify_chain())
    with pytest.raises(RefusedError, match="A remark needs a text"):
        record(KEY, 2, "Ben", AFTER_1, AFTER_2, side=20, remarks=[(pinned(1, 1), "fine"), (pinned(1, 1), " ")])
    assert (store.pair(KEY), store.revisions(KEY), store.verify_chain()) == before
    assert store.remarks(KEY) == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passes SET verdict = 'refined'",
        "DELETE FROM passes",
        "UPDATE revisions SET annotation = '{}'",
        "DELETE FROM revisions",
        "UPDATE seats SET person_id = 3",
        "DELETE FROM seats",
        "UPDATE remarks SET text = 'never mind'",
        "DELETE FROM remarks",
        "DELETE FROM query_revisions",
        "UPDATE query_approvals SET person_id = 1",
    ],
)
def test_the_database_keeps_the_past_as_it_was(store: Store, record: Record, change: str) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1, remarks=[(pinned(1, 2), "look")])
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text(change))
    assert store.verify_chain() == []


def test_the_database_itself_asks_for_three_different_people(store: Store, record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    seat = "INSERT INTO seats SELECT pair_id, 2, person_id FROM seats"
    with pytest.raises(RefusedError, match="three different people"), store.database.write() as connection:
        connection.execute(text(seat))
    with pytest.raises(RefusedError, match="three different people"), store.database.write() as connection:
        connection.execute(text("UPDATE pairs SET state = 'done'"))
    with pytest.raises(ConflictError), store.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO passes SELECT 9, pair_id, 2, person_id, verdict, revision, base_revision, proposer, "
                "active_seconds, reason, submitted_at, after_state, previous, 'x' FROM passes"
            )
        )


def test_revisions_are_all_kept(store: Store, draw: Draw) -> None:
    first = store.save_revision(KEY, draw(5), "Ann")
    second = store.save_revision(KEY, draw(6), "Ann", proposer="warp", parent=first)
    assert store.pair(KEY).latest_revision == second
    assert [(entry.id, entry.proposer, entry.parent) for entry in store.revisions(KEY)] == [
        (first, None, None),
        (second, "warp", first),
    ]
    assert store.annotations([second, first, first]) == {first: draw(5), second: draw(6)}
    with pytest.raises(RefusedError, match="no revision 99"):
        store.revision(99)
    store.take_lease(KEY, "Ben", 5)
    with pytest.raises(ConflictError, match="Ben is working"):
        store.save_revision(KEY, draw(7), "Ann")


def test_the_newest_import_of_a_pair_is_what_its_pass_1_began_from(store: Store, draw: Draw) -> None:
    assert store.imported() == {}
    store.take_in({}, {KEY: draw()}, "Rosa", False, "import 100 %_first")
    store.take_in({}, {KEY: draw(3)}, "Rosa", False, "import second")
    store.save_revision(KEY, draw(4), "Ann", "important 0.80")
    (found,) = store.imported().values()
    assert (found.key, found.person, found.proposer) == (KEY, "Rosa", "import second")
    assert store.revision(found.id) == draw(3)
