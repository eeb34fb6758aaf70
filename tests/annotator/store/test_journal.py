from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.dataset import PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.geometry import polygon
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.store.journal import Journal, JournalEntry

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def entry(draw: Callable[..., Annotation]) -> JournalEntry:
    return JournalEntry(PairKey(3, "all_souls_000051"), "Mei Lin", 17, draw(9.125), 41.5, AT, "warp")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def only_file(journal: Journal) -> Path:
    (path,) = journal.folder.iterdir()
    return path


def test_an_entry_comes_back_as_it_was(journal: Journal, entry: JournalEntry) -> None:
    assert journal.read("Mei Lin") is None
    journal.write(entry)
    assert journal.read("mei  lin") == entry
    query = replace(entry, key=55, base_revision=None, proposer=None)
    journal.write(query)
    assert journal.read("Mei Lin") == query
    journal.clear("Mei Lin")
    journal.clear("Mei Lin")
    assert journal.read("Mei Lin") is None


def test_a_draft_of_a_decision_comes_back_with_its_words(journal: Journal, entry: JournalEntry) -> None:
    draft = replace(entry, settling=("the porch\nis in", "steps ☂ are out"))
    journal.write(draft)
    assert journal.read("Mei Lin") == draft
    journal.write(entry)
    assert journal.read("Mei Lin") == entry


def test_what_was_written_before_there_were_drafts_of_decisions_is_read(journal: Journal, entry: JournalEntry) -> None:
    journal.write(entry)
    path = only_file(journal)
    body = json.loads(path.read_bytes().partition(b"\n")[2])
    del body["settling"]
    rewrite(path, body)
    assert journal.read("Mei Lin") == entry


def test_journals_of_pairs_and_kinds_lie_apart(journal: Journal, entry: JournalEntry) -> None:
    places = [
        journal,
        journal.of_pair("blind", entry.key),
        journal.of_pair("disputes", entry.key, "7"),
        journal.of_pair("disputes", entry.key, "12"),
        journal.of_pair("disputes", PairKey(3, "../all_souls_000051"), "7"),
    ]
    for number, place in enumerate(places):
        assert not place.holds("Mei Lin")
        place.write(replace(entry, active_seconds=float(number)))
        assert place.holds("mei  lin")
        assert not place.holds("Ann")
    assert [getattr(place.read("Mei Lin"), "active_seconds", None) for place in places] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert journal.of_pair("disputes", entry.key).parts() == ("12", "7")
    assert journal.of_pair("disputes", PairKey(0, "a")).parts() == ()
    assert journal.folder in places[4].folder.parents


def test_everybody_has_a_file_of_their_own(journal: Journal, entry: JournalEntry) -> None:
    names = ["Mei Lin", "Mei-Lin", "美玲", "../../etc", "x" * 100]
    for name in names:
        journal.write(replace(entry, person=name))
    assert [getattr(journal.read(name), "person", None) for name in names] == names
    assert len(list(journal.folder.iterdir())) == len(names)


@given(cut=st.integers(0, 400))
def test_a_torn_file_is_never_taken_for_an_edit(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    journal = Journal(tmp_path_factory.mktemp("journal"))
    journal.write(JournalEntry(PairKey(0, "a"), "Ann", None, Annotation((5, 5)), 1.0, AT))
    path = only_file(journal)
    whole = path.read_bytes()
    torn = whole[: cut % (len(whole) - 1)]
    path.write_bytes(torn)
    assert journal.read("Ann") is None
    assert only_file(journal).name.endswith(".broken-1")
    assert only_file(journal).read_bytes() == torn


@pytest.mark.parametrize("content", [b"", b"\x80\x04c", b"[]\n{}", b'{"journal": 1}\n', b"[" * 100_000, b'"x"\n"y"'])
def test_foreign_content_is_kept_aside(journal: Journal, entry: JournalEntry, content: bytes) -> None:
    journal.write(entry)
    only_file(journal).write_bytes(content)
    assert journal.read("Mei Lin") is None
    assert only_file(journal).read_bytes() == content
    journal.write(entry)
    assert journal.read("Mei Lin") == entry


def test_a_changed_byte_is_noticed(journal: Journal, entry: JournalEntry) -> None:
    journal.write(entry)
    path = only_file(journal)
    path.write_bytes(path.read_bytes().replace(b"41.5", b"91.5"))
    assert journal.read("Mei Lin") is None


def test_a_journal_of_somebody_else_is_not_mine(journal: Journal, entry: JournalEntry) -> None:
    journal.write(entry)
    path = only_file(journal)
    journal.write(replace(entry, person="Ann"))
    (mine,) = set(journal.folder.iterdir()) - {path}
    path.replace(mine)
    assert journal.read("Ann") is None


def test_a_disk_that_takes_nothing_is_said_and_the_old_entry_stays(
    journal: Journal, entry: JournalEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.write(entry)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(EnvironmentFault, match=r"cannot be kept on the disk \(No space left on device\)"):
            journal.write(replace(entry, active_seconds=99.0))
    assert journal.read("Mei Lin") == entry
    assert len(list(journal.folder.iterdir())) == 1
    journal.write(replace(entry, active_seconds=99.0))
    assert getattr(journal.read("Mei Lin"), "active_seconds", 0) == 99.0


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from annotator.store.journal import Journal
from annotator.domain.geometry import polygon
journal = Journal(Path(sys.argv[1]))
entry = journal.read("Mei Lin")
number = 0
while True:
    number += 1
    journal.write(replace(entry, active_seconds=float(number)))
    print(number, flush=True)
"""


def test_killed_while_writing_the_last_entry_is_there(journal: Journal, entry: JournalEntry) -> None:
    journal.write(replace(entry, active_seconds=0.0))
    command = [sys.executable, "-c", WRITER, str(journal.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        told = 0
        while told < 20:
            told = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        told = max([told, *map(int, process.stdout.read().split())])
    found = journal.read("Mei Lin")
    assert found is not None
    # what was reported as written is there; the kill may come between the rename and the report
    assert found.active_seconds in (told, told + 1)
    assert found.annotation == entry.annotation


def rewrite(path: Path, body: object) -> None:
    """Put something else into an entry, with the checksum that fits."""
    content = json.dumps(body).encode()
    head = json.dumps({"journal": 1, "sha256": hashlib.sha256(content).hexdigest()}).encode()
    path.write_bytes(head + b"\n" + content)


LISTS = ([], [[]], ["a"], ["a", 5], ["half \ud83c", ""], ["a", "b"], ["a", "b", "c"])
ODD = st.sampled_from(
    [None, True, 5, -1, 10**400, 1e308, float("nan"), "", "g00:a", "half \ud83c", "2026-01-01T00:00:00", {}, *LISTS]
)


@settings(max_examples=300)
@given(place=st.sampled_from(["key", "person", "base_revision", "annotation", "active_seconds", "at", "proposer",
                              "settling", "size", "shapes", "id", "role", "kind", "rings", "locked"]),
       odd=ODD)  # fmt: skip
def test_a_forged_entry_is_kept_aside_or_can_be_worked_on(
    place: str, odd: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whoever forges one makes its checksum fit, too: nothing of it may stop the program."""
    shape = Shape("1", Role.OCCLUDER, polygon([[1, 1], [9, 1], [9, 9]]), OccluderKind.PERSON)
    journal = Journal(tmp_path_factory.mktemp("journal"))
    journal.write(JournalEntry(PairKey(0, "a"), "Ann", 3, Annotation((20, 20), (shape,)), 1.0, AT, "warp"))
    path = only_file(journal)
    body = json.loads(path.read_bytes().partition(b"\n")[2])
    for part in (body, body["annotation"], body["annotation"]["shapes"][0]):
        if place in part:
            part[place] = odd
    rewrite(path, body)
    found = journal.read("Ann")
    if found is None:
        assert only_file(journal).name.endswith(".broken-1")
        return
    assert found.person == "Ann"
    assert isinstance(found.key, int | PairKey)
    assert found.base_revision is None or isinstance(found.base_revision, int)
    assert mask_of(found.annotation).shape == (20, 20)
    journal.write(found)
    assert journal.read("Ann") == found


def test_a_folder_that_cannot_be_made_is_said_and_nobody_elses_file_is_touched(
    tmp_path: Path, entry: JournalEntry
) -> None:
    (tmp_path / "journal").write_text("a file of that name", encoding="utf-8")
    journal = Journal(tmp_path / "journal")
    assert journal.read("Mei Lin") is None
    with pytest.raises(EnvironmentFault, match="cannot be kept on the disk"):
        journal.write(entry)
    assert [path.name for path in tmp_path.iterdir()] == ["journal"]
    assert (tmp_path / "journal").read_text(encoding="utf-8") == "a file of that name"


def test_what_a_killed_program_left_half_written_is_no_entry(journal: Journal, entry: JournalEntry) -> None:
    journal.write(entry)
    path = only_file(journal)
    path.with_name(f"{path.name}.4711.part").write_bytes(path.read_bytes()[:20])
    assert journal.read("Mei Lin") == entry
    journal.clear("Mei Lin")
    assert journal.read("Mei Lin") is None


def test_a_journal_that_is_far_too_large_is_kept_aside_unread(
    journal: Journal, entry: JournalEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.write(entry)
    monkeypatch.setattr("annotator.store.journal.LARGEST_FILE", 100)
    assert journal.read("Mei Lin") is None
    assert only_file(journal).name.endswith(".broken-1")
