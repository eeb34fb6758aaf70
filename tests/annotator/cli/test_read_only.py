"""A project on a medium that is read alone: what only reads works there, what writes says why it does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from export.verify import verify_release
from qa.simulation.demo_project import Demo

REPOSITORY = Path(__file__).resolve().parents[3]
PLAIN = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Root without its right to write everywhere."""

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(demo: Demo) -> Iterator[Path]:
    """A project in which nobody may write."""
    demo.project.close()
    every = [demo.project.folder, *demo.project.folder.rglob("*")]
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield demo.project.folder
    for path in every:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Runs `annotator ARGUMENTS` as somebody whom permissions bind."""
    ahead: tuple[str, ...] = ()
    if not hasattr(os, "getuid"):
        pytest.skip("this system has no such permissions")
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and nothing here gives that up")
        ahead = PLAIN

    def go(*arguments: object) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "XDG_STATE_HOME": str(tmp_path / "state")}
        return subprocess.run(
            [*ahead, sys.executable, "-m", "annotator", *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment | {"OMP_NUM_THREADS": "1"},
        )

    return go


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_commands_that_read_work_and_leave_nothing(folder: Path, command: Command, tmp_path: Path) -> None:
    before = contents(folder)
    page, out = tmp_path / "page.html", tmp_path / "release"
    assert '"pairs": 12' in command("status", folder, "--json").stdout
    assert "pairs checked: 0 errors" in command("check", folder).stdout
    assert command("verify", folder).stdout == f"{folder}: everything is in order.\n"
    assert command("report", folder, page).returncode == 0
    assert page.is_file()
    assert command("release", folder, out, "--allow-incomplete", "--workers", 1).returncode == 0
    assert verify_release(out) == []
    assert contents(folder) == before


def test_commands_that_write_say_what_is_missing(folder: Path, command: Command, tmp_path: Path) -> None:
    before = contents(folder)
    pair = ("--pair", "g00:gate_000010", "--pass", 1, "--as", "Mei", "--labels", tmp_path / "none.json")
    for given in (("premask", folder), ("import", folder, tmp_path, "--as", "Mei"), ("submit", folder, *pair)):
        done = command(*given)
        assert done.returncode == 1
        assert done.stderr == (
            f"annotator: {folder / 'project.sqlite'}: it may not be written; get the right to write there, or open a "
            "copy of the project.\n"
        )
    refused = command("report", folder)
    assert (
        refused.stderr
        == f"annotator: {folder / 'report.html'}: cannot be written (Permission denied); choose another place.\n"
    )
    assert contents(folder) == before
