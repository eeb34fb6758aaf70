"""The magnetic outline with real events on a painted house."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill
from annotator.domain.shapes import OccluderKind, Role

CORNERS = [(60, 50), (110, 20), (160, 50), (160, 120), (60, 120)]
CTRL = Qt.KeyboardModifier.ControlModifier


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def around(hand, points=CORNERS) -> None:
    for x, y in points:
        hand.move(x - 3, y + 1)
        hand.click(x, y)


def test_the_line_follows_the_house(painter, house) -> None:
    painter.take("magnetic")
    around(painter)
    painter.key(Qt.Key.Key_Return)
    drawn = painter.annotation.shapes[-1]
    assert drawn.role is Role.OBJECT
    assert iou(painter.session.mask, house) > 0.97
    assert drawn.polygon.vertices < 60
    assert painter.canvas.selection.shapes == (drawn.id,)
    assert painter.canvas.undo_stack.count() == 1
    painter.canvas.undo()
    assert painter.annotation.shapes == ()


def test_two_clicks_far_beside_the_corners_still_find_the_edges(painter, house) -> None:
    painter.take("magnetic")
    around(painter, [(62, 51), (158, 52), (158, 119), (62, 118)])
    painter.click(62, 51)
    assert iou(painter.session.mask, house) > 0.9
    assert painter.session.mask[30, 110]  # the gable, which straight lines between the clicks would have cut off


def test_with_control_the_line_is_straight_and_exact(painter) -> None:
    painter.take("magnetic")
    points = [(20, 20), (50, 20), (50, 100), (20, 100)]
    for x, y in points:
        painter.click(x, y, CTRL)
    painter.key(Qt.Key.Key_Return)
    assert np.array_equal(painter.session.mask, fill([polygon(points)], (200, 150)))


def test_backspace_takes_anchors_back_and_escape_all(painter) -> None:
    painter.take("magnetic")
    tool = painter.canvas.tool
    around(painter, CORNERS[:3])
    three = len(tool.line)
    painter.key(Qt.Key.Key_Backspace)
    assert len(tool.line) < three
    for _ in range(4):
        painter.key(Qt.Key.Key_Backspace)
    assert len(tool.line) == 0
    around(painter, CORNERS[:3])
    painter.key(Qt.Key.Key_Escape)
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()


def test_an_outline_that_encloses_nothing_is_refused_with_a_sentence(painter) -> None:
    painter.take("magnetic")
    painter.click(60, 90)
    painter.key(Qt.Key.Key_Return)
    assert painter.said == ["This outline encloses nothing; click further along the border."]
    assert painter.annotation.shapes == ()


def test_shift_and_enter_make_an_occluder_of_the_chosen_kind(painter) -> None:
    painter.canvas.set_occluder_kind(OccluderKind.VEHICLE)
    painter.take("magnetic")
    around(painter)
    painter.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    drawn = painter.annotation.shapes[-1]
    assert drawn.role in (Role.OCCLUDER, Role.KEPT)
    assert drawn.kind is OccluderKind.VEHICLE


def test_clicks_that_come_before_their_window_are_mended_when_it_arrives(painter, house, later) -> None:
    painter.take("magnetic")
    around(painter)
    assert painter.annotation.shapes == ()
    assert len(painter.canvas.tool.line) == len(CORNERS)  # straight pieces so far
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()
    later.run_all()
    assert len(painter.annotation.shapes) == 1
    assert iou(painter.session.mask, house) > 0.97


def test_a_window_that_comes_after_another_tool_was_taken_is_dropped(painter, later) -> None:
    painter.take("magnetic")
    painter.click(60, 50)
    painter.take("polygon")
    later.run_all()
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()


def test_a_cursor_that_leaves_the_window_is_followed_with_anchors_of_its_own(painter, house) -> None:
    wide = np.full((150, 900, 3), 200, dtype=np.uint8)
    wide[75:] = 40
    painter.canvas.set_session(type(painter.session)(type(painter.annotation)((900, 150))))
    painter.canvas.set_image(wide)
    painter.take("magnetic")
    scale = painter.canvas.view.scale
    level = painter.canvas.scene.image.level_for(scale).shape[1]
    painter.click(20, 75)
    for x in range(60, 880, 40):
        painter.move(x, 76)
    line = painter.canvas.tool.line
    assert line[-1, 0] > 880 - 200 * 900 / level
    assert np.abs(line[:, 1] - 75).max() <= 1.5 * 900 / level
    painter.key(Qt.Key.Key_Escape)
    assert house.any()
