"""The select tool."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill, mask_of
from annotator.domain.shapes import OccluderKind, Role, Shape
from annotator.editing.edits import AddHole, AddShape, SetLocked
from annotator.editing.hit_testing import VertexRef

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _select(hand) -> None:
    hand.take("select")


def outer(hand, shape_id: str = "1") -> list[list[float]]:
    return hand.annotation.shape(shape_id).polygon.outer.points.tolist()


def test_a_click_selects_and_a_click_beside_deselects(hand, qtbot) -> None:
    with qtbot.waitSignal(hand.canvas.selection_changed):
        hand.click(70, 70)
    assert hand.canvas.selection.shapes == ("1",)
    hand.click(150, 20)
    assert hand.canvas.selection.shapes == ()


def test_dragging_a_vertex_is_one_step_and_gives_exactly_the_mask(hand) -> None:
    hand.click(70, 70)
    before = hand.annotation
    hand.drag((100, 100), (110, 105), (120, 110), (130, 120))
    expected = polygon([(40, 40), (100, 40), (130, 120), (40, 100)])
    assert hand.annotation.shape("1").polygon == expected
    assert np.array_equal(hand.session.mask, fill([expected], (200, 150)))
    assert hand.canvas.undo_stack.count() == 1
    assert hand.canvas.undo_stack.undoText() == "Move a vertex"
    hand.canvas.undo()
    assert hand.annotation == before
    hand.canvas.redo()
    assert hand.annotation.shape("1").polygon == expected


def test_escape_in_a_drag_puts_everything_back(hand) -> None:
    hand.click(70, 70)
    before = hand.annotation
    hand.press(100, 100)
    hand.move(120, 120)
    hand.move(125, 130)
    assert hand.annotation != before
    hand.key(Qt.Key.Key_Escape)
    hand.release(125, 130)
    assert hand.annotation == before
    assert hand.canvas.undo_stack.count() == 0


def test_dragging_a_polygon_moves_it_whole(hand) -> None:
    hand.drag((70, 70), (80, 75), (90, 80))
    assert outer(hand) == [[60, 50], [120, 50], [120, 110], [60, 110]]
    assert hand.canvas.undo_stack.count() == 1
    hand.canvas.undo()
    assert outer(hand)[0] == [40, 40]


def test_several_vertices_move_together(hand) -> None:
    hand.click(70, 70)
    hand.click(100, 40)
    hand.click(100, 100, SHIFT)
    assert len(hand.canvas.selection.vertices) == 2
    hand.drag((100, 100), (120, 100), (130, 100))
    assert outer(hand) == [[40, 40], [130, 40], [130, 100], [40, 100]]
    assert hand.canvas.undo_stack.count() == 1


def test_the_rubber_band_takes_vertices_of_the_selected_polygon(hand) -> None:
    hand.click(70, 70)
    hand.drag((90, 20), (130, 60), (130, 120))
    assert hand.canvas.selection.vertices == (VertexRef("1", 0, 1), VertexRef("1", 0, 2))


def test_the_rubber_band_takes_polygons_when_none_is_selected(hand) -> None:
    hand.drag((20, 20), (60, 60), (150, 120))
    assert hand.canvas.selection.shapes == ("1",)
    assert hand.canvas.selection.vertices == ()


def test_alt_click_on_an_edge_adds_a_vertex_that_can_be_dragged_at_once(hand) -> None:
    hand.click(70, 70)
    hand.click(70, 40, ALT)
    assert outer(hand) == [[40, 40], [70, 40], [100, 40], [100, 100], [40, 100]]
    hand.drag((70, 40), (70, 30), (70, 20))
    assert outer(hand)[1] == [70, 20]


def test_delete_removes_vertices_and_then_the_polygon(hand) -> None:
    hand.click(70, 70)
    hand.click(100, 100)
    hand.key(Qt.Key.Key_Delete)
    assert outer(hand) == [[40, 40], [100, 40], [40, 100]]
    hand.click(100, 40)
    hand.key(Qt.Key.Key_Delete)
    assert hand.said == ["A ring needs at least 3 vertices, this one has 2."]
    hand.click(50, 50)
    hand.key(Qt.Key.Key_Delete)
    assert hand.annotation.shapes == ()
    assert not hand.session.mask.any()
    hand.canvas.undo()
    hand.canvas.undo()
    assert len(outer(hand)) == 4


def test_a_hole_that_loses_its_vertices_is_removed(hand) -> None:
    hand.session.apply(AddHole("1", polygon([(60, 60), (80, 60), (80, 80)]).outer))
    hand.canvas.select(("1",), (VertexRef("1", 1, 0),))
    hand.key(Qt.Key.Key_Delete)
    assert hand.annotation.shape("1").polygon.holes == ()


@pytest.mark.parametrize(
    ("key", "modifier", "dx", "dy"),
    [
        (Qt.Key.Key_Left, None, -1, 0),
        (Qt.Key.Key_Right, None, 1, 0),
        (Qt.Key.Key_Up, SHIFT, 0, -10),
        (Qt.Key.Key_Down, SHIFT, 0, 10),
    ],
)
def test_arrows_move_polygons_and_vertices(hand, key, modifier, dx, dy) -> None:
    held = modifier or Qt.KeyboardModifier.NoModifier
    hand.click(70, 70)
    hand.key(key, held)
    assert outer(hand)[0] == [40 + dx, 40 + dy]
    hand.canvas.undo()
    hand.canvas.select(("1",), (VertexRef("1", 0, 2),))
    hand.key(key, held)
    assert outer(hand)[2] == [100 + dx, 100 + dy]
    assert outer(hand)[0] == [40, 40]


def test_a_vertex_snaps_to_a_neighbour_and_to_the_border_and_ctrl_suspends_it(hand) -> None:
    other = Shape("2", Role.OCCLUDER, polygon([(150, 60), (180, 60), (180, 90)]), OccluderKind.PERSON)
    hand.session.apply(AddShape(other))
    hand.click(70, 70)
    hand.drag((100, 40), (140, 50), (149, 61))
    assert outer(hand)[1] == [150, 60]
    hand.drag((40, 40), (20, 20), (2, 30))
    assert outer(hand)[0] == [0, 30]
    hand.click(100, 100)
    hand.press(100, 100)
    for x in (150, 198):
        QApplication.sendEvent(hand.canvas, _moved(hand, x, 100, CONTROL))
    assert outer(hand)[2] == [198, 100]


def _moved(hand, x: float, y: float, modifiers: Qt.KeyboardModifier) -> QMouseEvent:
    at = QPointF(*hand.canvas.view.to_widget((x, y)))
    return QMouseEvent(QEvent.Type.MouseMove, at, at, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, modifiers)


def test_nothing_can_be_dragged_out_of_the_image(hand) -> None:
    hand.click(70, 70)
    hand.drag((100, 100), (150, 130), (230, 170))
    assert outer(hand)[2] == [199, 149]


def test_a_locked_polygon_says_so_and_stays(hand) -> None:
    hand.session.apply(SetLocked("1", True))
    before = hand.annotation
    hand.click(70, 70)
    assert hand.canvas.selection.shapes == ("1",)
    hand.drag((100, 100), (120, 110), (130, 120))
    assert hand.annotation == before
    assert "locked" in hand.said[0]


def test_shift_click_adds_and_removes_polygons(hand) -> None:
    other = Shape("2", Role.OCCLUDER, polygon([(150, 60), (180, 60), (180, 90)]), OccluderKind.PERSON)
    hand.session.apply(AddShape(other))
    hand.click(70, 70)
    hand.click(175, 70, SHIFT)
    assert hand.canvas.selection.shapes == ("1", "2")
    hand.drag((70, 70), (75, 70), (80, 70))
    assert outer(hand)[0] == [50, 40]
    assert outer(hand, "2")[0] == [160, 60]
    assert np.array_equal(hand.session.mask, mask_of(hand.annotation))
    hand.click(175, 70, SHIFT)
    assert hand.canvas.selection.shapes == ("1",)
    assert hand.canvas.undo_stack.count() == 2
