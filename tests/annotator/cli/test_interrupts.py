"""Ctrl-C in a terminal: one sentence, nobody left at work, and the next start finds all in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.app import run
from annotator.cli.surroundings import Surroundings
from export.verify import verify_release
from qa.simulation.demo_project import Demo

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")

REPOSITORY = Path(__file__).resolve().parents[3]
STOPPED = "annotator: Stopped; what was finished is kept, and nothing is half-written.\n"
A_PROCESS_STARTS = "multiprocessing.process:BaseProcess.start"

PROGRAM = """
import importlib, os, signal, sys
from annotator.__main__ import main
from export import parallel

module, name, count = sys.argv.pop(1).split(":")
*outer, name = name.split(".")
place = importlib.import_module(module)
for part in outer:
    place = getattr(place, part)
function, left = getattr(place, name), int(count)

def interrupted(*given, **named):
    global left
    left -= 1
    result = function(*given, **named)
    if not left:
        os.killpg(0, signal.SIGINT)
    return result

setattr(place, name, interrupted)
parallel.FEW = parallel.CHUNK = 1
sys.exit(main())
"""
"""The program, at which somebody presses Ctrl-C after the n-th call of a function; small work goes to processes too."""

STARTING = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:
    os.killpg(0, signal.SIGINT)
"""
"""Loaded by every Python that starts (sitecustomize): Ctrl-C while a process of the program is loading its modules."""


def interrupted(folder: Path, moment: str, *arguments: object) -> tuple[int, str]:
    """Exit code and stderr of `annotator ARGUMENTS`; comes when no process of it is left that could still write."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, moment, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{REPOSITORY}", "XDG_STATE_HOME": str(folder / "state")},
        start_new_session=True,
        timeout=240,
    )
    return done.returncode, done.stderr


def test_a_command_without_processes_says_one_sentence(project: Any, tmp_path: Path) -> None:
    assert interrupted(tmp_path, "annotator.project:open_project:1", "status", project.project) == (130, STOPPED)


@pytest.mark.parametrize("command", ["premask", "release"])
def test_processes_that_are_just_starting_say_nothing(demo: Demo, tmp_path: Path, command: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(STARTING)
    more = {"premask": ["--proposer", "hull"], "release": [tmp_path / "out", "--allow-incomplete"]}[command]
    given = (command, demo.project.folder, *more, "--workers", 2)
    assert interrupted(tmp_path, "os:abort:1", *given) == (130, STOPPED)


@pytest.mark.parametrize(
    ("moment", "groups", "kept"),
    [
        (f"{A_PROCESS_STARTS}:1", ["g01"], 0),
        (f"{A_PROCESS_STARTS}:2", ["g00", "g01"], 0),  # work enough for two
        ("annotator.project.premasks:keep:1", ["g01"], 1),
    ],
)
def test_premasks_that_were_made_are_kept(
    cli: Any, demo: Demo, tmp_path: Path, moment: str, groups: list[str], kept: int
) -> None:
    only = [word for group in groups for word in ("--group", group)]
    given = ("premask", demo.project.folder, *only, "--proposer", "hull", "--workers")
    assert interrupted(tmp_path, moment, *given, 2) == (130, STOPPED)
    assert len(list((demo.project.cache / "premasks").rglob("*.json"))) == kept
    assert cli(*given, 1).code == 0


@pytest.mark.parametrize(
    "moment", [f"{A_PROCESS_STARTS}:2", "export.staging:Staging.note:3", "export.release:write_documents:1"]
)
def test_a_release_is_taken_up_again(cli: Any, demo: Demo, tmp_path: Path, moment: str) -> None:
    out = tmp_path / "releases" / "one"
    given = ("release", demo.project.folder, out, "--allow-incomplete", "--workers")
    assert interrupted(tmp_path, moment, *given, 2) == (130, STOPPED)
    assert not out.exists()
    assert cli(*given, 1).code == 0
    assert verify_release(out) == []
    assert [path.name for path in out.parent.iterdir()] == ["one"]


def test_while_pictures_are_taken_it_ends_after_the_one_under_way(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within Qt nobody would catch an interrupt: it would be printed, and all would go on."""
    steps = []

    def pictures(_project: Path, out: Path) -> Iterator[Path]:
        steps.append("first")
        signal.raise_signal(signal.SIGINT)
        steps.append("first is whole")
        yield out / "first.png"
        steps.append("second")
        yield out / "second.png"

    folder = demo.project.folder.parent
    assert run(["demo", str(folder), "--no-window"], Surroundings(lambda *_: 0, pictures)) == 130
    assert steps == ["first", "first is whole"]
    assert capsys.readouterr().err == STOPPED
