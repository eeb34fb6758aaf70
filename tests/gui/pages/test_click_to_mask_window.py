"""Click-to-mask in the window of a project that has a model, and in one that has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill
from annotator.premask.models.files import ModelKind
from annotator.project.models import register_model, remove_model
from annotator.project.opening import open_project
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.dialogs.key_sheet import KeySheet
from annotator.ui.tools.click_to_mask import READING
from annotator.ui.window import Window

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def clicking(open_folder: Path, toy_click_model, tmp_path: Path) -> Path:
    """The open project with a click-to-mask model."""
    files = toy_click_model(tmp_path / "made", side=160)
    register_model(open_folder, "toy", ModelKind.CLICK_TO_MASK, files, "MIT", "Lena")
    return open_folder


def canvas_of(window: Window) -> CanvasWidget:
    return window.view.page("pairs").bench.canvas


def click(town, canvas: CanvasWidget, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
    spot: QPoint = town.spot(canvas, x, y)
    town.qtbot.mouseMove(canvas, spot)
    town.qtbot.mouseClick(canvas, button, pos=spot)


def test_click_preview_enter_undo(town, clicking) -> None:
    window = town.open(clicking, "Mei")
    canvas = canvas_of(window)
    town.press(canvas, Qt.Key.Key_K)
    assert window.view.status.sentence == READING
    town.settled(window)
    assert window.view.status.sentence == canvas.tool.help
    click(town, canvas, 75, 60)
    click(town, canvas, 20, 60, RIGHT)
    town.settled(window)
    assert len(canvas.tool.result) == 1
    assert canvas.session.annotation.shapes == ()
    town.press(canvas, Qt.Key.Key_Return)
    town.settled(window)
    block = fill([polygon(town.block)], town.size)
    mask = canvas.session.mask
    assert (mask & block).sum() / (mask | block).sum() > 0.97
    town.press(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert canvas.session.annotation.shapes == ()


def test_what_was_clicked_is_in_the_journal_when_the_window_is_gone(town, clicking) -> None:
    window = town.open(clicking, "Mei")
    canvas = canvas_of(window)
    town.press(canvas, Qt.Key.Key_K)
    town.settled(window)
    click(town, canvas, 75, 60)
    town.press(canvas, Qt.Key.Key_Return)
    town.settled(window)
    drawn = canvas.session.annotation
    assert len(drawn.shapes) == 1
    town.qtbot.waitUntil(lambda: window.view.project.journal.read("Mei") is not None)
    with open_project(clicking) as project:  # what a second program finds while this one is still running
        entry = project.journal.read("Mei")
        assert entry is not None
        assert entry.annotation == drawn
    window.close()
    again = town.open(clicking, "Mei")
    assert canvas_of(again).session.annotation == drawn


def test_the_next_image_is_read_while_the_tool_stays_in_hand(town, clicking) -> None:
    window = town.open(clicking, "Mei")
    canvas = canvas_of(window)
    town.press(canvas, Qt.Key.Key_K)
    town.settled(window)
    first = window.view.page("pairs").open_key
    town.press(canvas, Qt.Key.Key_D)
    town.settled(window)
    assert window.view.page("pairs").open_key != first
    assert canvas.tool.name == "click-to-mask"
    click(town, canvas, 75, 60)
    town.settled(window)
    assert canvas.tool.result


def test_the_tool_stands_in_the_column_where_there_is_a_model(town, clicking) -> None:
    window = town.open(clicking, "Mei")
    button = window.view.page("pairs").bench.findChild(QToolButton, "tool.click-to-mask")
    assert button.isVisible()
    assert button.toolTip() == "Click-to-mask (K)"
    town.click(button)
    town.settled(window)
    assert canvas_of(window).tool.name == "click-to-mask"


def test_without_a_model_the_column_is_as_it_was_and_the_key_says_what_is_missing(town, open_folder) -> None:
    window = town.open(open_folder, "Mei")
    button = window.view.page("pairs").bench.findChild(QToolButton, "tool.click-to-mask")
    assert not button.isVisible()
    canvas = canvas_of(window)
    town.press(canvas, Qt.Key.Key_K)
    assert "annotator models add ENCODER --decoder DECODER" in window.view.status.sentence
    assert canvas.tool.name == "select"


def test_queries_are_clicked_too(town, clicking) -> None:
    window = town.open(clicking, "Lena")
    town.press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.view.page("queries")
    town.settled(window)
    page.step(1)
    town.settled(window)
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_K)
    click(town, canvas, 75, 60)
    town.settled(window)
    assert np.isclose(canvas.tool.result[0].area, 70 * 60, rtol=0.05)


def test_a_model_that_cannot_be_used_is_told_in_one_sentence(town, clicking) -> None:
    (clicking / "models" / "toy.decoder.onnx").unlink()
    window = town.open(clicking, "Mei")
    town.press(canvas_of(window), Qt.Key.Key_K)
    town.settled(window)
    assert "toy.decoder.onnx" in window.view.status.sentence


@pytest.fixture
def two_models(clicking: Path, toy_click_model, tmp_path: Path) -> Path:
    """The project with a second model, which marks everything."""
    files = toy_click_model(tmp_path / "second", side=160, masks=("all",), metadata="0..255")
    register_model(clicking, "everything", ModelKind.CLICK_TO_MASK, files, "MIT", "Lena")
    return clicking


def button_of(window: Window) -> QToolButton:
    return window.view.page("pairs").bench.findChild(QToolButton, "tool.click-to-mask")


def models_menu(window: Window) -> QMenu:
    return next(menu for menu in window.findChildren(QMenu, "click-models") if menu.isVisible())


def area(canvas: CanvasWidget) -> float:
    return sum(part.area for part in canvas.tool.result)


def test_the_key_once_more_lets_the_model_be_chosen_and_the_clicks_stay(town, two_models) -> None:
    window = town.open(two_models, "Mei")
    canvas = canvas_of(window)
    town.press(canvas, Qt.Key.Key_K)
    town.settled(window)
    click(town, canvas, 75, 60)
    town.settled(window)
    assert area(canvas) == pytest.approx(70 * 60, rel=0.05)
    town.press(canvas, Qt.Key.Key_K)
    menu = models_menu(window)
    assert [(action.text(), action.isEnabled(), action.isChecked()) for action in menu.actions()] == [
        ("Model of click-to-mask", False, False), ("toy", True, True), ("everything", True, False)]  # fmt: skip
    town.press(menu, Qt.Key.Key_Down)
    town.press(menu, Qt.Key.Key_Return)
    town.settled(window)
    assert len(canvas.tool.clicks) == 1
    assert area(canvas) == pytest.approx(160 * 120, rel=0.05)
    town.press(canvas, Qt.Key.Key_Return)
    assert canvas.session.mask.mean() > 0.95


def test_the_choice_is_remembered_for_the_project_and_holds_on_other_pages(town, two_models) -> None:
    window = town.open(two_models, "Lena")
    button, canvas = button_of(window), canvas_of(window)
    assert button.toolTip() == "Click-to-mask (K), model: toy; click again for others"
    town.click(button)
    town.settled(window)
    town.click(button)
    menu = models_menu(window)
    town.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[2]).center())
    town.settled(window)
    assert window.focusWidget() is canvas
    assert "model: everything" in button.toolTip()
    window.activateWindow()  # without a window manager nobody does that after a menu
    town.qtbot.waitUntil(window.isActiveWindow)
    town.press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.view.page("queries")
    town.settled(window)
    page.step(1)
    town.settled(window)
    town.press(page.bench.canvas, Qt.Key.Key_K)
    town.settled(window)
    click(town, page.bench.canvas, 75, 60)
    town.settled(window)
    assert area(page.bench.canvas) == pytest.approx(160 * 120, rel=0.05)
    town.press(page.bench.canvas, Qt.Key.Key_Escape)
    window.close()
    again = town.open(two_models, "Mei")
    assert "model: everything" in button_of(again).toolTip()
    remove_model(two_models, "everything", "Lena")
    canvas = canvas_of(again)
    town.press(canvas, Qt.Key.Key_K)
    town.settled(again)
    click(town, canvas, 75, 60)
    town.settled(again)
    assert area(canvas) == pytest.approx(70 * 60, rel=0.05)


def test_a_right_click_on_the_button_opens_the_menu_and_escape_changes_nothing(town, two_models) -> None:
    window = town.open(two_models, "Mei")
    button, canvas = button_of(window), canvas_of(window)
    place = button.rect().center()
    there = button.mapToGlobal(place)
    QApplication.sendEvent(button, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, there))
    town.settled(window)
    assert canvas.tool.name == "click-to-mask"
    menu = models_menu(window)
    town.press(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert "model: toy" in button.toolTip()
    town.press(canvas, Qt.Key.Key_P)
    assert canvas.tool.name == "polygon"


def test_with_one_model_there_is_nothing_to_choose(town, clicking) -> None:
    window = town.open(clicking, "Mei")
    canvas = canvas_of(window)
    town.press(canvas, Qt.Key.Key_K)
    town.press(canvas, Qt.Key.Key_K)
    town.settled(window)
    assert window.findChildren(QMenu, "click-models") == []
    assert canvas.tool.name == "click-to-mask"


def test_the_key_sheet_names_it(town, clicking) -> None:
    window = town.open(clicking, "Mei")
    town.press(window, Qt.Key.Key_F1)
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    texts = [label.text() for label in sheet.findChildren(object) if hasattr(label, "text")]
    assert "Click-to-mask" in texts
    sheet.close()
