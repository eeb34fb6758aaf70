"""Undo and redo by hand: one gesture one step, and Esc in the middle of one costs nothing."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.tools.registry import TOOLS

LEFT = Qt.MouseButton.LeftButton


def spot(canvas: CanvasWidget, x: float, y: float) -> QPoint:
    left, top = canvas.view.to_widget((x, y))
    return QPoint(round(left), round(top))


def bounds(canvas: CanvasWidget) -> tuple[float, ...]:
    assert canvas.session is not None
    return tuple(round(value) for value in canvas.session.annotation.shape("1").polygon.bounds)


def drag(canvas: CanvasWidget, way: tuple[tuple[float, float], ...], *, give_up: bool = False) -> None:
    """Press at the first place, go on, and let go; or press Esc before."""
    QTest.mousePress(canvas, LEFT, pos=spot(canvas, *way[0]))
    for place in way[1:]:
        QTest.mouseMove(canvas, spot(canvas, *place))
    if give_up:
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, pos=spot(canvas, *way[-1]))
    QApplication.processEvents()


@pytest.fixture
def picked(canvas: CanvasWidget) -> CanvasWidget:
    """The object is selected by a click; its corner lies at 140, 40."""
    QTest.mouseClick(canvas, LEFT, pos=spot(canvas, 130, 60))
    assert canvas.selection.shapes == ("1",)
    return canvas


def test_a_drag_of_many_moves_is_one_step(picked: CanvasWidget) -> None:
    drag(picked, ((140, 40), (142, 42), (145, 44), (150, 50), (160, 46)))
    assert bounds(picked) == (40, 40, 160, 120)
    assert picked.undo_stack.count() == 1
    picked.undo()
    assert bounds(picked) == (40, 40, 140, 120)
    picked.redo()
    assert bounds(picked) == (40, 40, 160, 120)


def test_esc_in_the_middle_of_a_drag_keeps_what_can_be_done_again(picked: CanvasWidget) -> None:
    drag(picked, ((140, 40), (150, 40), (160, 40)))
    picked.undo()
    drag(picked, ((140, 40), (120, 60), (100, 60)), give_up=True)
    assert bounds(picked) == (40, 40, 140, 120)
    assert (picked.undo_stack.index(), picked.undo_stack.count()) == (0, 1)
    picked.redo()
    assert bounds(picked) == (40, 40, 160, 120)
    picked.undo()
    assert bounds(picked) == (40, 40, 140, 120)
    assert not picked.undo_stack.canUndo()


def test_a_stroke_after_undo_forgets_what_was_undone(picked: CanvasWidget) -> None:
    drag(picked, ((140, 40), (150, 40), (160, 40)))
    picked.undo()
    drag(picked, ((140, 40), (140, 30), (140, 20)))
    assert bounds(picked) == (40, 20, 140, 120)
    assert picked.undo_stack.count() == 1
    picked.redo()
    assert bounds(picked) == (40, 20, 140, 120)


def test_undo_while_the_button_is_held_ends_the_drag_first(picked: CanvasWidget) -> None:
    QTest.mousePress(picked, LEFT, pos=spot(picked, 140, 40))
    QTest.mouseMove(picked, spot(picked, 150, 40))
    QTest.mouseMove(picked, spot(picked, 160, 40))
    picked.undo()
    assert bounds(picked) == (40, 40, 140, 120)
    QTest.mouseMove(picked, spot(picked, 170, 40))
    QTest.mouseRelease(picked, LEFT, pos=spot(picked, 170, 40))
    session: Any = picked.session
    assert session.can_undo == picked.undo_stack.canUndo()
    assert session.can_redo == picked.undo_stack.canRedo()
    while picked.undo_stack.canUndo():
        picked.undo()
    assert bounds(picked) == (40, 40, 140, 120)
    assert not session.can_undo


def test_undo_takes_back_points_of_an_outline_before_steps(picked: CanvasWidget) -> None:
    drag(picked, ((140, 40), (150, 40), (160, 40)))
    picked.set_tool(TOOLS["polygon"])
    for place in ((10, 10), (30, 10), (30, 30)):
        QTest.mouseClick(picked, LEFT, pos=spot(picked, *place))
    picked.undo()
    picked.undo()
    assert bounds(picked) == (40, 40, 160, 120)  # the outline is half drawn, the drag stands
    picked.undo()
    picked.undo()
    assert bounds(picked) == (40, 40, 140, 120)


def test_many_undos_and_redos_lead_to_the_same_bits(picked: CanvasWidget) -> None:
    session: Any = picked.session
    states = [session.annotation]
    for step in range(6):
        start = states[-1].shape("1").polygon.outer.points[1]
        drag(picked, ((start[0], start[1]), (start[0] + 3, start[1] + 2), (start[0] + 5, start[1] + 3 - step)))
        states.append(session.annotation)
    assert picked.undo_stack.count() == 6
    for _round in range(3):
        for state in reversed(states[:-1]):
            picked.undo()
            assert session.annotation == state
        picked.undo()
        assert session.annotation == states[0]
        for state in states[1:]:
            picked.redo()
            assert session.annotation == state
