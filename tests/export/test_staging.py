"""The folder under work: complete or not at all, and worth going on with after a kill."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from annotator.domain.errors import ConflictError, EnvironmentFault, RefusedError
from export import staging as staging_module
from export.mask_record import MaskRecord, Written
from export.staging import Staging, staging

RECORD = MaskRecord(
    (4, 3), "0", 1, (0, 0, 1, 1), 1, 0, "0" * 64, ("has-holes",), {"person": 0.5}, {7: 0.25}, "1x1:", ()
)


def finished(work: Staging) -> Written:
    work.write("labels/a.json", "{}")
    size, sha256 = work.files["labels/a.json"]
    return Written(RECORD, (("labels/a.json", size, sha256),))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def ended_by(error: BaseException, out: Path, work: Callable[[Staging], object]) -> None:
    with staging(out) as stage:
        work(stage)
        raise error


def interrupted(out: Path) -> Written:
    """Leave the folder as a kill does."""
    found: list[Written] = []

    def note(work: Staging) -> None:
        found.append(finished(work))
        work.note("digest", found[0])

    with pytest.raises(KeyboardInterrupt):
        ended_by(KeyboardInterrupt(), out, note)
    return found[0]


def fill(out: Path, text: str) -> None:
    with staging(out) as work:
        work.write("a.txt", text)


def filled_beside(out: Path) -> None:
    with staging(out) as work:
        work.write("a.txt", "text")
        out.mkdir()


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    with staging(tmp_path / "deep/out") as work:
        work.write("a/b.txt", "text")
        assert not (tmp_path / "deep/out").exists()
    assert (tmp_path / "deep/out/a/b.txt").read_text() == "text"
    assert names(tmp_path / "deep") == ["out"]


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        ended_by(ZeroDivisionError(), tmp_path / "out", lambda stage: stage.write("a.txt", "text"))
    assert not list(tmp_path.iterdir())


def test_what_a_kill_left_is_taken_up(tmp_path: Path) -> None:
    written = interrupted(tmp_path / "out")
    with staging(tmp_path / "out") as work:
        assert work.finished("other") is None
        assert work.finished("digest") == written
        assert work.files == {"labels/a.json": written.files[0][1:]}
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["a.json"]


def test_what_was_altered_or_forged_meanwhile_is_done_again(tmp_path: Path) -> None:
    interrupted(tmp_path / "out")
    partial = tmp_path / ".out.partial"
    journal = partial / ".finished.jsonl"
    entry = json.loads(journal.read_text())
    (tmp_path / "secret").write_text("{}")
    forged = entry | {"digest": "forged", "files": [["../secret", 2, entry["files"][0][2]]]}
    lines = [json.dumps(entry | {"digest": "changed", "record": {}}), "3", "{", json.dumps(forged), json.dumps(entry)]
    journal.write_text("\n".join(lines))
    (partial / "labels/a.json").write_text("[]")
    with staging(tmp_path / "out") as work:
        for digest in ("digest", "forged", "changed"):
            assert work.finished(digest) is None
        work.write("kept.txt", "text")
    assert names(tmp_path / "out") == ["kept.txt"]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder of somebody's own files."""
    folder = tmp_path / "elsewhere"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "a.txt").write_text("dear")
    return folder


def test_a_link_in_the_place_of_the_work_is_not_followed(tmp_path: Path, elsewhere: Path) -> None:
    """Where others may write too, somebody could lay one there."""
    (tmp_path / ".out.partial").symlink_to(elsewhere)
    with pytest.raises(RefusedError, match=r"\.out\.partial is a link"), staging(tmp_path / "out") as work:
        work.write("b.txt", "text")
    assert (elsewhere / "letters" / "a.txt").read_text() == "dear"
    assert names(elsewhere) == ["letters"]
    assert not (tmp_path / "out").exists()


def test_links_inside_what_was_left_are_not_followed_either(tmp_path: Path, elsewhere: Path) -> None:
    partial = tmp_path / ".out.partial"
    (partial / "masks").mkdir(parents=True)
    (partial / "labels").symlink_to(elsewhere)
    (partial / "masks" / "b.txt").symlink_to(elsewhere / "letters" / "a.txt")
    with staging(tmp_path / "out") as work:
        work.write("labels/letters/a.txt", "one")
        work.write("masks/b.txt", "two")
    assert (elsewhere / "letters" / "a.txt").read_text() == "dear"
    assert not any(path.is_symlink() for path in (tmp_path / "out").rglob("*"))
    assert (tmp_path / "out" / "masks" / "b.txt").read_text() == "two"


def test_a_journal_that_cannot_be_read_begins_anew(tmp_path: Path) -> None:
    partial = tmp_path / ".out.partial"
    partial.mkdir()
    for content in (b"\xff\xfe\x00", b"[" * 50_000 + b"\n", b'{"digest": 1, "files": [], "record": []}\n'):
        (partial / ".finished.jsonl").write_bytes(content)
        work = Staging(tmp_path / "out")
        work.begin()
        assert work.finished("1") is None
        assert names(partial) == []


def test_a_disk_that_is_full_at_the_very_end_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with (
        pytest.raises(EnvironmentFault, match=r"No space left on device; make room"),
        staging(tmp_path / "out") as work,
    ):
        work.write("a.txt", "text")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="made once and never changed"):
        filled_beside(tmp_path / "out")
    assert names(tmp_path) == ["out"]
    with pytest.raises(RefusedError, match="exists"), staging(tmp_path / "out"):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(EnvironmentFault, match=r"cannot be written to .*; make room"), staging(tmp_path / "file/out"):
        pass


def test_a_second_release_to_the_same_place_is_told_and_disturbs_nothing(tmp_path: Path) -> None:
    with staging(tmp_path / "out") as first:
        first.write("a.txt", "one")
        with pytest.raises(ConflictError, match=r"Another release to .*out is being made; wait"):
            fill(tmp_path / "out", "two")
        fill(tmp_path / "other", "two")
        first.write("b.txt", "one")
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == {"a.txt": "one", "b.txt": "one"}
    assert names(tmp_path) == ["other", "out"]


def test_a_release_that_was_finished_while_another_waited_for_its_turn_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one has looked whether the place is free, and takes its turn when the first is done."""
    turn = staging_module._turn

    def late(work: Staging) -> AbstractContextManager[None]:
        monkeypatch.setattr(staging_module, "_turn", turn)
        fill(tmp_path / "out", "first")
        return turn(work)

    monkeypatch.setattr(staging_module, "_turn", late)
    with pytest.raises(RefusedError, match="exists"):
        fill(tmp_path / "out", "second")
    assert (tmp_path / "out" / "a.txt").read_text() == "first"
    assert names(tmp_path) == ["out"]


HOLD = """
import sys
from pathlib import Path
from export.staging import staging
with staging(Path(sys.argv[1])) as work:
    work.write("a.txt", "half of it")
    print("here", flush=True)
    sys.stdin.read()
"""


def test_what_another_program_makes_is_not_touched_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "out")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        with pytest.raises(ConflictError, match="is being made"):
            fill(tmp_path / "out", "mine")
        assert (tmp_path / ".out.partial" / "a.txt").read_text() == "half of it"
        other.kill()
    fill(tmp_path / "out", "mine")
    assert (tmp_path / "out" / "a.txt").read_text() == "mine"
    assert names(tmp_path) == ["out"]
