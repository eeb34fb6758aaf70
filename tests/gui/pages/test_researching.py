"""A researcher's pages: query masks, opening a group, disputes, dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, Verdict
from annotator.domain.raster import mask_of
from annotator.domain.shapes import OccluderKind, Role, Shape
from annotator.project.opening import open_project
from annotator.ui import wording

KEY = PairKey(0, "hall_1")


@pytest.fixture
def disputed(open_folder: Path, town: Any) -> Path:
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
        town.hand(project, "hall_1", "Jonas", Verdict.REFINED, town.drawn(6.0))
        town.hand(project, "hall_1", "Amara", Verdict.ESCALATED)
    return open_folder


def test_researcher_draws_approves_and_opens(folder: Path, town: Any) -> None:
    window = town.open(folder, "Lena")
    view = window.view
    assert view.mode == "queries"
    page = view.page("queries")
    canvas = page.bench.canvas
    assert canvas.layers.query_box == (30.0, 20.0, 120.0, 100.0)
    assert not page.column.open.isEnabled()
    town.outline(canvas, Qt.Key.Key_P, *town.block)
    inside = page.column.findChild(QLabel, "query-mask.inside")
    assert inside is not None
    town.qtbot.waitUntil(lambda: inside.text() == "100.0 %")
    town.press(canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.column.approve.isVisible()
    town.click(page.column.approve)
    assert page.column.open.isEnabled()
    note = page.column.findChild(QPlainTextEdit, "group-note.text")
    assert note is not None
    town.qtbot.keyClicks(note, "The hall without its wings.")
    town.click(page.column.open)
    town.settled(window)
    with open_project(folder) as project:
        record = project.store.group_records()[0]
        assert record.opened_by == "Lena"
        assert record.note == "The hall without its wings."
        assert project.store.pair(KEY).state is PairState.OPEN


def test_query_masks_are_saved_on_the_way_to_the_next(folder: Path, town: Any) -> None:
    window = town.open(folder, "Lena")
    page = window.view.page("queries")
    town.outline(page.bench.canvas, Qt.Key.Key_P, *town.block)
    town.press(page.bench.canvas, Qt.Key.Key_D)
    town.settled(window)
    assert page.opened_query is not None
    assert page.opened_query.record.number == 1
    with open_project(folder) as project:
        assert project.store.query_records()[0].drawn_by == "Lena"


def test_annotators_have_no_queries_page(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    assert window.view.modes == ("pairs", "remarks", "dashboard")
    town.press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.view.mode == "pairs"


def test_dispute_is_settled_with_a_pass_and_a_reason(disputed: Path, town: Any) -> None:
    window = town.open(disputed, "Lena")
    town.press(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    page = window.view.page("disputes")
    assert page.open_key == KEY
    assert not page.settle_button.isEnabled()
    town.press(page.view, Qt.Key.Key_2)
    assert page.settle_button.words == "Settle with pass 2"
    town.click(page.settle_button)
    assert window.view.status.sentence.startswith("A decision needs a reason")
    town.qtbot.keyClicks(page.reason, "Pass 2 shows all of it.")
    town.click(page.settle_button)
    assert page.open_key is None
    with open_project(disputed) as project:
        pair = project.store.pair(KEY)
        assert pair.state is PairState.DONE
        assert pair.standing is not None
        assert project.store.revision(pair.standing) == town.drawn(6.0)


def test_merged_mask_is_what_most_passes_hold(disputed: Path, town: Any) -> None:
    window = town.open(disputed, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    page = window.view.page("disputes")
    town.press(page.view, Qt.Key.Key_G)
    town.settled(window)
    session = page.bench.canvas.session
    assert session is not None
    # Passes 2 and 3 hold the moved block, pass 1 the other one: two of three is the moved one.
    assert (mask_of(session.annotation) == mask_of(town.drawn(6.0))).all()
    assert page.settle_button.words == "Settle with the merged mask"


def test_stopped_pass_can_be_sent_back(disputed: Path, town: Any) -> None:
    window = town.open(disputed, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    page = window.view.page("disputes")
    town.qtbot.keyClicks(page.reason, "It is the hall; go on.")
    town.click(page.findChild(QPushButton, "dispute.again"))
    with open_project(disputed) as project:
        assert project.store.pair(KEY).state is PairState.AFTER_2


def test_dashboard_counts_and_opens_a_group(disputed: Path, town: Any) -> None:
    window = town.open(disputed, "Lena")
    window.view.show_mode("dashboard")
    town.settled(window)
    page = window.view.page("dashboard")
    texts = {name: page.findChild(QLabel, f"dashboard.{name}").text() for name in ("done", "stopped")}
    assert texts == {"done": "0", "stopped": "1"}
    model = page.table.model()
    assert [model.index(0, column).data() for column in (0, 2, 8)] == ["g00", "4", "1"]
    page.table.setCurrentIndex(model.index(0, 0))
    town.press(page.table, Qt.Key.Key_Return)
    town.settled(window)
    assert window.view.mode == "pairs"
    assert window.view.page("pairs").open_key == PairKey(0, "hall_2")


def test_dispute_shows_the_rules_and_measures_what_is_contested(open_folder: Path, town: Any) -> None:
    tree = Shape("9", Role.OCCLUDER, polygon([(50, 40), (70, 40), (70, 60), (50, 60)]), OccluderKind.VEGETATION)
    with open_project(open_folder) as project:
        town.hand(project, "hall_2", "Mei", Verdict.SUBMITTED)
        town.hand(project, "hall_2", "Jonas", Verdict.REFINED, town.drawn(0.0, tree))
        town.hand(project, "hall_2", "Amara", Verdict.ESCALATED, town.drawn())
    window = town.open(open_folder, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    page = window.view.page("disputes")
    texts = [label.text() for label in page.rules.findChildren(QLabel) if label.isVisible()]
    assert "Occluder 1" in texts
    # 21 x 21 pixels of a block of 71 x 61.
    assert wording.percent(441 / 4331) in texts
    assert any(text.startswith("By the limits it is cut out") for text in texts)
    assert [text for text in texts if text in ("1", "2", "3", "4", "5")] == ["1", "3", "4"]
