"""Stores to test: the same tests run on SQLite and, where a server can be started, on PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, Pass, PersonRole, Verdict
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.store.database import sqlite_url
from annotator.store.records import PassRecord
from annotator.store.store import Store

PLACES = (Path("/usr/local/bin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server's own database: a given one, or a server that is started for the tests."""
    given = os.environ.get("ANNOTATOR_TEST_POSTGRES")
    if given:
        yield given
        return
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    programs = {name: _program(name) for name in ("initdb", "pg_ctl", "postgres")}
    account = _account()
    if not all(programs.values()) or account is None:
        pytest.skip("no PostgreSQL server to start, and ANNOTATOR_TEST_POSTGRES names none")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    who = {} if os.getuid() else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [programs[program], *arguments]
        with (folder.with_suffix(".log")).open("ab") as log:
            subprocess.run(command, cwd=folder, check=True, stdout=log, stderr=log, timeout=120, **who)

    data = str(folder / "data")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync={_FSYNC} -c max_connections=50"
    try:
        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "server.log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)


_FSYNC = "off"


def _program(name: str) -> str | None:
    there = [str(place / name) for place in reversed(PLACES) if (place / name).is_file()]
    return there[0] if there else shutil.which(name)


def _account() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses to be run by root."""
    if os.getuid():
        return pwd.getpwuid(os.getuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known.get("nobody")


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


@contextmanager
def database_on(server: str, template: str = "template1") -> Iterator[str]:
    """The address of a database on a server, for a while."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def made_on_server(postgresql: str) -> Iterator[str]:
    """The name of a database that holds a new project, to be copied."""
    with database_on(postgresql) as address:
        Store.create(address, TRUTH).close()
        yield str(make_url(address).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if backend == "sqlite":
        yield sqlite_url(tmp_path / "project.sqlite")
        return
    with database_on(request.getfixturevalue("postgresql")) as address:
        yield address


@pytest.fixture
def made_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with a new project."""
    if backend == "sqlite":
        Store.create(sqlite_url(tmp_path / "project.sqlite"), TRUTH).close()
        yield sqlite_url(tmp_path / "project.sqlite")
        return
    with database_on(request.getfixturevalue("postgresql"), request.getfixturevalue("made_on_server")) as address:
        yield address


@pytest.fixture
def empty_store(made_url: str, clock: Clock) -> Iterator[Store]:
    """A new store with nobody in it."""
    store = Store.open(made_url, clock)
    yield store
    store.close()


Draw = Callable[[float], Annotation]


@pytest.fixture
def draw() -> Draw:
    """An annotation with one square object of the given side."""

    def square(side: float = 10.0) -> Annotation:
        ring = [[1, 1], [1 + side, 1], [1 + side, 1 + side], [1, 1 + side]]
        return Annotation((64, 48), (Shape("1", Role.OBJECT, polygon(ring)),))

    return square


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
