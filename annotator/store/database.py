"""One connection to one database, SQLite or PostgreSQL, in transactions that read or write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy.dialects.sqlite  # noqa: F401  # by `create_engine` at the first project otherwise: after the window's Qt
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from annotator.domain.errors import AnnotatorError, EnvironmentFault, RefusedError
from annotator.store.faults import NO_TEXT, as_sentence
from annotator.store.read_only import may_be_written, reading_url, signature

BUSY_MILLISECONDS = 15_000
"""How long a write waits for another process's transaction; ours take milliseconds."""

STUCK_MILLISECONDS = 300_000
"""After so long without a word a server ends a transaction, such as that of a laptop that was closed in one."""

CONNECT_SECONDS = 10

_WRITING = "annotator_writing"


class Database:
    """An engine with the project's settings: `name` is what messages call it, without a password.

    What may not be written is not `writable` and is read all the same: a file that is said not to change meanwhile.
    """

    def __init__(self, url: str) -> None:
        """Take `url` of SQLAlchemy's form and connect at the first use.

        Raises AnnotatorError for other databases, EnvironmentFault for a file that is read only where it is written.
        """
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.name = str(self.path or make_url(url).render_as_string(hide_password=True))
        path = self.path
        self.writable = path is None or may_be_written(path)
        address, self._read_as = (self.url, None) if path is None or self.writable else reading_url(path)
        self.engine = _sqlite(address) if self.is_sqlite else _postgresql(address)
        self._writers = self.engine.execution_options(**{_WRITING: True})
        # A server shows each statement what was committed by then unless it is asked for one moment, as SQLite gives.
        at_one_moment = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = self.engine.execution_options(**at_one_moment)

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None on a server."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it at one moment; errors of the database come as the project's."""
        with self._sentences(), self._unchanged(), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end and rolled back on any error.

        On SQLite it is the only writer from its first statement (BEGIN IMMEDIATE) and is on the disk when it ends.
        """
        with self._sentences(), self._writers.begin() as connection:
            self._require_there()
            yield connection

    def _require_there(self) -> None:
        """Raise EnvironmentFault where the open file was moved or removed: SQLite would go on writing into nothing."""
        path = self.path
        if path is not None and not self.url.query and not path.is_file():
            raise EnvironmentFault(
                f"{path}: the project's database is not there any more; put the project folder back. What you draw "
                "stays in memory as long as the program runs."
            )

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        """Raise EnvironmentFault where a file was changed that was opened as one that does not change."""
        try:
            yield
        finally:
            if self.path is not None and self._read_as and self._read_as != signature(self.path):
                raise EnvironmentFault(f"{self.name}: it was changed or taken away while it was read; start again.")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            found = as_sentence(error, self.name)
            if found is None:
                raise
            raise found from error
        except UnicodeEncodeError as error:
            raise RefusedError(NO_TEXT) from error


def use_write_ahead_log(path: Path) -> None:
    """Make an SQLite file keep a write-ahead log, so that reading never waits for writing; the file remembers it.

    Raises EnvironmentFault when the file cannot be made there.
    """
    try:
        connection = sqlite3.connect(path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise EnvironmentFault(f"{path}: the database cannot be made ({error}); choose another folder.") from error


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def _checked(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # a port that is no number is no ArgumentError
        raise AnnotatorError("The store address is no URL; write it as postgresql://name@server/database.") from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise AnnotatorError(f"A project cannot be kept in {backend}; use SQLite or a postgresql:// address.")
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the events below say when a transaction begins
        cursor = connection.cursor()
        for pragma in (f"busy_timeout = {BUSY_MILLISECONDS}", "foreign_keys = ON", "synchronous = FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})
    except ModuleNotFoundError as error:
        raise EnvironmentFault(
            "The PostgreSQL driver is not installed; install the program with its extra 'team'."
        ) from error

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
        cursor.execute(f"SET idle_in_transaction_session_timeout = {STUCK_MILLISECONDS}")
        cursor.close()
        connection.commit()

    return engine
