"""Stores to test: the same tests run on SQLite and, where a server can be started, on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.passes import PairState, Pass, PersonRole, Verdict
from annotator.domain.shapes import Annotation
from annotator.store import migrate
from annotator.store.database import Database, sqlite_url
from annotator.store.part import Clock
from annotator.store.records import PassRecord
from annotator.store.store import Store

OnServer = Callable[..., AbstractContextManager[str]]
Draw = Callable[..., Annotation]
Older = Callable[..., None]


BOX = (1.0, 2.0, 30.0, 40.0)
FIRST, SECOND = ((0, 2), (1,), (4,)), ((3,), (), (0,))
TRUTH = GroundTruth(
    "toy",
    (Query(0, "q0", BOX, *FIRST), Query(1, "q1", BOX, *SECOND), Query(2, "q2", BOX, *FIRST)),
    ("a", "b", "c", "d", "e"),
    "0" * 64,
)


@pytest.fixture
def truth() -> GroundTruth:
    """Two groups: g00 with queries 0 and 2 and pairs a, b, c; g01 with query 1 and pair d."""
    return TRUTH


@pytest.fixture(scope="session")
def made_on_server(on_server: OnServer) -> Iterator[str]:
    """The name of a database that holds a new project, to be copied."""
    with on_server() as address:
        Store.create(address, TRUTH).close()
        yield str(make_url(address).database)


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that holds a new project, to be copied."""
    path = tmp_path_factory.mktemp("made") / "project.sqlite"
    Store.create(sqlite_url(path), TRUTH).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if backend == "sqlite":
        yield sqlite_url(tmp_path / "project.sqlite")
        return
    with request.getfixturevalue("on_server")() as address:
        yield address


@pytest.fixture
def made_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with a new project."""
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("made_file"), tmp_path)
        yield sqlite_url(tmp_path / "project.sqlite")
        return
    with request.getfixturevalue("on_server")(request.getfixturevalue("made_on_server")) as address:
        yield address


@pytest.fixture
def older() -> Older:
    """Leaves a project as the program of some version wrote it: `older(url, version, *statements, **values)`."""

    def write(url: str, version: str, *statements: str, **values: object) -> None:
        database = Database(url)
        with database.write() as connection:
            migrate.upgrade(connection, version)
            for statement in statements:
                connection.execute(text(statement), values)
            if not database.is_sqlite:  # the statements say numbers that the server does not count with
                for table in ("people", "revisions", "remarks"):
                    connection.execute(text(f"SELECT setval('{table}_id_seq', 9)"))
        database.close()

    return write


@pytest.fixture
def empty_store(made_url: str, clock: Clock) -> Iterator[Store]:
    """A new store with nobody in it."""
    store = Store.open(made_url, clock)
    yield store
    store.close()


@pytest.fixture
def store(empty_store: Store, draw: Draw) -> Store:
    """Researchers Rosa and Rui, annotators Ann, Ben, Cem, Dee; all images here; g00 open."""
    for name in ("Rosa", "Rui"):
        empty_store.add_person(name, PersonRole.RESEARCHER)
    for name in ("Ann", "Ben", "Cem", "Dee"):
        empty_store.add_person(name, PersonRole.ANNOTATOR)
    empty_store.mark_present({"a", "b", "c", "d"}, {"q0", "q1", "q2"})
    empty_store.save_query_mask(0, draw(20), "Rosa")
    empty_store.approve_query_mask(0, "Rui")
    empty_store.open_group(0, "Rosa")
    return empty_store


@pytest.fixture
def record(store: Store, draw: Draw) -> Callable[..., PassRecord]:
    """Records a pass with the usual values: `record(key, number, person, before, after, side=...)`."""

    def go(
        key: PairKey,
        number: int,
        person: str,
        before: PairState,
        after: PairState,
        *,
        side: float = 10.0,
        verdict: Verdict | None = None,
        **more: object,
    ) -> PassRecord:
        usual = Verdict.SUBMITTED if number == 1 else Verdict.APPROVED
        base = store.pair(key).standing if "base_revision" not in more else more.pop("base_revision")
        remarks = more.pop("remarks", ())
        pass_ = Pass(key, number, person, verdict or usual, draw(side), store.clock(), 7.5, base_revision=base, **more)
        return store.record_pass(pass_, before, after, remarks)

    return go
