from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.cli.app import run
from annotator.cli.surroundings import Surroundings
from qa.simulation.demo_project import Demo


def nothing(*_given: object) -> int:
    raise AssertionError("no window is wanted")


def no_pictures(_project: Path, _out: Path) -> Iterator[Path]:
    raise AssertionError("no pictures are wanted")


def command(*arguments: object) -> int:
    return run([str(argument) for argument in arguments], Surroundings(nothing, no_pictures))


def test_number_title_names_and_pictures_are_in_the_release(demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "first"
    given = ["--allow-incomplete", "--number", "1.1", "--title", "Demo towns", "--names", "--png", "--workers", "1"]
    assert command("release", demo.project.folder, out, *given) == 0
    manifest = json.loads((out / "MANIFEST.json").read_text())
    assert (manifest["title"], manifest["version"], manifest["allow_incomplete"]) == ("Demo towns", "1.1", True)
    people = (out / "provenance" / "people.json").read_text()
    assert all(f'"{name}"' in people for name in ("Mei", "Jonas", "Amara"))
    assert list((out / "masks").rglob("*.png"))


def test_an_earlier_release_is_compared_with(demo: Demo, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert command("release", demo.project.folder, first, "--allow-incomplete", "--workers", "1") == 0
    assert (
        command("release", demo.project.folder, second, "--allow-incomplete", "--earlier", first, "--workers", "1") == 0
    )
    assert "0 masks changed" in (second / "CHANGES.md").read_text()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_any_number_of_processes_gives_the_same_release(demo: Demo, tmp_path: Path, workers: str) -> None:
    """0 takes every core, as in the other commands."""
    one, other = tmp_path / "one", tmp_path / "other"
    for out, number in ((one, "1"), (other, workers)):
        assert command("release", demo.project.folder, out, "--allow-incomplete", "--workers", number) == 0
    assert (one / "SHA256SUMS").read_bytes() == (other / "SHA256SUMS").read_bytes()


def test_an_unfinished_project_is_refused_with_one_sentence(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("release", demo.project.folder, tmp_path / "out") == 1
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert "--allow-incomplete" in said
    assert not (tmp_path / "out").exists()
