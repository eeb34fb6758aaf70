"""A disk that is full or read-only, a file that is none, a server that goes away."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from annotator.domain.dataset import GroundTruth, PairKey
from annotator.domain.errors import AnnotatorError, BadFileError, ConflictError, EnvironmentFault
from annotator.domain.passes import PersonRole
from annotator.domain.shapes import Annotation
from annotator.store.database import Database, sqlite_url
from annotator.store.faults import as_sentence
from annotator.store.store import Store

KEY = PairKey(0, "a")


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """These tests are about files, but for the one that asks for a server."""
    return str(getattr(request, "param", "sqlite"))


def limit_pages(store: Store) -> None:
    """From now on the disk takes nothing more: the database may not grow."""
    store.database.close()

    @event.listens_for(store.database.engine, "connect")
    def full(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_said_and_loses_nothing(store: Store, draw: Callable[..., Annotation]) -> None:
    first = store.save_revision(KEY, draw(5), "Ann")
    limit_pages(store)
    with pytest.raises(EnvironmentFault, match="the disk is full; nothing was lost, make room and save again"):
        deque((store.save_revision(KEY, draw(side / 100 + 1), "Ann") for side in range(2000)), maxlen=0)
    saved = store.revisions(KEY)
    assert store.revision(first) == draw(5)
    assert store.pair(KEY).latest_revision == saved[-1].id
    assert store.verify_chain() == []


def test_a_read_only_file_is_said(store: Store, draw: Callable[..., Annotation]) -> None:
    url = f"sqlite:///file:{store.database.path}?mode=ro&uri=true"
    store.close()
    reader = Store(Database(url), store.clock)
    assert len(reader.pairs()) == 4
    with pytest.raises(EnvironmentFault, match="may not be written; get the right"):
        reader.save_revision(KEY, draw(5), "Ann")
    reader.close()


def test_a_database_that_was_taken_away_takes_nothing_until_it_is_back(
    store: Store, draw: Callable[..., Annotation]
) -> None:
    """SQLite itself goes on writing into a file that has no name any more."""
    path = store.database.path
    assert path is not None
    store.save_revision(KEY, draw(5), "Ann")
    away = path.with_name("away.sqlite")
    path.rename(away)
    with pytest.raises(EnvironmentFault, match="is not there any more; put the project folder back"):
        store.save_revision(KEY, draw(6), "Ann")
    away.rename(path)
    store.save_revision(KEY, draw(7), "Ann")
    assert [store.revision(one.id) for one in store.revisions(KEY)] == [draw(5), draw(7)]


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(BadFileError, match="this is no project database"):
        Store.open(sqlite_url(path))


def test_a_damaged_database_is_said(store: Store) -> None:
    path = store.database.path
    assert path is not None
    store.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with pytest.raises(BadFileError, match="restore the file from a backup"):
        Store.open(sqlite_url(path)).pairs()


def test_a_folder_that_is_away_is_said(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "away" / "project.sqlite"))
    with pytest.raises(EnvironmentFault, match="cannot be opened"), database.read():
        pass


def test_a_database_is_made_only_where_there_is_a_folder(tmp_path: Path, truth: GroundTruth) -> None:
    with pytest.raises(EnvironmentFault, match="the database cannot be made"):
        Store.create(sqlite_url(tmp_path / "away" / "project.sqlite"), truth)


def test_a_server_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql://me:secret@/base?host={tmp_path}"
    with pytest.raises(EnvironmentFault) as caught:
        Store.open(url)
    assert "the database does not answer; nothing was lost, try again" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        ("disk I/O error", EnvironmentFault, "does not take what is written"),
        ("could not extend file: No space left on device", EnvironmentFault, "server's disk is full"),
        ("cannot execute INSERT in a read-only transaction", EnvironmentFault, "allows reading only"),
        ("permission denied for table pairs", EnvironmentFault, "this account may not write"),
        ("password authentication failed for user", EnvironmentFault, "refuses the name or password"),
        ("fe_sendauth: no password supplied", EnvironmentFault, "asks for a password; write it into ~/.pgpass"),
        ("deadlock detected", ConflictError, "at the same moment"),
        ("database is locked", EnvironmentFault, "another program has held it"),
        ("server closed the connection unexpectedly", EnvironmentFault, "does not answer"),
    ],
)
def test_what_databases_say_becomes_what_to_do(words: str, kind: type[AnnotatorError], sentence: str) -> None:
    found = as_sentence(OperationalError("INSERT", {}, Exception(words)), "base")
    assert isinstance(found, kind)
    assert sentence in str(found)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("state", "words", "kind", "sentence"),
    [
        ("53100", "konnte Datei nicht erweitern: kein Platz", EnvironmentFault, "server's disk is full"),
        ("42501", "keine Berechtigung für Tabelle pairs", EnvironmentFault, "this account may not write"),
        ("25006", "kann INSERT nicht ausführen", EnvironmentFault, "allows reading only"),
        ("40P01", "Verklemmung entdeckt", ConflictError, "at the same moment"),
        ("40001", "Zugriff konnte nicht serialisiert werden", ConflictError, "at the same moment"),
        ("57P01", "Verbindung wird abgebrochen", EnvironmentFault, "does not answer"),
    ],
)
def test_a_server_that_speaks_another_language_is_understood(
    empty_store: Store, state: str, words: str, kind: type[AnnotatorError], sentence: str
) -> None:
    told = f"DO $$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(kind, match=sentence), empty_store.database.write() as connection:
        connection.execute(text(told))


def test_a_bug_of_the_program_stays_one(store: Store) -> None:
    assert as_sentence(DBAPIError("SELECT", {}, Exception("syntax error")), "base") is None
    with pytest.raises(DBAPIError), store.database.read() as connection:
        connection.execute(text("SELECT nothing FROM pairs"))


def test_every_commit_is_on_the_disk(store: Store) -> None:
    with store.database.write() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA busy_timeout")) == 15_000
    assert store.add_person("Eva", PersonRole.ANNOTATOR).name == "Eva"
