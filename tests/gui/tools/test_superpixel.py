"""The superpixel brush with real events on a painted house."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from annotator.domain.shapes import OccluderKind, Role
from annotator.editing.edits import SetLocked

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def sweep(step: int = 12):
    """Places all over the inside of the house, back and forth."""
    places = []
    for row, y in enumerate(range(58, 116, step)):
        xs = range(66, 156, step)
        places += [(x, y) for x in (xs if row % 2 == 0 else reversed(xs))]
    return [*places, (110, 100), (110, 30), (95, 42), (125, 42), (110, 45)]


def test_a_drag_over_the_house_gives_the_house(painter, house) -> None:
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    painter.drag(*sweep())
    assert len(painter.annotation.shapes) == 1
    assert painter.annotation.shapes[0].role is Role.OBJECT
    assert iou(painter.session.mask, house) > 0.9
    outside = painter.session.mask & ~house
    assert outside.sum() < 0.03 * house.sum()
    assert painter.canvas.undo_stack.count() == 1
    painter.canvas.undo()
    assert painter.annotation.shapes == ()


def test_a_second_drag_grows_the_polygon_that_it_touches(painter) -> None:
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    painter.drag((70, 70), (90, 70))
    first = painter.session.mask.copy()
    painter.drag((90, 70), (140, 70))
    assert len(painter.annotation.shapes) == 1
    assert (painter.session.mask & ~first).sum() > 400
    assert (first & ~painter.session.mask).sum() < 0.01 * first.sum()


def test_regions_beside_a_polygon_unite_with_it_without_a_gap(painter) -> None:
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    for start in range(66, 156, 18):
        painter.drag((start, 60), (start, 114))
    assert len(painter.annotation.shapes) == 1
    assert painter.annotation.shapes[0].polygon.holes == ()
    assert painter.session.mask[62:112, 68:136].all()
    assert painter.canvas.undo_stack.count() == 5


def test_alt_takes_regions_away_and_nothing_of_them_stays(painter) -> None:
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    painter.drag(*sweep())
    before = painter.session.mask.copy()
    tool = painter.canvas.tool
    place = (110.0, 80.0)
    region = tool._found.mask(frozenset((tool._found.at(place),)))  # the window is all of the image here
    painter.drag(place, place, modifiers=ALT)
    assert region.shape == before.shape
    assert not painter.session.mask[80, 110]
    assert (painter.session.mask & region).sum() <= 0.03 * region.sum()
    gone = before & ~painter.session.mask
    assert gone.sum() < 1.2 * region.sum()


def test_locked_polygons_are_not_taken_from(painter) -> None:
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    painter.drag((70, 70), (140, 70))
    before = painter.session.mask.copy()
    painter.session.apply(SetLocked("1", True))
    painter.canvas.select(())
    painter.drag((100, 70), (110, 70), modifiers=ALT)
    assert np.array_equal(painter.session.mask, before)


def test_shift_makes_an_occluder(painter) -> None:
    painter.canvas.set_occluder_kind(OccluderKind.PERSON)
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    painter.drag((70, 70), (90, 70), modifiers=SHIFT)
    assert painter.annotation.shapes[-1].kind is OccluderKind.PERSON


@pytest.mark.parametrize("finish", ["before", "after"])
def test_a_gesture_may_begin_before_the_regions_are_made(painter, house, later, finish) -> None:
    painter.canvas.set_brush_size(20)
    painter.take("superpixel")
    places = sweep()
    painter.press(*places[0])
    for place in places[1:]:
        painter.move(*place)
    if finish == "after":
        later.run_all()
    painter.release(*places[-1])
    assert painter.annotation.shapes == ()
    later.run_all()
    assert iou(painter.session.mask, house) > 0.9


def test_only_the_newest_of_many_views_is_worked_on(painter, later) -> None:
    painter.take("superpixel")
    for x in range(30, 120, 10):
        painter.canvas.navigation.zoom_to(2.0 + x / 100)
        painter.move(x, 70)
    assert len(later.waiting) == 1
    later.run()
    assert len(later.waiting) == 1
    later.run()
    assert later.waiting == []


def test_escape_forgets_the_gesture(painter) -> None:
    painter.take("superpixel")
    painter.press(70, 70)
    painter.move(120, 70)
    painter.key(Qt.Key.Key_Escape)
    painter.release(120, 70)
    assert painter.annotation.shapes == ()


def test_the_size_of_the_regions_follows_the_brush(painter) -> None:
    counts = []
    for size in (10, 40):
        painter.canvas.set_brush_size(size)
        painter.take("superpixel")
        painter.move(100, 70)
        counts.append(int(painter.canvas.tool._found.labels.max()))
    assert counts[0] > 8 * counts[1]
