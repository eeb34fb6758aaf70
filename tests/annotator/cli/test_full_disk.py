"""Commands as processes where the disk, the terminal or a name is not as usual: one sentence, and nothing half-written.

A disk without room is a limit on the size of files, under which the system refuses to write as it does on a full one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.app import run
from annotator.project import open_project

resource = pytest.importorskip("resource", reason="this system has no limits on files")
REPOSITORY = Path(__file__).resolve().parents[3]
Start = Callable[..., subprocess.CompletedProcess[str]]
ODD = os.fsdecode(b"caf\xe9")
"""A name in the encoding of another system; its last byte is no UTF-8."""


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Runs `annotator ARGUMENTS` as a process; `room` is what one file may have in bytes."""

    def command(
        *arguments: object, room: int | None = None, encoding: str = "utf-8", **more: Any
    ) -> subprocess.CompletedProcess[str]:
        def limit() -> None:
            if room is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(REPOSITORY)}
        environment |= {"XDG_STATE_HOME": str(tmp_path / "state"), "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            [sys.executable, "-m", "annotator", *map(str, arguments)],
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            text=True,
            errors="surrogateescape",
            cwd=tmp_path,
            env=environment,
            preexec_fn=limit,
            check=False,
            **more,
        )

    return command


def one_sentence(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1, done
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("annotator: ")
    assert "fault of the program" not in done.stderr
    assert words in done.stderr


@pytest.mark.parametrize(
    ("room", "words"),
    [(100, "cannot be written (File too large); make room"), (30_000, "does not take what is written")],
)
def test_a_project_that_the_disk_does_not_take_leaves_nothing(start: Start, town: Any, room: int, words: str) -> None:
    before = sorted(town.folder.iterdir())
    arguments = ("init", town.project, "--ground-truth", town.ground_truth, "--images", town.images)
    one_sentence(start(*arguments, room=room), words)
    assert sorted(town.folder.iterdir()) == before


def test_a_pass_that_the_disk_does_not_take_is_not_there_and_can_be_given_again(
    start: Start, cli: Any, project: Any
) -> None:
    before = project.state()
    pair = ("--pair", "g00:gate", "--pass", 1, "--as", "Ann", "--labels", project.label("gate"))
    one_sentence(start("submit", project.project, *pair, room=20_000), "nothing was lost")
    assert project.state() == before
    assert cli("submit", project.project, *pair).code == 0
    assert cli("verify", project.project).code == 0


def test_results_that_the_disk_does_not_take_leave_no_half_file(start: Start, cli: Any, project: Any) -> None:
    for number, person in enumerate(("Ann", "Ben", "Cem"), start=1):
        pair = ("--pair", "g00:gate", "--pass", number, "--as", person)
        cli("submit", project.project, *pair, "--labels", project.label("gate"))
    out, results = project.folder / "out", project.folder / "results"
    assert cli("release", project.project, out, "--allow-incomplete", "--workers", 1).code == 0
    proposer = ("--proposer", "hull", "--workers", 1)
    one_sentence(
        start("predict", out, "--images", project.images, "--out", results, *proposer, room=200), "cannot be written"
    )
    assert [path for path in results.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_an_output_that_nobody_takes_is_no_fault_of_the_program(start: Start, project: Any) -> None:
    with Path("/dev/full").open("w") as full:
        done = start("status", project.project, "--json", stdout=full)
    one_sentence(done, "The output cannot be used (No space left on device); make room or write elsewhere.")


def test_without_an_output_a_command_does_its_work(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under a service that gives its programs no streams."""
    monkeypatch.setattr(sys, "stdout", None)
    arguments = ["import", str(project.project), str(project.label("gate")), "--as", "Rosa", "--json"]
    assert run(arguments, None) == 0  # type: ignore[arg-type]  # no window is asked for
    with open_project(project.project) as opened:
        assert opened.store.pairs(0)[0].latest_revision is not None


def test_names_that_the_terminal_cannot_show_are_written_with_escapes(start: Start, project: Any) -> None:
    folder = project.folder / f"labels of {ODD}"
    folder.mkdir()
    (folder / f"{ODD}.json").write_text("{", encoding="utf-8")
    project.label("gate").rename(folder / "gate.json")
    told = start("import", project.project, folder, "--as", "Rosa", encoding="utf-8:strict")
    assert (told.returncode, told.stderr) == (0, "")
    assert "caf\\udce9.json: this is no JSON" in told.stdout
    again = start("import", project.project, folder, "--as", "Rosa", "--json", encoding="utf-8:strict")
    assert again.returncode == 0
    assert json.loads(again.stdout)["skipped"][0].startswith(str(folder / f"{ODD}.json"))


def test_letters_of_every_script_stay_json_on_a_plain_terminal(start: Start, project: Any) -> None:
    pair = ("--pair", "g00:gate", "--pass", 1, "--as", "Zoë 美玲", "--labels", project.label("gate"))
    done = start("submit", project.project, *pair, "--json", encoding="ascii:strict")
    assert json.loads(done.stdout)["by"] == "Zoë 美玲"


@pytest.mark.parametrize("which", ["project", "images", "opened"])
def test_a_folder_whose_name_is_no_utf8_is_refused_and_left_as_it_was(
    cli: Any, town: Any, project: Any, which: str
) -> None:
    odd = town.folder / ODD
    images = town.images.rename(odd) if which == "images" else town.images
    if which == "opened":
        project.project.rename(odd)
        arguments: tuple[object, ...] = ("status", odd)
    else:
        made = odd if which == "project" else town.folder / "New"
        arguments = ("init", made, "--ground-truth", town.ground_truth, "--images", images)
    before = sorted(town.folder.rglob("*"))
    cli(*arguments).refused("holds bytes that are no UTF-8; give it another name.")
    assert sorted(town.folder.rglob("*")) == before


@pytest.mark.parametrize("option", ["--as", "--pair", "--reason"])
def test_arguments_that_are_no_utf8_are_one_sentence(cli: Any, project: Any, option: str) -> None:
    before = project.state()
    values = {"--pair": "g00:gate", "--pass": 1, "--as": "Nora", "--verdict": "escalated", "--reason": "which one?"}
    values[option] = f"g00:{ODD}" if option == "--pair" else ODD
    words = "1 to 100 letters" if option == "--as" else "holds a sign that is no text"
    cli("submit", project.project, *(word for pair in values.items() for word in pair)).refused(words)
    assert project.state() == before
