"""One program at a time: a lock beside a file that several programs read, change and write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from annotator.domain.errors import ConflictError, EnvironmentFault

LOCK = ".lock"


@contextmanager
def alone(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock of a file, an empty file beside it; whoever else wants it waits for `patience` seconds.

    Where nobody waits (0) the empty file goes with the lock; else it stays, for those that wait have it open.

    It is the lock that the project's database has: every system knows it, and it ends with the program that held it,
    however that ended. Raises ConflictError where it stays taken, EnvironmentFault where there can be none.
    """
    lock = path.with_name(path.name + LOCK)
    taken = ConflictError(f"{path}: another program is changing it; try again when it is done.")
    if lock.is_symlink():  # where others may write, one could point anywhere
        raise EnvironmentFault(f"{lock} is a link, which no program leaves there; remove it and try again.")
    try:
        connection = sqlite3.connect(lock, timeout=patience, isolation_level=None)
    except sqlite3.Error as error:
        raise EnvironmentFault(f"{lock}: nothing can be written there ({error}).") from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            gone = not lock.exists()  # whoever held it took it away just now
            if gone or error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise taken from error
            raise EnvironmentFault(f"{lock}: it is no lock ({error}); remove it and try again.") from error
        try:
            yield
        finally:
            if not patience:
                with suppress(OSError):  # where open files cannot be deleted it stays
                    lock.unlink()
