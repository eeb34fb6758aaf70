"""Moving about on the canvas: zoom, scroll, pan, fit, navigator, loupe."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.editing.session import EditingSession
from annotator.ui import theme
from annotator.ui.canvas.widget import CanvasWidget

NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def session_of(canvas: CanvasWidget) -> EditingSession:
    assert canvas.session is not None
    return canvas.session


def test_ctrl_wheel_zooms_about_the_cursor_and_stops_at_100_percent(canvas: CanvasWidget, viewer: Any) -> None:
    at = QPointF(210, 160)
    before = canvas.view.to_image((210, 160))
    viewer.wheel(1, CONTROL, at)
    assert canvas.view.scale == pytest.approx(2.5)
    assert canvas.view.to_image((210, 160)) == pytest.approx(before, abs=0.5)
    canvas.navigation.zoom_to(1.1)
    viewer.wheel(-1, CONTROL, at)
    assert canvas.view.scale == 1.0
    viewer.wheel(-1, CONTROL, at)
    assert canvas.view.scale == pytest.approx(0.8)


def test_the_wheel_scrolls(canvas: CanvasWidget, viewer: Any) -> None:
    viewer.wheel(1)
    assert (canvas.view.x, canvas.view.y) == (50, 110)
    viewer.wheel(-1, Qt.KeyboardModifier.ShiftModifier)
    assert (canvas.view.x, canvas.view.y) == (-10, 110)


@pytest.mark.parametrize("hand", ["space", "middle"])
def test_panning_moves_the_image_and_edits_nothing(canvas: CanvasWidget, hand: str) -> None:
    canvas.setFocus()
    button = Qt.MouseButton.MiddleButton if hand == "middle" else Qt.MouseButton.LeftButton
    if hand == "space":
        QTest.keyPress(canvas, Qt.Key.Key_Space)
        assert canvas.cursor().shape() is Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, button, NONE, QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(230, 180))
    QTest.mouseMove(canvas, QPoint(240, 190))
    QTest.mouseRelease(canvas, button, NONE, QPoint(240, 190))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.view.x, canvas.view.y) == (90, 40)
    assert not session_of(canvas).can_undo
    assert canvas.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_fit_stays_fitted_when_the_canvas_is_resized(canvas: CanvasWidget) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_F)
    first = canvas.view
    canvas.resize(420, 300)
    QApplication.processEvents()
    assert canvas.view.scale < first.scale
    canvas.navigation.actual_size()
    canvas.resize(500, 400)
    QApplication.processEvents()
    assert canvas.view.scale == 1.0


def test_the_cursor_is_told_in_image_coordinates(canvas: CanvasWidget, qtbot: QtBot) -> None:
    x, y = canvas.view.to_widget((30, 20))
    QTest.mouseMove(canvas, QPoint(5, 5))
    with qtbot.waitSignal(canvas.cursor_moved) as moved:
        QTest.mouseMove(canvas, QPoint(int(x), int(y)))
    assert moved.args == pytest.approx([30, 20], abs=0.5)
    with qtbot.waitSignal(canvas.cursor_left):
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))


def test_the_navigator_brings_a_place_into_the_middle(canvas: CanvasWidget) -> None:
    canvas.navigation.zoom_to(6.0)
    frame = canvas.insets.navigator_rect(canvas)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, frame.center())
    assert canvas.view.to_image((350, 250)) == pytest.approx((99.5, 74.5), abs=2)
    assert canvas.selection.shapes == ()
    canvas.set_insets(navigator=False)
    assert canvas.insets.navigator_rect(canvas).isEmpty()


def test_the_navigator_is_away_while_the_whole_image_shows(canvas: CanvasWidget) -> None:
    assert canvas.insets.navigator_rect(canvas).isEmpty()
    canvas.navigation.zoom_to(5.0)
    assert not canvas.insets.navigator_rect(canvas).isEmpty()


def test_the_loupe_follows_the_cursor(canvas: CanvasWidget, viewer: Any) -> None:
    canvas.insets.navigator_on = False
    QTest.mouseMove(canvas, QPoint(100, 100))
    first = viewer.shot().copy(540, 12, 150, 150)
    QTest.mouseMove(canvas, QPoint(130, 134))
    assert viewer.shot().copy(540, 12, 150, 150) != first
    canvas.set_insets(loupe=False)
    assert viewer.shot().pixelColor(600, 100) == theme.current().colour("canvas")
