from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project import open_project
from qa.query_consensus import FILE, Contradiction, contradictions
from qa.simulation.demo_project import Demo

Cli = Callable[..., Any]


@pytest.fixture(scope="module")
def compared(demo_template: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo keeps of its query masks beside each other: to measure it takes seconds."""
    own = tmp_path_factory.mktemp("compared") / "Demo"
    shutil.copytree(demo_template[0], own)
    with open_project(own) as project:
        assert list(contradictions(project)) == []
        return project.cache / FILE


@pytest.fixture
def demo(demo: Demo, compared: Path) -> Demo:
    shutil.copy(compared, demo.project.cache)
    return demo


@pytest.fixture
def folder(demo: Demo) -> Path:
    return demo.project.folder


def test_check_reports_findings_with_their_places(cli: Cli, folder: Path) -> None:
    result = cli("check", folder, "--json")
    assert result.code == 0
    data = result.json
    assert set(data) == {"checked", "errors", "warnings", "findings"}
    assert data["warnings"] == len(data["findings"]) > 0
    tree = next(finding for finding in data["findings"] if finding["check"] == "occluder left in")
    assert set(tree) == {"pair", "check", "severity", "sentence", "x", "y", "polygon"}
    assert tree["pair"] == "g00:gate_000052"
    assert tree["severity"] == "warning"
    assert isinstance(tree["x"], float)


def test_check_for_people_and_of_one_group(cli: Cli, folder: Path) -> None:
    result = cli("check", folder)
    assert result.code == 0
    assert "warning, occluder left in: A green region" in result.out
    assert "pairs checked: 0 errors" in result.out
    other = cli("check", folder, "--group", "g01", "--json").json
    assert all(finding["pair"].startswith("g01:") for finding in other["findings"])
    assert other["checked"] < cli("check", folder, "--json").json["checked"]


def test_check_tells_query_masks_that_contradict_each_other(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Contradiction(1, (3, 4), ("museum_000009", "museum_000038"), 88, 0.5)

    def contradictions(_project: object, groups: object, advance: Callable[[int, int], None]) -> list[Contradiction]:
        advance(1, 1)
        return [found] if groups in (None, (1,)) else []

    monkeypatch.setattr("qa.query_consensus.contradictions", contradictions)
    before = cli("check", folder, "--group", "g00", "--json").json
    assert all(finding["pair"] is not None for finding in before["findings"])
    data = cli("check", folder, "--group", "g01", "--json").json
    (told,) = [finding for finding in data["findings"] if finding["pair"] is None]
    assert (told["group"], told["queries"], told["check"]) == ("g01", [3, 4], "among queries")
    assert (told["severity"], told["sentence"]) == ("warning", found.sentence)
    assert data["warnings"] == len(data["findings"])
    out = cli("check", folder).out
    assert f"g01\n  warning, among queries: {found.sentence}" in out


@pytest.mark.parametrize(("name", "words"), [("first", "names no group"), ("g77", "There is no group g77")])
def test_check_refuses_groups_that_are_none(cli: Cli, folder: Path, name: str, words: str) -> None:
    cli("check", folder, "--group", name).refused(words)


def test_strict_fails_on_errors_only(cli: Cli, demo: Demo) -> None:
    folder = demo.project.folder
    assert cli("check", folder, "--strict").code == 0
    key = next(pair.key for pair in demo.project.store.pairs() if pair.state == "open")
    nothing = Annotation(demo.project.library.size(key.image))
    _force_standing(demo, key.image, nothing)
    assert cli("check", folder).code == 0
    result = cli("check", folder, "--strict", "--json")
    assert result.code == 1
    assert result.json["errors"] == 1


def _force_standing(demo: Demo, image: str, annotation: Annotation) -> None:
    """What an older program might have let through: a standing annotation without an object."""
    from sqlalchemy import text

    key = next(pair.key for pair in demo.project.store.pairs() if pair.key.image == image)
    revision = demo.project.store.save_revision(key, annotation, "Mei")
    with demo.project.store.database.write() as connection:
        change = text("UPDATE pairs SET standing = :revision WHERE image = :image")
        connection.execute(change, {"revision": revision, "image": image})


def test_a_project_without_masks_says_so(cli: Cli, project: Any) -> None:
    result = cli("check", project.project)
    assert (result.code, result.out.strip()) == (0, "No pair has a mask yet; there is nothing to check.")


def test_report_writes_one_page_into_the_project_or_where_it_is_told(cli: Cli, folder: Path, tmp_path: Path) -> None:
    result = cli("report", folder)
    assert result.code == 0
    assert result.out.startswith(f"{folder / 'report.html'}: the report of ")
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cli("report", folder, tmp_path / "new" / "here.html").code == 0
    assert (tmp_path / "new" / "here.html").is_file()


def test_report_as_json_is_the_dashboard(cli: Cli, folder: Path, tmp_path: Path) -> None:
    result = cli("report", folder, "--json")
    assert result.code == 0
    data = result.json
    with open_project(folder) as project:
        assert data["standing"]["pairs"] == len(project.store.pairs())
    assert not (folder / "report.html").exists()
    both = cli("report", folder, tmp_path / "r.html", "--json")
    assert json.loads(both.out)["name"] == data["name"]
    assert (tmp_path / "r.html").is_file()


def test_report_draws_contact_sheets(cli: Cli, folder: Path, tmp_path: Path) -> None:
    assert cli("report", folder, "--contact-sheets", tmp_path / "sheets", "--json").code == 0
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == ["g00.jpg", "g01.jpg"]


def test_report_refuses_what_is_no_page(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("report", folder, tmp_path / "report.pdf").refused("let it end in .html")
    cli("report", tmp_path / "nowhere").refused("there is no such folder")


def test_shapes_of_a_finding_name_their_polygon(cli: Cli, demo: Demo) -> None:
    key = next(pair.key for pair in demo.project.store.pairs() if pair.state == "open")
    crossing = Shape("7", Role.OBJECT, polygon([[5, 5], [60, 60], [60, 5], [5, 60]]))
    _force_standing(demo, key.image, Annotation(demo.project.library.size(key.image), (crossing,)))
    findings = cli("check", demo.project.folder, "--json").json["findings"]
    mine = [finding for finding in findings if finding["pair"] == str(key)]
    assert [(finding["check"], finding["severity"], finding["polygon"]) for finding in mine] == [
        ("broken polygon", "error", "7")
    ]
