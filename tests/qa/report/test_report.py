from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from annotator.domain.errors import EnvironmentFault
from annotator.project import Project
from qa.check_run import run_checks
from qa.dashboard import dashboard
from qa.report.json_form import plain, report_data
from qa.report.write import write_contact_sheets, write_report
from qa.simulation.demo_project import Demo, finish_demo

VOID = {"meta", "img", "br", "path", "rect", "circle"}


class Balanced(HTMLParser):
    """Every element is closed, and all attributes are collected."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(path: Path) -> Balanced:
    page = Balanced()
    page.feed(path.read_text(encoding="utf-8"))
    assert page.open == []
    return page


def test_the_page_is_whole_and_needs_no_network(demo: Demo, tmp_path: Path) -> None:
    run_checks(demo.project)
    told: list[tuple[int, int]] = []
    board = dashboard(demo.project)
    out = write_report(demo.project, board, tmp_path / "new" / "r.html", lambda done, of: told.append((done, of)))
    page = read(out)
    assert told[-1] == (len(told), len(told))
    for name, value in page.attributes:
        assert not (name in ("src", "href") and not value.startswith("data:image/jpeg;base64,"))
    source = out.read_text(encoding="utf-8")
    assert not re.search(r"https?://|url\((?!#)|@import|<script", source)
    words = " ".join(page.text)
    for expected in ("Query groups", "g00", "Mei", "occluder left in", "Disputes", "g01:museum", "behind the tree"):
        assert expected in words
    assert "nan" not in words.lower().split()
    assert [path.name for path in out.parent.iterdir()] == ["r.html"]


def test_a_finished_project_and_an_empty_one_have_a_page(demo: Demo, tmp_path: Path) -> None:
    finish_demo(demo)
    page = read(write_report(demo.project, dashboard(demo.project), tmp_path / "done.html"))
    assert "No pair waits for a researcher." in " ".join(page.text)


def test_a_project_without_work_says_what_is_next(project: Project, tmp_path: Path) -> None:
    words = " ".join(read(write_report(project, dashboard(project), tmp_path / "empty.html")).text)
    for expected in ("No pair is done yet.", "No pass was returned.", "annotator check", "No pair has two passes yet."):
        assert expected in words


def test_the_page_says_who_should_not_see_its_masks(demo: Demo, tmp_path: Path) -> None:
    """A page cannot be sealed for one of its readers."""
    board = replace(dashboard(demo.project), blind_left=1)
    words = "masks of 1 pair that is still to be drawn blind: keep it from who may draw them"
    assert words in " ".join(read(write_report(demo.project, board, tmp_path / "r.html")).text)
    all_drawn = read(write_report(demo.project, replace(board, blind_left=0), tmp_path / "r.html"))
    assert "still to be drawn blind" not in " ".join(all_drawn.text)


def test_names_and_notes_are_escaped(demo: Demo, tmp_path: Path) -> None:
    demo.project.store.set_note(0, '<img src=x onerror="alert(1)"> & more', "Lena")
    out = write_report(demo.project, dashboard(demo.project), tmp_path / "r.html")
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; more" in out.read_text(encoding="utf-8")
    read(out)


def test_the_json_form_has_every_number_and_no_nan(demo: Demo) -> None:
    board = dashboard(demo.project)
    data = report_data(board)
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text) == data
    assert data["standing"]["pairs"] == board.standing.pairs
    assert [row["group"] for row in data["groups"]] == ["g00", "g01"]
    assert data["agreement"]["iou"]["low"] <= data["agreement"]["iou"]["mean"]
    assert set(data["agreement"]["groups"]) == {"g00", "g01"}
    assert data["disputes"][0]["key"].startswith("g01:")
    assert data["agreement"]["groups"]["g01"]["low"] is None  # one pair has no spread


def test_plain_knows_what_json_has() -> None:
    assert plain({1: (float("inf"), 0.12345678, None, True)}) == {"1": [None, 0.123457, None, True]}


def test_contact_sheets_of_groups_with_masks(demo: Demo, tmp_path: Path) -> None:
    written = write_contact_sheets(demo.project, tmp_path / "sheets")
    assert [path.name for path in written] == ["g00.jpg", "g01.jpg"]
    assert all(path.read_bytes().startswith(b"\xff\xd8") for path in written)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentFault, match=r"cannot be written .* choose another place"):
        write_report(demo.project, dashboard(demo.project), tmp_path / "file" / "r.html")
