"""From no schema or an older one to the program's own, on a connection that is in a transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from annotator.domain.errors import BadFileError, EnvironmentFault, NewerProjectError
from annotator.store.database import Database

VERSIONS = ("r0001", "r0002", "r0003", "r0004", "r0005")
"""Every version of the schema, oldest first."""

CURRENT = VERSIONS[-1]


def version_of(connection: Connection) -> str | None:
    """The schema's version in a database; None where it holds no project."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_known(database: Database) -> str:
    """The version of a project's database; changes nothing.

    Raises NewerProjectError for one that this program does not know, BadFileError where there is no project.
    """
    if database.path is not None and not database.path.is_file():
        raise BadFileError(database.path, "the project's database is not here", "restore the file from a backup")
    with database.read() as connection:
        return _known(version_of(connection), database)


def locked_version(connection: Connection, database: Database) -> str:
    """The version as it stays until the transaction ends: of several programs that upgrade at once, one does.

    On SQLite a writing transaction is alone as it is. Raises what `require_known` raises.
    """
    if not database.is_sqlite:
        connection.execute(text("LOCK TABLE alembic_version"))
    return _known(version_of(connection), database)


def _known(version: str | None, database: Database) -> str:
    if version is None:
        raise BadFileError(database.name, "this database holds no project", "choose another, or make a project first")
    if version not in VERSIONS:
        raise NewerProjectError(
            f"{database.name}: this project was made by a newer version of the program (its schema is {version}, this "
            f"program knows up to {CURRENT}); nothing was changed, update the program to open it."
        )
    return version


def upgrade(connection: Connection, version: str = CURRENT) -> None:
    """Run the steps up to `version`. The caller commits: on both databases a failed step leaves nothing behind."""
    # Alembic takes a fifth of a second to load, which only a new or an old project has to spend.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def back_up(database: Database, version: str) -> Path | None:
    """Copy an SQLite database beside itself before its schema changes, and return the copy.

    None on a server, whose own backups are its keeper's matter; there the whole change is one transaction.
    Raises EnvironmentFault when the copy cannot be written; then nothing is changed.
    """
    if database.path is None:
        return None
    copy = _free_name(database.path, version)
    try:
        source, target = sqlite3.connect(database.path), sqlite3.connect(copy)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
    except (sqlite3.Error, OSError) as error:
        copy.unlink(missing_ok=True)
        raise EnvironmentFault(
            f"{database.name}: no backup could be written before the upgrade ({error}); nothing was changed, make room "
            "or get the right to write there."
        ) from error
    return copy


def _free_name(path: Path, version: str) -> Path:
    plain = path.with_name(f"{path.name}.before-upgrade-from-{version}")
    numbered = (plain.with_name(f"{plain.name}-{number}") for number in range(2, 10_000))
    return next(name for name in (plain, *numbered) if not name.exists())
