"""A file that is replaced is seen whole or as it was, and nothing is left beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.processes.whole_file import whole_file

REPOSITORY = Path(__file__).resolve().parents[3]


def replace(path: Path, *parts: bytes, lasting: bool = False) -> None:
    with whole_file(path, lasting) as file:
        for part in parts:
            file.write(part)


def ended_by(path: Path, error: BaseException) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise error


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as file:
        file.write(b"one")
        assert not path.exists()
    replace(path, b"two", b" and three")
    assert path.read_bytes() == b"two and three"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_whatever_ends_the_writing_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(type(error)):
        ended_by(path, error)
    assert list(tmp_path.iterdir()) == []
    replace(path, b"before")
    with pytest.raises(type(error)):
        ended_by(path, error)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_program_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    replace(path, b"before")
    script = (
        "import os, signal, sys; from pathlib import Path; from annotator.processes.whole_file import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, path], env=os.environ | {"PYTHONPATH": str(REPOSITORY)})
    assert path.read_bytes() == b"before"
    replace(path, b"after")
    assert path.read_bytes() == b"after"


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    replace(path, b"text")
    assert path.read_bytes() == b"text"


def test_a_place_that_takes_no_file_is_the_systems_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotADirectoryError):
        replace(tmp_path / "file" / "a.txt", b"text")
    with pytest.raises(FileNotFoundError):
        replace(tmp_path / "none" / "a.txt", b"text")
    with pytest.raises(IsADirectoryError):
        replace(tmp_path / "folder", b"text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_what_is_to_last_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, steps = tmp_path / "a.txt", []
    monkeypatch.setattr(os, "fsync", lambda handle: steps.append((os.fstat(handle).st_size, path.exists())))
    replace(path, b"text")
    assert steps == []
    path.unlink()
    replace(path, b"text", lasting=True)
    assert steps == [(4, False)]
