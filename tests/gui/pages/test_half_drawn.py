"""Nothing drawn is lost: neither what is half drawn, nor what no disk takes for a while."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from annotator.domain.passes import PairState, Verdict
from annotator.project.opening import open_project
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.pages.workbench import HALF_DRAWN

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CORNERS = ((40.0, 30.0), (110.0, 30.0), (110.0, 90.0), (40.0, 90.0))


def half(town: Any, canvas: CanvasWidget, tool: Qt.Key = Key.Key_P, points: int = 4) -> None:
    """Click some points of an outline and leave it open."""
    town.qtbot.keyClick(canvas, tool)
    for x, y in CORNERS[:points]:
        town.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=town.spot(canvas, x, y))


@pytest.fixture
def page(open_folder: Path, town: Any) -> Any:
    """The pairs page, on the first pair, which is empty."""
    return town.open(open_folder, "Mei").view.page("pairs")


def sentence(page: Any) -> str:
    return str(page.around.status.sentence)


@pytest.mark.parametrize("tool", [Key.Key_P, Key.Key_M, Key.Key_O], ids=["polygon", "magnetic", "occluder"])
@pytest.mark.parametrize(
    "way", [(Key.Key_D,), (Key.Key_A,), (Key.Key_D, Modifier.ControlModifier), (Key.Key_5, Modifier.ControlModifier)],
    ids=["next", "previous", "queue", "remarks"],
)  # fmt: skip
def test_the_pair_stays_until_the_outline_is_closed(page: Any, town: Any, tool: Qt.Key, way: tuple[Any, ...]) -> None:
    canvas, key = page.bench.canvas, page.open_key
    half(town, canvas, tool)
    town.press(canvas, *way)
    assert page.open_key == key
    assert page.isVisible()
    assert sentence(page) == HALF_DRAWN
    town.press(canvas, Key.Key_Return)
    town.qtbot.waitUntil(lambda: len(canvas.session.annotation.shapes) == 1)
    town.press(canvas, *way)
    town.qtbot.waitUntil(lambda: page.open_key != key)
    assert sentence(page) != HALF_DRAWN
    with open_project(page.around.project.folder) as project:
        kept = project.store.pair(key).latest_revision
        assert len(project.store.revision(kept).shapes) == 1


def test_what_is_given_up_holds_nobody(page: Any, town: Any) -> None:
    canvas, key = page.bench.canvas, page.open_key
    half(town, canvas)
    town.press(canvas, Key.Key_D)
    town.press(canvas, Key.Key_Escape)
    assert sentence(page).startswith("Click points around the object")
    town.press(canvas, Key.Key_D)
    assert page.open_key != key


def test_two_points_are_no_outline_and_hold_nobody(page: Any, town: Any) -> None:
    canvas, key = page.bench.canvas, page.open_key
    half(town, canvas, points=2)
    town.press(canvas, Key.Key_D)
    assert page.open_key != key


def test_the_strip_and_the_group_wait_too(page: Any, town: Any) -> None:
    canvas, key = page.bench.canvas, page.open_key
    half(town, canvas)
    pictures = page.strip.list
    at = pictures.visualRect(page.strip.model.index(2)).center()
    town.qtbot.mouseClick(pictures.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.open_key == key
    page.open_in_group(1)
    assert page.open_key == key
    assert len(canvas.tool.outline.points) == 4


@pytest.mark.parametrize("again", [Key.Key_P, Key.Key_V, Key.Key_B], ids=["same", "select", "brush"])
def test_another_tool_or_the_same_twice_takes_no_point_away(page: Any, town: Any, again: Qt.Key) -> None:
    canvas = page.bench.canvas
    half(town, canvas)
    town.press(canvas, again)
    assert canvas.tool.name == "polygon"
    assert len(canvas.tool.outline.points) == 4
    assert page.bench.tools.findChild(QWidget, "tool.polygon").isChecked()
    town.press(canvas, Key.Key_Return)
    town.press(canvas, again)
    assert len(canvas.session.annotation.shapes) == 1


def test_a_tool_that_is_clicked_waits_and_the_column_shows_the_one_in_hand(page: Any, town: Any) -> None:
    canvas = page.bench.canvas
    half(town, canvas)
    town.click(page.bench.tools.findChild(QWidget, "tool.brush"))
    assert canvas.tool.name == "polygon"
    checked = [name for name in ("polygon", "brush") if page.bench.tools.findChild(QWidget, f"tool.{name}").isChecked()]
    assert checked == ["polygon"]
    assert canvas.hasFocus()


def test_a_pass_is_not_handed_in_over_an_open_outline(page: Any, town: Any) -> None:
    canvas, key = page.bench.canvas, page.open_key
    town.outline(canvas, Key.Key_P, *CORNERS)
    half(town, canvas)
    town.press(canvas, Key.Key_Return, Modifier.ControlModifier)
    assert page.open_key == key
    assert sentence(page) == HALF_DRAWN
    assert page.around.project.store.pair(key).state is PairState.OPEN
    town.press(canvas, Key.Key_Escape)
    town.press(canvas, Key.Key_Return, Modifier.ControlModifier)
    assert page.around.project.store.pair(key).state is PairState.AFTER_1


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    """Answer every question with a button; the questions are kept."""
    asked: list[str] = []

    def question(_parent: Any, _title: str, text: str, *_more: Any) -> QMessageBox.StandardButton:
        asked.append(text)
        return button

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def test_closing_asks_before_it_forgets_an_open_outline(page: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas, window = page.bench.canvas, page.window()
    half(town, canvas)
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    assert not window.close()
    assert asked == ["Something is half drawn and not in the mask yet. Close without it?"]
    assert len(canvas.tool.outline.points) == 4
    town.press(canvas, Key.Key_W, Modifier.ControlModifier)
    assert window.view is not None
    answer(monkeypatch, QMessageBox.StandardButton.Close)
    assert window.close()


@pytest.fixture
def disputes(open_folder: Path, town: Any) -> Any:
    """The disputes page with two pairs that were escalated."""
    with open_project(open_folder) as project:
        for image in ("hall_1", "hall_2"):
            town.hand(project, image, "Mei", Verdict.SUBMITTED)
            town.hand(project, image, "Jonas", Verdict.ESCALATED, town.drawn(3.0))
    window = town.open(open_folder, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    return window.view.page("disputes")


def redraw(town: Any, page: Any) -> None:
    """Take the canvas, and draw a second polygon."""
    town.press(page.view, Key.Key_R)
    town.qtbot.waitUntil(lambda: page.bench.canvas.isVisible())
    town.outline(page.bench.canvas, Key.Key_P, (10, 5), (30, 5), (30, 20))


def test_a_mask_drawn_anew_waits_for_who_looks_at_another_dispute(disputes: Any, town: Any) -> None:
    page, first = disputes, disputes.open_key
    redraw(town, page)
    assert len(page.bench.canvas.session.annotation.shapes) == 2
    town.press(page.bench.canvas, Key.Key_D)
    assert page.open_key != first
    page.around.top.mode_chosen.emit("pairs")
    page.around.top.mode_chosen.emit("disputes")
    town.settled(page.window())
    page.open_now(first)
    town.press(page.view, Key.Key_R)
    town.qtbot.waitUntil(lambda: page.bench.canvas.isVisible())
    assert len(page.bench.canvas.session.annotation.shapes) == 2
    town.press(page.bench.canvas, Key.Key_2)
    town.press(page.view, Key.Key_R)
    assert len(page.bench.canvas.session.annotation.shapes) == 1  # of pass 2, which was chosen
    town.press(page.bench.canvas, Key.Key_Z, Modifier.ControlModifier)
    assert len(page.bench.canvas.session.annotation.shapes) == 2


def test_closing_asks_nothing_of_a_mask_drawn_anew_and_keeps_it(
    disputes: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, key, folder = disputes, disputes.open_key, disputes.around.project.folder
    redraw(town, page)
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    assert page.window().close()
    assert asked == []
    again = town.open(folder, "Lena")
    again.view.show_mode("disputes")
    town.settled(again)
    page = again.view.page("disputes")
    assert page.open_key == key
    town.press(page.view, Key.Key_R)
    town.qtbot.waitUntil(lambda: page.bench.canvas.isVisible())
    assert len(page.bench.canvas.session.annotation.shapes) == 2


def test_a_project_folder_that_is_taken_away_loses_nothing_when_it_comes_back(page: Any, town: Any) -> None:
    canvas, key, folder = page.bench.canvas, page.open_key, page.around.project.folder
    town.outline(canvas, Key.Key_P, *CORNERS)
    away = folder.with_name("Away")
    folder.rename(away)
    town.press(canvas, Key.Key_D)
    assert page.open_key == key
    assert "put the project folder back" in sentence(page)
    town.outline(canvas, Key.Key_P, (10, 5), (30, 5), (30, 20))
    town.qtbot.waitUntil(lambda: "cannot be kept on the disk" in sentence(page))
    assert not folder.exists()
    away.rename(folder)
    town.press(canvas, Key.Key_D)
    assert page.open_key != key
    with open_project(folder) as project:
        kept = project.store.pair(key).latest_revision
        assert len(project.store.revision(kept).shapes) == 2
