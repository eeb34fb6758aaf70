"""Passes 2 and 3 in the window: the difference, approving, refining, returning, escalating, remarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import pinned
from annotator.project.opening import open_project
from annotator.ui.pages import pair_remarks, pairs_page
from annotator.ui.pages.pairs_page import PairsPage
from annotator.ui.panels.remarks import RemarksPanel

KEY = PairKey(0, "hall_1")


@pytest.fixture
def after_1(open_folder: Path, town: Any) -> Path:
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
    return open_folder


@pytest.fixture
def after_2(after_1: Path, town: Any) -> Path:
    with open_project(after_1) as project:
        town.hand(project, "hall_1", "Jonas", Verdict.REFINED, town.drawn(5.0))
    return after_1


def inspect(town: Any, folder: Path, person: str) -> tuple[Any, PairsPage]:
    window = town.open(folder, person)
    page = window.view.page("pairs")
    page.open_key_now(KEY)
    town.settled(window)
    return window, page


def state(folder: Path) -> PairState:
    with open_project(folder) as project:
        return project.store.pair(KEY).state


def text(widget: QWidget, name: str) -> str:
    found = widget.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_pass_3_opens_on_what_pass_2_changed(after_2: Path, town: Any) -> None:
    _window, page = inspect(town, after_2, "Amara")
    # The block is 71 pixels wide and moved by 5: 66 of 76 columns stay.
    assert text(page.column, "difference.iou") == f"{66 / 76:.3f}"
    places = page.column.places.views
    assert [(place.kind, place.area) for place in places] == [("added", 5 * 61), ("removed", 5 * 61)]
    layer = page.bench.canvas.layers.difference
    assert layer is not None
    assert len(layer.places) == 2


def test_j_goes_from_place_to_place(after_2: Path, town: Any) -> None:
    _window, page = inspect(town, after_2, "Amara")
    town.press(page.bench.canvas, Qt.Key.Key_J)
    assert page.column.places.detail == "1 of 2, largest first"
    layer = page.bench.canvas.layers.difference
    assert layer is not None
    assert layer.current == 1
    town.press(page.bench.canvas, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert page.column.places.detail == "2 of 2, largest first"


def test_y_approves_unchanged(after_1: Path, town: Any) -> None:
    window, page = inspect(town, after_1, "Jonas")
    assert page.column.verdicts.finish.words == "Approve unchanged"
    town.press(page.bench.canvas, Qt.Key.Key_Y)
    town.settled(window)
    assert state(after_1) is PairState.AFTER_2


def test_edit_turns_approval_into_refinement(after_1: Path, town: Any) -> None:
    window, page = inspect(town, after_1, "Jonas")
    town.outline(page.bench.canvas, Qt.Key.Key_O, (60, 50), (90, 50), (90, 80), (60, 80))
    assert page.column.verdicts.finish.words == "Submit refined"
    town.press(page.bench.canvas, Qt.Key.Key_Y)
    assert page.open_key == KEY
    town.qtbot.waitUntil(lambda: bool(page.column.places.views))
    assert page.column.places.views[0].kind == "removed"
    town.press(page.bench.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    assert state(after_1) is PairState.AFTER_2


def test_undone_edit_is_an_approval_again(after_1: Path, town: Any) -> None:
    _window, page = inspect(town, after_1, "Jonas")
    town.outline(page.bench.canvas, Qt.Key.Key_O, (60, 50), (90, 50), (90, 80))
    town.press(page.bench.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.column.verdicts.finish.words == "Approve unchanged"


def test_returning_needs_a_reason(after_1: Path, town: Any) -> None:
    window, page = inspect(town, after_1, "Jonas")
    town.click(page.column.verdicts.send_back)
    page.column.verdicts.reason.hidePopup()
    assert state(after_1) is PairState.AFTER_1
    edit = page.column.verdicts.reason.lineEdit()
    assert edit is not None
    town.qtbot.keyClicks(edit, "the left wing is in")
    town.press(edit, Qt.Key.Key_Return)
    town.settled(window)
    assert state(after_1) is PairState.RETURNED_1


def test_returned_pair_shows_the_reason_to_its_annotator(after_1: Path, town: Any) -> None:
    with open_project(after_1) as project:
        town.hand(project, "hall_1", "Jonas", Verdict.RETURNED)
    window, page = inspect(town, after_1, "Mei")
    assert "loose boundary" in [label.text() for label in page.column.passes.findChildren(QLabel)]
    assert text(window, "top.pass") == "Pass 1"
    assert next(item.badge for item in page.strip.model.items) == "returned"


def test_own_pair_is_only_looked_at(after_1: Path, town: Any) -> None:
    window, page = inspect(town, after_1, "Mei")
    assert page.opened_pair is not None
    assert page.opened_pair.read_only
    assert "somebody else does pass 2" in window.view.status.sentence
    assert not page.column.verdicts.finish.isEnabled()
    town.outline(page.bench.canvas, Qt.Key.Key_P, (5, 5), (20, 5), (20, 20))
    assert page.opened_pair.session.annotation == town.drawn()


def test_escalation_asks_for_a_reason(after_1: Path, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    window, page = inspect(town, after_1, "Jonas")
    monkeypatch.setattr(pairs_page, "ask", lambda *_words: "")
    town.click(page.column.verdicts.escalate_small)
    assert state(after_1) is PairState.AFTER_1
    monkeypatch.setattr(pairs_page, "ask", lambda *_words: "Which hall is it?")
    town.click(page.column.verdicts.escalate_small)
    town.settled(window)
    assert state(after_1) is PairState.ESCALATED


def test_remark_is_pinned_answered_and_settled(after_1: Path, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _window, page = inspect(town, after_1, "Jonas")
    monkeypatch.setattr(pair_remarks, "ask", lambda *_words: "Is the step part of it?")
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_W)
    town.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=town.spot(canvas, 50, 88))
    panel = page.column.remarks
    assert isinstance(panel, RemarksPanel)
    assert panel.detail == "1 open"
    assert canvas.layers.remarks[0].open
    panel.open_thread(0)
    reply = panel.findChild(QLineEdit, "remarks.reply")
    assert reply is not None
    town.qtbot.keyClicks(reply, "Yes, see query 0.")
    town.press(reply, Qt.Key.Key_Return)
    with open_project(after_1) as project:
        said = [remark.text for remark in project.store.remarks(KEY)]
    assert said == ["Is the step part of it?", "Yes, see query 0."]
    panel.settled.emit(canvas.layers.remarks[0].id)
    assert panel.detail == "all settled"
    assert not canvas.layers.remarks[0].open


def test_open_remark_of_an_earlier_pass_is_listed(after_1: Path, town: Any) -> None:
    with open_project(after_1) as project:
        project.store.add_remark(KEY, pinned(50.0, 88.0), "Mei", "I kept the step in.")
    _window, page = inspect(town, after_1, "Jonas")
    assert not page.column.remarks.isHidden()
    assert page.column.remarks.detail == "1 open"


def test_unchanged_pass_still_shows_what_is_inspected(after_1: Path, town: Any) -> None:
    with open_project(after_1) as project:
        town.hand(project, "hall_1", "Jonas", Verdict.APPROVED)
    _window, page = inspect(town, after_1, "Amara")
    layer = page.bench.canvas.layers.difference
    assert layer is not None
    assert layer.outline == town.drawn()
    assert not layer.added
    assert page.inspection.legend.isVisible()
    assert page.inspection.legend.words == ("added 0 px", "removed 0 px", "pass 2")


def test_legend_leaves_with_the_difference(after_2: Path, town: Any) -> None:
    _window, page = inspect(town, after_2, "Amara")
    legend = page.inspection.legend
    assert legend.words[0] == f"added {5 * 61} px"
    assert legend.geometry().bottom() < page.bench.canvas.height()
    town.click(page.bench.bar.findChild(QWidget, "shown.polygons"))
    assert not legend.isVisible()


def test_returned_pair_opens_with_its_remark_unfolded(after_1: Path, town: Any) -> None:
    with open_project(after_1) as project:
        project.store.add_remark(KEY, pinned(50.0, 88.0), "Jonas", "The step belongs to it.")
        town.hand(project, "hall_1", "Jonas", Verdict.RETURNED)
    _window, page = inspect(town, after_1, "Mei")
    assert page.column.remarks.findChild(QLineEdit, "remarks.reply") is not None


def test_vertex_of_the_selected_polygon_wins_over_a_remark(after_1: Path, town: Any) -> None:
    with open_project(after_1) as project:
        project.store.add_remark(KEY, pinned(40.0, 30.0), "Mei", "Is this the corner?")
    _window, page = inspect(town, after_1, "Jonas")
    town.click(page.bench.bar.findChild(QWidget, "shown.polygons"))
    canvas, clicked = page.bench.canvas, []
    canvas.remark_clicked.connect(clicked.append)
    town.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=town.spot(canvas, 40, 30))
    assert len(clicked) == 1
    canvas.select(("1",))
    town.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=town.spot(canvas, 40, 30))
    assert len(clicked) == 1


def test_beside_shows_both_passes_moved_together(after_2: Path, town: Any) -> None:
    _window, page = inspect(town, after_2, "Amara")
    beside = page.inspection.beside
    town.click(page.bench.bar.findChild(QWidget, "shown.beside"))
    assert beside.isVisible()
    assert beside.titles == ("pass 1", "pass 2")
    assert beside.size() == page.bench.canvas.size()
    beside.pictures[0].zoom_by(2.0)
    assert beside.pictures[1].view() == beside.pictures[0].view()
    before = beside.pictures[1].to_screen()
    page.act("place.next")
    assert beside.pictures[1].to_screen() != before
    town.click(page.bench.bar.findChild(QWidget, "shown.difference"))
    assert not beside.isVisible()
    assert page.bench.canvas.layers.difference is not None


def test_pass_2_of_what_was_drawn_without_a_pre_mask_opens_on_the_polygons(after_1: Path, town: Any) -> None:
    with open_project(after_1) as project:
        for image in ("hall_2", "hall_3"):
            town.hand(project, image, "Mei", Verdict.SUBMITTED)
        town.hand(project, "hall_3", "Amara", Verdict.REFINED, town.drawn(5.0))
    window, page = inspect(town, after_1, "Jonas")
    shown = page.inspection.show_difference
    assert shown.value == "polygons"
    assert page.bench.canvas.layers.difference is None
    assert not page.inspection.legend.isVisible()
    page.open_key_now(PairKey(0, "hall_3"))  # pass 3: there is a difference
    town.settled(window)
    assert shown.value == "difference"
    town.click(page.bench.bar.findChild(QWidget, "shown.polygons"))
    page.open_key_now(PairKey(0, "hall_2"))
    page.open_key_now(PairKey(0, "hall_3"))
    town.settled(window)
    assert shown.value == "polygons"  # as the person chose


def test_the_open_pair_counts_as_in_work(after_1: Path, town: Any) -> None:
    window = town.open(after_1, "Jonas")
    page = window.view.page("pairs")
    work = page.strip.findChild(QToolButton, "strip.filter.work")
    assert work.accessibleName() == "In work, 1"
    page.step(1)
    town.settled(window)
    assert work.accessibleName() == "In work, 1"
    page.leave()
    town.settled(window)
    assert work.accessibleName() == "In work, 0"
