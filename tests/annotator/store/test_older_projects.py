"""Projects that older versions of the program left behind: their history holds, and their backup is whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Pass, PersonRole, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store import migrate
from annotator.store.database import Database, sqlite_url, use_write_ahead_log
from annotator.store.store import Store

KEY = PairKey(0, "a")
DRAWN = '{"shapes":[],"size":[64,48]}'
AT = "2026-03-01T12:00:00.000000+00:00"

Older = Callable[..., None]


def chained(previous: str, content: dict[str, object]) -> str:
    """A link as the first version hashed it, spelled out here so that no later version changes it unnoticed."""
    body = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


FIRST = chained("0" * 64, {
    "what": "pass", "number": 1, "pair": "g00:a", "person": "Ann",
    "annotation": hashlib.sha256(DRAWN.encode()).hexdigest(),
    "remarks": [[10.5, 20.25, "Dach prüfen"]],
    "pass_number": 1, "verdict": "submitted", "revision": 1, "base_revision": None, "proposer": None,
    "active_seconds": 7.5, "reason": "", "submitted_at": AT, "after_state": "after pass 1",
})  # fmt: skip


PASS = (
    "INSERT INTO people (id, name, folded, role) VALUES (1, 'Rosa', 'rosa', 'researcher')",
    "INSERT INTO people (id, name, folded, role) VALUES (2, 'Ann', 'ann', 'annotator')",
    "INSERT INTO meta VALUES ('dataset', 'toy'), ('sha256', ''), ('index_images', '[\"a\"]')",
    "INSERT INTO query_groups (number, easy, hard, junk, note, opened_at, opened_by) "
    "VALUES (0, '[0]', '[]', '[]', '', :at, 1)",
    "INSERT INTO queries VALUES (0, 0, 'q', 1, 1, 5, 5, TRUE)",
    "INSERT INTO pairs (id, group_number, image, index_number, difficulty, present, state, standing, "
    "latest_revision) VALUES (1, 0, 'a', 0, 'easy', TRUE, 'after pass 1', 1, 1)",
    "INSERT INTO revisions VALUES (1, 1, 2, :at, NULL, NULL, :drawn)",
    "INSERT INTO seats VALUES (1, 1, 2)",
    "INSERT INTO passes VALUES (1, 1, 1, 2, 'submitted', 1, NULL, NULL, 7.5, '', :at, 'after pass 1', :none, :first)",
    "INSERT INTO remarks VALUES (1, 1, 10.5, 20.25, 2, 'Dach prüfen', :at, NULL, 1, NULL, NULL)",
    "INSERT INTO chain_head VALUES (1, 1, :first)",
)
"""Ann's pass 1 of g00:a with a remark."""

VALUES = {"at": AT, "drawn": DRAWN, "first": FIRST, "none": "0" * 64}


@pytest.mark.parametrize("version", ["r0001", "r0002", "r0003"])
def test_a_history_of_an_older_version_holds_and_goes_on(url: str, older: Older, version: str) -> None:
    older(url, version, *PASS, **VALUES)
    store = Store.open(url)
    assert store.verify_chain() == []
    (made,) = store.passes(KEY)
    assert (made.sha256, made.pass_.person, made.pass_.annotation) == (FIRST, "Ann", Annotation((64, 48)))
    (remark,) = store.remarks(KEY)
    assert (remark.place, remark.text, remark.settled) == (pinned(10.5, 20.25), "Dach prüfen", False)
    store.add_person("Ben", PersonRole.ANNOTATOR)
    store.settle_remark(remark.id, "Ben")
    pass_ = Pass(KEY, 2, "Ben", Verdict.APPROVED, Annotation((64, 48)), store.clock(), base_revision=1)
    assert store.record_pass(pass_, PairState.AFTER_1, PairState.AFTER_2).id == 2
    assert store.verify_chain() == []
    store.close()
    again = Store.open(url)
    assert [entry.pass_.person for entry in again.passes(KEY)] == ["Ann", "Ben"]
    again.close()


def test_an_upgrade_makes_the_schema_of_a_new_project(url: str, older: Older, tmp_path: Path) -> None:
    older(url, "r0001", *PASS, **VALUES)
    store = Store.open(url)
    if store.database.is_sqlite:
        fresh = Database(sqlite_url(tmp_path / "fresh.sqlite"))
        with fresh.write() as connection:
            migrate.upgrade(connection)
        wanted = text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
        with fresh.read() as new, store.database.read() as old:
            assert new.execute(wanted).all() == old.execute(wanted).all()
        fresh.close()
    with store.database.read() as connection:
        assert migrate.version_of(connection) == migrate.CURRENT
    store.close()


def test_what_a_killed_program_left_in_its_log_is_in_the_backup_and_in_the_project(
    tmp_path: Path, older: Older
) -> None:
    living, killed = tmp_path / "living", tmp_path / "killed"
    living.mkdir()
    use_write_ahead_log(living / "project.sqlite")
    older(sqlite_url(living / "project.sqlite"), "r0001", *PASS, **VALUES)
    holder = sqlite3.connect(living / "project.sqlite")  # as long as it reads, the log stays beside the file
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM people").fetchone()
    database = Database(sqlite_url(living / "project.sqlite"))
    with database.write() as connection:
        connection.execute(text("UPDATE query_groups SET note = 'written last'"))
    shutil.copytree(living, killed)
    database.close()
    holder.close()
    assert (killed / "project.sqlite-wal").stat().st_size > 0
    assert b"written last" not in (killed / "project.sqlite").read_bytes()

    store = Store.open(sqlite_url(killed / "project.sqlite"))
    assert store.group_records()[0].note == "written last"
    assert store.verify_chain() == []
    store.close()
    with sqlite3.connect(killed / "project.sqlite.before-upgrade-from-r0001") as copy:
        assert copy.execute("SELECT note FROM query_groups").fetchall() == [("written last",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    copy.close()
