"""Remarks that annotators pinned on a query, where a researcher mends its mask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Ring, as_points
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.project.opening import open_project

FIRST, SECOND = PairKey(0, "hall_1"), PairKey(0, "hall_2")
REGION = Ring(as_points([(60.0, 40.0), (90.0, 40.0), (90.0, 70.0)]))


@pytest.fixture
def remarked(two_queries: Path) -> Path:
    """Two threads on query 0 from two pairs, one on query 1, one on an index image."""
    with open_project(two_queries) as project:
        store = project.store
        store.add_remark(FIRST, pinned(50.0, 35.0, query=0), "Mei", "Is the chimney part of it?")
        store.add_remark(SECOND, RemarkPlace(region=REGION, query=0), "Jonas", "The door is left out here.")
        store.add_remark(SECOND, pinned(45.0, 35.0, query=1), "Jonas", "Another tower.")
        store.add_remark(FIRST, pinned(20.0, 20.0), "Mei", "On the index image.")
    return two_queries


def on_query(town: Any, folder: Path, number: int = 0) -> tuple[Any, Any]:
    window = town.open(folder, "Lena")
    window.view.show_mode("queries")
    page = window.view.page("queries")
    town.settled(window)
    page.open_query_now(number)
    town.settled(window)
    return window, page


def listed(page: Any) -> list[tuple[str, str]]:
    return [(view.lines[0].text, view.where) for view in page.column.remarks.views]


def test_the_page_of_a_query_shows_its_remarks_with_their_pairs(remarked: Path, town: Any) -> None:
    window, page = on_query(town, remarked)
    assert listed(page) == [("Is the chimney part of it?", "hall_1"), ("The door is left out here.", "hall_2")]
    pins = page.bench.canvas.layers.remarks
    assert [(pin.place, pin.number) for pin in pins] == [((50.0, 35.0), 1), ((60.0, 40.0), 2)]
    assert pins[1].region == REGION
    town.press(page.bench.canvas, Qt.Key.Key_D)
    town.settled(window)
    assert page.opened_query.record.number == 1
    assert listed(page) == [("Another tower.", "hall_2")]
    assert len(page.bench.canvas.layers.remarks) == 1


def test_without_remarks_the_page_shows_none(two_queries: Path, town: Any) -> None:
    _window, page = on_query(town, two_queries)
    assert page.column.remarks.isHidden()
    assert page.bench.canvas.layers.remarks == ()


def test_a_click_on_a_pin_unfolds_its_thread_and_a_click_on_the_row_goes_to_the_place(
    remarked: Path, town: Any
) -> None:
    _window, page = on_query(town, remarked)
    canvas, panel = page.bench.canvas, page.column.remarks
    town.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=town.spot(canvas, 50.0, 35.0))
    assert panel.unfolded == canvas.layers.remarks[0].id
    assert canvas.layers.remarks[0].marked
    scale = canvas.view.scale
    town.click(panel.findChild(QWidget, "remarks.1"))
    assert panel.unfolded == canvas.layers.remarks[1].id
    assert canvas.layers.remarks[1].marked
    assert canvas.view.scale != scale
    middle = canvas.view.to_widget((75.0, 55.0))  # of the region's box
    assert abs(middle[0] - canvas.width() / 2) <= 2
    assert abs(middle[1] - canvas.height() / 2) <= 2


def test_an_answer_goes_to_the_pair_and_a_settled_thread_stays_hollow(remarked: Path, town: Any) -> None:
    window, page = on_query(town, remarked)
    panel = page.column.remarks
    town.click(panel.findChild(QWidget, "remarks.1"))
    reply = panel.findChild(QLineEdit, "remarks.reply")
    town.qtbot.keyClicks(reply, "It belongs to it; mended.")
    town.press(reply, Qt.Key.Key_Return)
    with open_project(remarked) as project:
        said = [(one.pair, one.person, one.text) for one in project.store.remarks(SECOND) if one.parent is not None]
    assert said == [(SECOND, "Lena", "It belongs to it; mended.")]
    town.click(panel.findChild(QPushButton, "remarks.settle"))
    assert [view.settled for view in panel.views] == [False, True]
    assert [pin.open for pin in page.bench.canvas.layers.remarks] == [True, False]
    detail = window.findChild(QLabel, "remarks.detail")
    assert detail is not None
    assert panel.detail == "1 open"
    with open_project(remarked) as project:
        assert {one.text for one in project.store.open_remarks(0)} == {
            "Is the chimney part of it?", "Another tower.", "On the index image."
        }  # fmt: skip


def test_drawing_goes_on_with_the_pins_in_sight(remarked: Path, town: Any) -> None:
    _window, page = on_query(town, remarked)
    canvas = page.bench.canvas
    before = len(canvas.session.annotation.shapes)
    town.outline(canvas, Qt.Key.Key_P, (5, 5), (25, 5), (25, 20))
    assert len(canvas.session.annotation.shapes) == before + 1
    assert len(canvas.layers.remarks) == 2


def test_the_key_of_remarks_says_that_they_are_not_written_here(remarked: Path, town: Any) -> None:
    window, page = on_query(town, remarked)
    town.press(page.bench.canvas, Qt.Key.Key_W)
    assert page.bench.canvas.tool.name != "remark"
    assert window.view.status.sentence == "Remark is not offered on this page."


def test_pairs_that_the_researcher_may_still_draw_blind_keep_their_remarks(remarked: Path, town: Any) -> None:
    rules = remarked / "rules.toml"
    text = rules.read_text(encoding="utf-8").replace("blind_share = 0.0", "blind_share = 1.0")
    rules.write_text(text, encoding="utf-8")
    _window, page = on_query(town, remarked)
    with open_project(remarked) as project:
        assert project.store.sightings("Lena") == {SECOND}  # the window showed it before the queries
    assert listed(page) == [("The door is left out here.", "hall_2")]
    assert len(page.bench.canvas.layers.remarks) == 1
