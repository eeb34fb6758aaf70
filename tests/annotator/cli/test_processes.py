"""Commands as processes beside each other and behind pipes: what others see of them, and what they leave."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.project import open_project
from export.verify import verify_release
from qa.simulation.demo_project import Demo

REPOSITORY = Path(__file__).resolve().parents[3]
Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started(tmp_path: Path) -> Started:
    """Starts `annotator ARGUMENTS` and goes on."""

    def command(*arguments: object) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "XDG_STATE_HOME": str(tmp_path / "state")}
        return subprocess.Popen(
            [sys.executable, "-m", "annotator", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment | {"OMP_NUM_THREADS": "1"},
        )

    return command


def test_of_two_who_submit_the_same_pass_at_once_one_is_told(started: Started, project: Any) -> None:
    people = ("Ann", "Ben")
    pair = ("--pair", "g00:gate", "--pass", 1, "--labels", project.label("gate"))
    running = [started("submit", project.project, *pair, "--as", person) for person in people]
    told = [process.communicate(timeout=120) for process in running]
    assert sorted(process.returncode for process in running) == [0, 1]
    refused = next(err for process, (_, err) in zip(running, told, strict=True) if process.returncode)
    assert refused.startswith("annotator: ")
    assert refused.count("\n") == 1
    assert "fault of the program" not in refused
    with open_project(project.project) as opened:
        winner = people[[process.returncode for process in running].index(0)]
        assert [head.person for head in opened.store.all_passes()] == [winner]
        pair_now = opened.store.pair(PairKey(0, "gate"))
        assert (pair_now.state, pair_now.seats, pair_now.lease) == (PairState.AFTER_1, (winner, None, None), None)
        assert {person.name for person in opened.store.people()} == {"Rosa", winner}
        assert opened.store.verify_chain() == []


def test_of_two_who_release_to_the_same_place_at_once_one_is_told(started: Started, demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "there" / "release"
    running = [started("release", demo.project.folder, out, "--allow-incomplete", "--workers", 1) for _ in range(2)]
    told = [process.communicate(timeout=240) for process in running]
    assert sorted(process.returncode for process in running) == [0, 1]
    refused = next(err for process, (_, err) in zip(running, told, strict=True) if process.returncode)
    assert refused.startswith("annotator: ")
    assert refused.count("\n") == 1
    assert "is being made" in refused or "exists" in refused
    assert verify_release(out) == []
    assert [path.name for path in out.parent.iterdir()] == ["release"]


def test_who_reads_the_beginning_alone_gets_no_traceback(started: Started, project: Any) -> None:
    """As `annotator status | head` does."""
    with started("status", project.project, "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=120) in (0, 1)


def test_a_project_is_looked_at_while_somebody_works_in_it(started: Started, project: Any) -> None:
    with open_project(project.project) as opened, opened.store.database.write():
        process = started("status", project.project)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert "query groups" in out
