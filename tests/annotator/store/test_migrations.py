from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect, text

from annotator.domain.dataset import GroundTruth, PairKey
from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault, NewerProjectError, RefusedError
from annotator.domain.geometry import Ring
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.store import migrate
from annotator.store.database import Database, sqlite_url
from annotator.store.schema import METADATA
from annotator.store.store import Store

Older = Callable[..., None]


def keys(inspector: Inspector) -> dict[str, object]:
    return {
        table: (
            {tuple(key["column_names"]) for key in inspector.get_unique_constraints(table)},
            {(tuple(key["constrained_columns"]), key["referred_table"]) for key in inspector.get_foreign_keys(table)},
            {tuple(index["column_names"]) for index in inspector.get_indexes(table) if not index["unique"]},
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrations_make_the_tables_that_the_program_uses(empty_store: Store) -> None:
    reference = Database("sqlite://")
    with empty_store.database.read() as connection, reference.write() as plain:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        METADATA.create_all(plain)
        assert keys(inspect(connection)) == keys(inspect(plain))
    reference.close()


def test_every_step_is_known_in_its_order() -> None:
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    steps = [step.revision for step in script.walk_revisions()]
    assert tuple(reversed(steps)) == migrate.VERSIONS


ANA = "INSERT INTO people (name, folded, role) VALUES ('Ana', 'ana', 'researcher')"


def test_an_older_project_is_upgraded_after_a_backup(url: str, older: Older) -> None:
    older(url, "r0001", ANA)
    store = Store.open(url)
    assert [person.name for person in store.people()] == ["Ana"]
    assert store.decisions() == ()
    path = store.database.path
    store.close()
    if path is not None:
        copy = path.with_name("project.sqlite.before-upgrade-from-r0001")
        with sqlite3.connect(copy) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("r0001",)
            assert connection.execute("SELECT name FROM people").fetchall() == [("Ana",)]
        connection.close()


REMARKS = (
    "INSERT INTO people (id, name, folded, role) VALUES (1, 'Ana', 'ana', 'annotator')",
    "INSERT INTO query_groups (number, easy, hard, junk, note) VALUES (0, '', '', '', '')",
    "INSERT INTO queries VALUES (0, 0, 'q', 1, 1, 5, 5, TRUE)",
    "INSERT INTO pairs (id, group_number, image, index_number, difficulty, present, state) "
    "VALUES (1, 0, 'a', 0, 'easy', TRUE, 'open')",
    "INSERT INTO remarks VALUES (3, 1, 10.5, 20.25, 1, 'look', '2026-03-01T12:00:00+00:00', NULL, NULL, NULL, NULL)",
    "INSERT INTO remarks VALUES (4, 1, 10.5, 20.25, 1, 'I did', '2026-03-01T12:01:00+00:00', 3, NULL, NULL, NULL)",
    "INSERT INTO remarks VALUES (7, 1, 1, 2, 1, 'old', '2026-03-01T12:02:00+00:00', NULL, NULL, "
    "'2026-03-01T12:03:00+00:00', 1)",
)
"""What the version before regions left behind: a pass with a remark, an answer, a settled one."""


def test_remarks_of_an_older_project_are_read_as_before(url: str, older: Older) -> None:
    older(url, "r0003", *REMARKS)
    store = Store.open(url)
    key = PairKey(0, "a")
    read = [(remark.id, remark.place, remark.text, remark.parent, remark.settled) for remark in store.remarks(key)]
    assert read == [
        (3, pinned(10.5, 20.25), "look", None, False),
        (4, pinned(10.5, 20.25), "I did", 3, False),
        (7, pinned(1.0, 2.0), "old", None, True),
    ]
    assert (
        store.database.path is None
        or store.database.path.with_name("project.sqlite.before-upgrade-from-r0003").is_file()
    )
    new = store.add_remark(key, RemarkPlace(region=Ring([[1, 1], [5, 1], [5, 5]]), query=0), "Ana", "and here")
    assert new.id > 7
    assert store.add_remark(key, RemarkPlace(), "Ana", "yes", parent=4).parent == 3
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text("UPDATE remarks SET x = 3"))
    with pytest.raises(RefusedError, match="cannot be changed or deleted"), store.database.write() as connection:
        connection.execute(text("DELETE FROM remarks"))
    store.close()


def test_a_failed_upgrade_leaves_the_project_as_it_was(url: str, older: Older, monkeypatch: pytest.MonkeyPatch) -> None:
    older(url, "r0001", ANA)
    whole = migrate.upgrade

    def breaks(connection: object) -> None:
        whole(connection)  # type: ignore[arg-type]  # the real one, and then the power goes
        raise OSError("no power")

    with monkeypatch.context() as patch:
        patch.setattr("annotator.store.store.upgrade", breaks)
        with pytest.raises(OSError, match="no power"):
            Store.open(url)
    database = Database(url)
    assert migrate.require_known(database) == "r0001"
    with database.read() as connection:
        assert not inspect(connection).has_table("decisions")
    database.close()


def test_without_room_for_the_backup_nothing_is_upgraded(
    tmp_path: Path, older: Older, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_url(tmp_path / "project.sqlite")
    older(url, "r0001", ANA)
    monkeypatch.setattr(migrate, "_free_name", lambda *_: tmp_path / "away" / "copy")
    with pytest.raises(EnvironmentFault, match="no backup could be written before the upgrade"):
        Store.open(url)
    assert [path.name for path in tmp_path.iterdir()] == ["project.sqlite"]


def test_backups_never_replace_each_other(tmp_path: Path, older: Older) -> None:
    url = sqlite_url(tmp_path / "project.sqlite")
    older(url, "r0001", ANA)
    database = Database(url)
    names = [migrate.back_up(database, "r0001") for _ in range(3)]
    database.close()
    assert len(set(names)) == 3


def test_a_newer_project_is_refused_and_not_touched(made_url: str, tmp_path: Path) -> None:
    database = Database(made_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9000'"))
    before = {path: path.read_bytes() for path in tmp_path.glob("project.sqlite")}
    with pytest.raises(NewerProjectError, match=r"newer version of the program .*r9000.*; nothing was changed, update"):
        Store.open(made_url)
    assert {path: path.read_bytes() for path in before} == before
    database.close()


def test_a_database_takes_one_project(made_url: str, truth: GroundTruth) -> None:
    with pytest.raises(RefusedError, match="holds a project already"):
        Store.create(made_url, truth)


def test_a_database_without_a_project_is_named(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE something (x int)"))
    database.close()
    with pytest.raises(BadFileError, match="this database holds no project"):
        Store.open(url)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="the project's database is not here"):
        Store.open(sqlite_url(tmp_path / "none.sqlite"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x/y", "cannot be kept in mysql"),
        ("what is it", "no URL"),
        ("postgresql://me:secret@server:port/base", "no URL"),
        ("postgresql://me:secret@[::1/base", "no URL"),
    ],
)
def test_other_databases_are_refused(url: str, words: str) -> None:
    with pytest.raises(AnnotatorError, match=words) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)
