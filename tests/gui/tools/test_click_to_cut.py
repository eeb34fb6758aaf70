"""Click-to-cut with real events on a painted house."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.shapes import OccluderKind, Role, Shape
from annotator.editing.edits import AddShape

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def test_one_click_and_enter_give_the_house(painter, house) -> None:
    painter.take("click-to-cut")
    painter.click(100, 80)
    assert painter.annotation.shapes == ()
    assert painter.canvas.tool.result.more
    painter.key(Qt.Key.Key_Return)
    assert iou(painter.session.mask, house) > 0.97
    assert painter.annotation.shapes[0].role is Role.OBJECT
    assert painter.canvas.selection.shapes == ("1",)
    painter.canvas.undo()
    assert painter.annotation.shapes == ()


def test_escape_drops_the_cut_and_backspace_a_stroke(painter) -> None:
    painter.take("click-to-cut")
    painter.click(100, 80)
    painter.key(Qt.Key.Key_Escape)
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()
    painter.click(100, 80)
    first = painter.canvas.tool.result.more
    painter.click_right(30, 20)
    painter.key(Qt.Key.Key_Backspace)
    assert painter.canvas.tool.result.more == first
    painter.key(Qt.Key.Key_Backspace)
    assert painter.canvas.tool.result is None


@pytest.mark.parametrize("way", ["right button", "alt"])
def test_strokes_beside_the_object_take_their_part_away(painter, house, way) -> None:
    image = np.where(house[:, :, None], np.array([180, 90, 60]), np.array([90, 140, 200])).astype(np.uint8)
    image[90:121, 60:161] = (150, 100, 90)  # a plinth of much the same colour
    painter.canvas.set_image(image, fit=False)
    painter.take("click-to-cut")
    painter.drag((100, 60), (110, 80), (110, 110))
    assert painter.canvas.tool.result.more
    painter.key(Qt.Key.Key_Backspace)
    painter.drag((90, 60), (120, 60))
    if way == "alt":
        painter.drag((80, 105), (140, 105), modifiers=ALT)
    else:
        painter.click_right(80, 105)
        painter.click_right(140, 105)
    painter.key(Qt.Key.Key_Return)
    assert painter.session.mask[70, 110]
    assert not painter.session.mask[100:118, 70:150].any()


def test_strokes_go_on_with_the_selected_polygon_and_leave_the_rest_of_it_alone(painter, house) -> None:
    left = polygon([(60, 50), (100, 26), (100, 120), (60, 120)])
    painter.session.apply(AddShape(Shape("1", Role.OBJECT, left)))
    painter.canvas.select(("1",))
    painter.take("click-to-cut")
    painter.drag((130, 60), (130, 100))
    painter.key(Qt.Key.Key_Return)
    assert [shape.id for shape in painter.annotation.shapes] == ["1"]
    assert iou(painter.session.mask, house) > 0.95
    kept = {tuple(point) for point in painter.annotation.shapes[0].polygon.outer.points.tolist()}
    assert {(60.0, 50.0), (60.0, 120.0)} <= kept


def test_alt_strokes_cut_out_of_the_selected_polygon(painter, house) -> None:
    too_much = polygon([(60, 50), (110, 20), (160, 50), (190, 50), (190, 120), (60, 120)])
    painter.session.apply(AddShape(Shape("1", Role.OBJECT, too_much)))
    painter.canvas.select(("1",))
    painter.take("click-to-cut")
    painter.drag((178, 60), (178, 110), modifiers=ALT)
    painter.key(Qt.Key.Key_Return)
    assert iou(painter.session.mask, house) > 0.95


def test_shift_and_enter_make_an_occluder(painter) -> None:
    painter.canvas.set_occluder_kind(OccluderKind.VEGETATION)
    painter.take("click-to-cut")
    painter.click(100, 80)
    painter.key(Qt.Key.Key_Return, SHIFT)
    assert painter.annotation.shapes[0].kind is OccluderKind.VEGETATION


def test_strokes_that_say_only_what_it_is_not_mean_nothing(painter, qtbot) -> None:
    painter.take("click-to-cut")
    painter.click(100, 80, ALT)
    with qtbot.waitSignal(painter.canvas.hint_changed) as hint:
        painter.key(Qt.Key.Key_Return)
    assert "mean nothing yet" in hint.args[0]
    assert painter.annotation.shapes == ()


def test_enter_waits_for_the_cut_that_is_being_worked_out(painter, house, later) -> None:
    painter.take("click-to-cut")
    painter.drag((100, 70), (105, 75), (110, 80))
    assert len(later.waiting) == 1
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()
    later.run_all()
    assert iou(painter.session.mask, house) > 0.97


def test_a_cut_for_another_image_is_dropped(painter, later) -> None:
    painter.take("click-to-cut")
    painter.click(100, 80)
    session = type(painter.session)(painter.annotation)
    painter.canvas.set_session(session)
    later.run_all()
    assert painter.canvas.tool.result is None
    painter.key(Qt.Key.Key_Return)
    assert session.annotation.shapes == ()


def test_work_that_fails_is_told_and_the_tool_starts_anew(painter) -> None:
    def broken(channel, job, done, failed) -> None:
        del channel, job, done
        failed(GeometryError("the picture is too small to cut"))

    painter.take("click-to-cut")
    painter.canvas.desk.runner = broken
    painter.click(100, 80)
    assert painter.said[0] == "The picture is too small to cut."
