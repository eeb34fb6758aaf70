"""Several programs on one database at the same moment: what each of them sees, and what a killed one leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.errors import ConflictError, EnvironmentFault, NewerProjectError, RefusedError
from annotator.domain.passes import PairState, Pass, PersonRole, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store import database as database_module
from annotator.store import migrate
from annotator.store import store as store_module
from annotator.store.database import Database
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY = PairKey(0, "a")
OPEN, AFTER_1, AFTER_2, DONE = PairState.OPEN, PairState.AFTER_1, PairState.AFTER_2, PairState.DONE
Record = Callable[..., PassRecord]
Draw = Callable[..., Annotation]
Older = Callable[..., None]


@contextmanager
def after_statement(store: Store, words: str, act: Callable[[], object]) -> Iterator[None]:
    """Run `act` once, right after the first statement of `store` that holds `words`."""
    waiting = [act]

    def done(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if waiting and words in statement:
            waiting.pop()()

    event.listen(store.database.engine, "after_cursor_execute", done)
    try:
        yield
    finally:
        event.remove(store.database.engine, "after_cursor_execute", done)
    assert not waiting, f"no statement held {words!r}"


@pytest.fixture
def other(store: Store, made_url: str) -> Iterator[Store]:
    """The same project as another program opened it."""
    opened = Store.open(made_url, store.clock)
    yield opened
    opened.close()


def hand_in(store: Store, drawn: Annotation, number: int, person: str, before: PairState, after: PairState) -> None:
    """Record a pass of the pair on what stands."""
    verdict = Verdict.SUBMITTED if number == 1 else Verdict.APPROVED
    base = store.pair(KEY).standing
    store.record_pass(Pass(KEY, number, person, verdict, drawn, store.clock(), base_revision=base), before, after)


def test_a_pass_during_a_verification_is_no_alteration(store: Store, other: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    with after_statement(store, "FROM passes", lambda: hand_in(other, draw(), 2, "Ben", AFTER_1, AFTER_2)):
        assert store.verify_chain() == []
    assert store.verify_chain() == []
    assert [entry.pass_.person for entry in store.passes(KEY)] == ["Ann", "Ben"]


def test_a_pair_and_its_seats_are_read_at_one_moment(store: Store, other: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    with after_statement(store, "FROM pairs", lambda: hand_in(other, draw(), 2, "Ben", AFTER_1, AFTER_2)):
        pair = store.pair(KEY)
    assert (pair.state, pair.seats) == (AFTER_1, ("Ann", None, None))
    assert store.pair(KEY).seats == ("Ann", "Ben", None)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, store: Store, made_url: str) -> Iterator[Store]:
    """The same project in a program that waits no longer than a moment for another one's transaction."""
    monkeypatch.setattr(database_module, "BUSY_MILLISECONDS", 50)
    opened = Store.open(made_url, store.clock)
    yield opened
    opened.close()


def test_a_remark_and_the_last_pass_never_both_win(store: Store, impatient: Store, record: Record, draw: Draw) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    record(KEY, 2, "Ben", AFTER_1, AFTER_2)
    refusals: list[str] = []

    def last_pass() -> None:
        try:
            hand_in(impatient, draw(), 3, "Cem", AFTER_2, DONE)
        except (EnvironmentFault, RefusedError) as error:
            refusals.append(str(error))

    with after_statement(store, "SELECT pairs.state", last_pass):
        store.add_remark(KEY, pinned(1, 1), "Dee", "is this a tree?")
    assert len(refusals) == 1
    assert store.pair(KEY).state is AFTER_2
    with pytest.raises(RefusedError, match="1 remark is open"):
        hand_in(impatient, draw(), 3, "Cem", AFTER_2, DONE)


def hold(connection: Connection) -> None:
    """Keep everybody else from submitting until the transaction ends."""
    connection.execute(text("UPDATE chain_head SET sequence = sequence"))


def test_a_submit_that_waits_in_vain_says_so_and_can_be_repeated(store: Store, impatient: Store, draw: Draw) -> None:
    with store.database.write() as connection:
        hold(connection)
        with pytest.raises(EnvironmentFault, match=r"another program has held it|nothing was lost, try again"):
            hand_in(impatient, draw(), 1, "Ann", OPEN, AFTER_1)
    hand_in(impatient, draw(), 1, "Ann", OPEN, AFTER_1)
    assert store.verify_chain() == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_laptop_that_was_closed_in_a_transaction_stops_the_team_for_a_while_only(
    store: Store, made_url: str, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "STUCK_MILLISECONDS", 1000)
    closed = Store.open(made_url)

    def closed_for_a_while() -> None:
        with closed.database.write() as connection:
            hold(connection)
            record(KEY, 1, "Ann", OPEN, AFTER_1)
            connection.execute(text("UPDATE chain_head SET sequence = 0"))

    with pytest.raises(EnvironmentFault, match="does not answer; nothing was lost"):
        closed_for_a_while()
    closed.close()
    assert store.pair(KEY).state is AFTER_1
    assert store.verify_chain() == []


def test_of_two_who_add_the_same_person_one_is_told(store: Store, impatient: Store) -> None:
    def add() -> None:
        try:
            impatient.add_person("Eva", PersonRole.ANNOTATOR)
        except EnvironmentFault:  # SQLite: the first one's transaction is the only one
            assert store.database.is_sqlite

    with after_statement(store, "people.folded =", add):
        if store.database.is_sqlite:
            store.add_person("eva", PersonRole.ANNOTATOR)
        else:
            with pytest.raises(ConflictError, match="at the same moment"):
                store.add_person("eva", PersonRole.ANNOTATOR)
    assert [person.name for person in store.people()].count("Eva" if not store.database.is_sqlite else "eva") == 1


def test_several_who_open_an_older_project_at_once_all_open_it(url: str, older: Older, tmp_path: Path) -> None:
    older(url, "r0001", "INSERT INTO chain_head VALUES (1, 0, 'x')")
    start = Barrier(3)

    def opening(_: int) -> str:
        start.wait()
        store = Store.open(url)
        try:
            return migrate.require_known(store.database)
        finally:
            store.close()

    with ThreadPoolExecutor(3) as people:
        assert list(people.map(opening, range(3))) == [migrate.CURRENT] * 3
    backups = [path.name for path in tmp_path.iterdir() if "before-upgrade" in path.name]
    assert len(backups) == len(list(tmp_path.glob("project.sqlite")))  # one, of the file that there is


def test_who_waited_while_a_newer_program_upgraded_is_refused(
    url: str, older: Older, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(url, "r0001")
    known = migrate.require_known

    def then_upgraded(database: Database) -> str:
        version = known(database)
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'r9000'"))
        return version

    monkeypatch.setattr(store_module, "require_known", then_upgraded)
    with pytest.raises(NewerProjectError, match=r"r9000.*; nothing was changed"):
        Store.open(url)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("store")
def test_leases_follow_the_servers_clock(made_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Store.open(made_url)
    lease = right.take_lease(KEY, "Ann", 30)
    monkeypatch.setattr(store_module, "now_utc", lambda: datetime.now(UTC) + timedelta(hours=2))
    ahead = Store.open(made_url)
    assert ahead.pair(KEY).lease == lease
    with pytest.raises(ConflictError, match="Ann is working"):
        ahead.take_lease(KEY, "Ben", 30)
    ahead.close()
    right.close()


def end_connections(url: str) -> None:
    """What a server does to its clients when it is started again; done when the last of them is gone."""
    database = Database(url)
    with database.write() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() "
                 "AND pid <> pg_backend_pid()")
        )  # fmt: skip
    database.close()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_server_that_started_again_is_met_again(store: Store, made_url: str, record: Record) -> None:
    record(KEY, 1, "Ann", OPEN, AFTER_1)
    end_connections(made_url)
    record(KEY, 2, "Ben", AFTER_1, AFTER_2)
    with (
        after_statement(store, "FROM chain_head", lambda: end_connections(made_url)),
        pytest.raises(EnvironmentFault, match="does not answer; nothing was lost"),
    ):
        record(KEY, 3, "Cem", AFTER_2, DONE)
    assert store.pair(KEY).state is AFTER_2
    record(KEY, 3, "Cem", AFTER_2, DONE)
    assert store.verify_chain() == []


# Submits pass 1 of one pair after another and tells of each that it is recorded, until it is killed.
SUBMITTER = """
import sys
from datetime import UTC, datetime
from annotator.domain.codec import annotation_from_text
from annotator.domain.passes import PairState, Pass, Verdict
from annotator.store.store import Store

url, text = sys.argv[1:]
store, drawn = Store.open(url), annotation_from_text(text)
for pair in store.pairs():
    store.take_lease(pair.key, "Ann", 5)
    pass_ = Pass(pair.key, 1, "Ann", Verdict.SUBMITTED, drawn, datetime.now(UTC))
    store.record_pass(pass_, PairState.OPEN, PairState.AFTER_1)
    print(pair.key.image, flush=True)
"""


def test_kill_minus_nine_loses_no_pass_that_was_told_of_and_leaves_no_half_one(url: str, draw: Draw) -> None:
    names = tuple(f"i{number:03}" for number in range(400))
    query = Query(0, "q", (0.0, 0.0, 9.0, 9.0), tuple(range(len(names))), (), ())
    store = Store.create(url, GroundTruth("toy", (query,), names))
    store.mark_present(names, {"q"})
    store.add_person("Rosa", PersonRole.RESEARCHER)
    store.add_person("Ann", PersonRole.ANNOTATOR)
    store.take_in({0: draw()}, {}, "Rosa", approve=True)
    command = [sys.executable, "-c", SUBMITTER, url, annotation_text(draw())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as submitter:
        assert submitter.stdout is not None
        told = [submitter.stdout.readline().strip() for _ in range(12)]
        submitter.kill()
        told += submitter.stdout.read().split()
    if not store.database.is_sqlite:
        end_connections(url)  # the server may be at the last commit of a client that is no more
    pairs = store.pairs()
    recorded = [pair.key.image for pair in pairs if pair.state is AFTER_1]
    # the kill may come between the commit and the word of it
    assert told == recorded[: len(told)]
    assert len(recorded) - len(told) in (0, 1)
    assert [head.key.image for head in store.all_passes()] == recorded
    assert [pair.key.image for pair in pairs if pair.seats[0]] == recorded
    assert store.verify_chain() == []
    store.close()
