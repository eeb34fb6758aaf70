"""Database files that may not be written: all of them is read or nothing, and nothing is left beside them.

Whether a file may be written is asked of the system in one place, which these tests answer, since they may run as root.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.domain.dataset import GroundTruth, PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.shapes import Annotation
from annotator.store import read_only
from annotator.store.database import Database, sqlite_url
from annotator.store.store import Store

KEY = PairKey(0, "a")
Draw = Callable[..., Annotation]
Locked = Callable[[Path], str]


@pytest.fixture
def backend() -> str:
    """A server says itself who may write."""
    return "sqlite"


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Locked:
    """The address of a file that may not be written from now on."""

    def lock(path: Path) -> str:
        refused = {path, path.parent}
        access = os.access
        monkeypatch.setattr(os, "access", lambda where, mode: where not in refused and access(where, mode))
        return sqlite_url(path)

    return lock


def file_of(store: Store) -> Path:
    assert store.database.path is not None
    return store.database.path


def test_a_file_that_may_not_be_written_is_read_and_stays_alone(store: Store, draw: Draw, locked: Locked) -> None:
    store.save_revision(KEY, draw(5), "Ann")
    store.close()
    before = file_of(store).read_bytes()
    reader = Store.open(locked(file_of(store)), store.clock)
    assert reader.revision(1) == draw(5)
    assert reader.verify_chain() == []
    with pytest.raises(EnvironmentFault, match=r"project\.sqlite: it may not be written; get the right"):
        reader.save_revision(KEY, draw(6), "Ann")
    reader.close()
    assert [path.name for path in file_of(store).parent.iterdir()] == ["project.sqlite"]
    assert file_of(store).read_bytes() == before


@pytest.mark.parametrize("name", ["with space", "50%20off", "what?mode=rw", "a#b", "Zürich;&"])
def test_folders_of_any_name_are_read(tmp_path: Path, truth: GroundTruth, locked: Locked, name: str) -> None:
    path = tmp_path / name / "project.sqlite"
    path.parent.mkdir()
    Store.create(sqlite_url(path), truth).close()
    reader = Store.open(locked(path))
    assert reader.truth() == truth
    reader.close()


def test_what_somebody_else_writes_just_now_is_read_too(store: Store, draw: Draw, locked: Locked) -> None:
    """It is in the log, which whoever writes keeps beside the file."""
    store.save_revision(KEY, draw(5), "Ann")
    reader = Store.open(locked(file_of(store)), store.clock)
    store.save_revision(KEY, draw(6), "Ben")
    assert [reader.revision(number) for number in (1, 2)] == [draw(5), draw(6)]
    with pytest.raises(EnvironmentFault, match="may not be written"):
        reader.save_revision(KEY, draw(7), "Ann")
    reader.close()


def test_a_log_that_cannot_be_read_is_told_since_work_is_in_it(
    store: Store, draw: Draw, tmp_path: Path, locked: Locked
) -> None:
    """As a folder looks that was copied to a medium while somebody worked in it."""
    store.save_revision(KEY, draw(5), "Ann")
    folder = tmp_path / "copy"
    folder.mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{file_of(store)}{end}", folder)
    with pytest.raises(EnvironmentFault, match=r"its last changes are in project\.sqlite-wal, .* open a copy"):
        Store.open(locked(folder / "project.sqlite"))


def test_an_empty_log_is_no_hindrance(store: Store, locked: Locked) -> None:
    store.close()
    file_of(store).with_name("project.sqlite-wal").touch()
    reader = Store.open(locked(file_of(store)))
    assert len(reader.pairs()) == 4
    reader.close()


def test_a_file_that_was_changed_meanwhile_is_told(store: Store, draw: Draw, url: str, locked: Locked) -> None:
    """SQLite was told that it does not change, so what it reads now may be half old and half new."""
    store.close()
    writer = Database(url)
    reader = Store.open(locked(file_of(store)), store.clock)
    assert len(reader.pairs()) == 4
    Store(writer, store.clock).save_revision(KEY, draw(5), "Ann")
    writer.close()
    with pytest.raises(EnvironmentFault, match="it was changed or taken away while it was read; start again"):
        reader.pairs()
    reader.close()


def test_a_medium_that_is_taken_away_is_told(store: Store, locked: Locked) -> None:
    store.close()
    reader = Store.open(locked(file_of(store)), store.clock)
    file_of(store).unlink()
    with pytest.raises(EnvironmentFault, match="taken away while it was read"):
        reader.pairs()
    reader.close()


def test_an_older_project_is_not_upgraded(url: str, tmp_path: Path, older: Callable[..., None], locked: Locked) -> None:
    older(url, "r0001")
    path = tmp_path / "project.sqlite"
    before = path.read_bytes()
    with pytest.raises(EnvironmentFault, match=r"may not be written; .* open a copy of the project"):
        Store.open(locked(path))
    assert path.read_bytes() == before


def test_a_file_that_is_not_there_yet_can_be_made(tmp_path: Path) -> None:
    assert read_only.may_be_written(tmp_path / "project.sqlite")
