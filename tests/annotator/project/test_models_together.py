"""Several programs that change models.toml at the same time: none loses what another wrote."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import ConflictError, EnvironmentFault
from annotator.premask.models.files import ModelKind
from annotator.processes.alone import alone
from annotator.project import models
from annotator.project.model_records import read_records
from annotator.project.models import model_records, register_model, remove_model

EACH = 6
"""Models that each process adds, one after the other; every second one is removed again."""

WORK = f"""
import sys
from pathlib import Path
from annotator.premask.models.files import ModelKind
from annotator.project.models import register_model, remove_model
folder, who = Path(sys.argv[1]), sys.argv[2]
print("here", flush=True)
sys.stdin.read()
for number in range({EACH}):
    files = (folder.parent / "model.onnx",)
    register_model(folder, f"{{who}}{{number}}", ModelKind.LOCAL_FEATURES, files, "MIT", "Lena")
    if number % 2:
        remove_model(folder, f"{{who}}{{number}}", who)
"""

HOLD = """
import sys
from pathlib import Path
from annotator.processes.alone import alone
with alone(Path(sys.argv[1]), 1):
    print("here", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "P"
    made.mkdir()
    (tmp_path / "model.onnx").write_bytes(b"weights")
    return made


def add(folder: Path, name: str) -> None:
    register_model(folder, name, ModelKind.LOCAL_FEATURES, (folder.parent / "model.onnx",), "MIT", "Lena")


@contextmanager
def program(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A running Python of its own that has said its first line."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "here\n"
        yield running


def test_processes_that_add_and_remove_at_once_lose_nothing(folder: Path) -> None:
    with program(WORK, folder, "a") as a, program(WORK, folder, "b") as b, program(WORK, folder, "c") as c:
        for one in (a, b, c):
            assert one.stdin is not None
            one.stdin.close()
        assert [one.wait() for one in (a, b, c)] == [0, 0, 0]
    left = {f"{who}{number}" for who in "abc" for number in range(0, EACH, 2)}
    assert {record.name for record in model_records(folder)} == left
    assert {one.name for one in read_records(folder).removed} == {f"{w}{n}" for w in "abc" for n in range(1, EACH, 2)}
    assert {path.name for path in (folder / "models").iterdir()} == {f"{name}.onnx" for name in left}


def test_what_another_program_added_meanwhile_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one writes between this one's first look and its turn."""
    checked = models.check_name

    def interrupted(*given: object) -> tuple[str, ...]:
        monkeypatch.setattr(models, "check_name", checked)
        sums = checked(*given)  # type: ignore[arg-type]
        add(folder, "other")
        return sums

    monkeypatch.setattr(models, "check_name", interrupted)
    add(folder, "mine")
    assert [record.name for record in model_records(folder)] == ["other", "mine"]


def test_whoever_waits_too_long_is_told_and_a_killed_program_holds_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder, "mine")
    monkeypatch.setattr(models, "PATIENCE", 0.0)
    with program(HOLD, folder / "models.toml") as holder:
        with pytest.raises(ConflictError, match=r"models\.toml: another program is changing it; try again"):
            add(folder, "other")
        with pytest.raises(ConflictError, match="another program"):
            remove_model(folder, "mine", "Lena")
        assert [record.name for record in model_records(folder)] == ["mine"]
        holder.kill()
    add(folder, "other")
    assert [record.name for record in model_records(folder)] == ["mine", "other"]


def test_an_error_inside_gives_the_lock_back(folder: Path) -> None:
    path = folder / "models.toml"
    for patience in (0, 1):
        with pytest.raises(ZeroDivisionError), alone(path, patience):
            raise ZeroDivisionError
        assert path.with_name("models.toml.lock").exists() == bool(patience)
    with alone(path, 0):
        assert path.with_name("models.toml.lock").read_bytes() == b""


def test_a_lock_that_is_none_is_told(folder: Path) -> None:
    (folder / "models.toml.lock").write_bytes(b"something else entirely" * 100)
    with pytest.raises(EnvironmentFault, match=r"models\.toml\.lock: it is no lock .* remove it"):
        add(folder, "mine")
    with pytest.raises(EnvironmentFault, match="nothing can be written there"), alone(folder / "none" / "x", 0):
        pass


def test_a_lock_that_is_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "models.toml.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EnvironmentFault, match=r"models\.toml\.lock is a link, .* remove it"):
        add(folder, "mine")
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_that_goes_with_its_holder_is_not_shared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This program has opened the file when its holder takes it away, and locks what nobody else can see."""
    lock = folder / "x.lock"
    opened = sqlite3.connect

    def left_just_now(*given: Any, **named: Any) -> Any:
        connection = opened(*given, **named)
        lock.unlink()
        return connection

    monkeypatch.setattr(sqlite3, "connect", left_just_now)
    with pytest.raises(ConflictError, match="another program is changing it"), alone(folder / "x", 0):
        pass
    assert not lock.exists()
