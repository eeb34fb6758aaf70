"""Database files that may not be written: on a medium that is read alone, or in a folder of somebody else.

SQLite itself opens a file with a write-ahead log only where it may put the log beside it, or where a program that has
the file open has put it there.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL

from annotator.domain.errors import EnvironmentFault

Signature = tuple[int, int]
"""Size and time of a file (nanoseconds)."""


def may_be_written(path: Path) -> bool:
    """Whether this program may write a database file and what goes beside it; a file that is not there can be made."""
    return not path.is_file() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def reading_url(path: Path) -> tuple[URL, Signature | None]:
    """The address under which a file is read that may not be written.

    Without a log SQLite is told that the file does not change, and whoever reads it looks whether that is so: the
    signature is the one to compare with. Raises EnvironmentFault for a log that cannot be read there.
    """
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    if log.is_file() and log.stat().st_size:
        if not index.is_file():
            raise EnvironmentFault(
                f"{path}: its last changes are in {log.name}, which can be read only where the folder may be written; "
                "open a copy of the whole project folder."
            )
        return _url(path, mode="ro"), None
    return _url(path, mode="ro", immutable="1"), signature(path)


def signature(path: Path) -> Signature:
    """What tells that a file was changed; (-1, 0) for one that is away."""
    try:
        status = path.stat()
    except OSError:
        return -1, 0
    return status.st_size, status.st_mtime_ns


def _url(path: Path, **query: str) -> URL:
    return URL.create("sqlite", database=path.absolute().as_uri(), query={**query, "uri": "true"})
