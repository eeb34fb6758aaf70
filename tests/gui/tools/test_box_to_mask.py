"""The rectangle tool with Alt: the object that fills the box."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

from annotator.domain.geometry import polygon
from annotator.domain.shapes import OccluderKind, Role

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CORNERS = (50, 12), (170, 128)


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def test_a_box_around_the_house_gives_the_house(painter, house) -> None:
    painter.take("rectangle")
    painter.drag(CORNERS[0], (100, 90), CORNERS[1], modifiers=ALT)
    assert iou(painter.session.mask, house) > 0.97
    assert painter.annotation.shapes[0].role is Role.OBJECT
    assert painter.canvas.undo_stack.count() == 1
    painter.canvas.undo()
    assert painter.annotation.shapes == ()


def test_without_alt_it_stays_a_rectangle(painter) -> None:
    painter.take("rectangle")
    painter.drag((50, 20), (170, 100))
    assert painter.annotation.shapes[0].polygon == polygon([(50, 20), (170, 20), (170, 100), (50, 100)])


def test_with_shift_it_is_an_occluder(painter) -> None:
    painter.canvas.set_occluder_kind(OccluderKind.OTHER)
    painter.take("rectangle")
    painter.drag(*CORNERS, modifiers=ALT | SHIFT)
    assert painter.annotation.shapes[0].kind is OccluderKind.OTHER


def test_a_box_without_anything_in_it_says_so(painter) -> None:
    painter.canvas.set_image(np.full((150, 200, 3), 128, dtype=np.uint8), fit=False)
    painter.take("rectangle")
    painter.drag((10, 10), (40, 40), modifiers=ALT)
    assert painter.annotation.shapes == ()
    assert painter.said == ["Nothing in this box stands out from what is around it."]


def test_a_tiny_box_is_nothing(painter) -> None:
    painter.take("rectangle")
    painter.drag((100, 80), (102, 82), modifiers=ALT)
    assert painter.annotation.shapes == ()
    assert painter.said == []


def test_the_preview_follows_and_only_the_last_box_counts(painter, house, later) -> None:
    painter.take("rectangle")
    painter.drag(CORNERS[0], (90, 70), (120, 100), (150, 110), CORNERS[1], modifiers=ALT)
    assert len(later.waiting) == 1
    later.run()
    assert len(later.waiting) == 1  # of the boxes in between only the finished one is worked out
    assert painter.annotation.shapes == ()
    later.run()
    assert iou(painter.session.mask, house) > 0.97


def test_escape_while_it_is_worked_out_drops_it(painter, later) -> None:
    painter.take("rectangle")
    painter.drag(*CORNERS, modifiers=ALT)
    painter.key(Qt.Key.Key_Escape)
    later.run_all()
    assert painter.annotation.shapes == ()
