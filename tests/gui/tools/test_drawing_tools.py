"""Polygon, lasso, rectangle, hole, occluder, brush, eraser, cut, smooth and remark, with real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill, mask_of
from annotator.domain.remarks import RemarkPlace
from annotator.domain.rules import Rules
from annotator.domain.shapes import OccluderKind, Role
from annotator.editing.edits import SetLocked
from annotator.ui.tools.registry import GROUPS, TOOLS
from resources import accessor

SIZE = (200, 150)
TRIANGLE = [(120, 20), (180, 20), (180, 70)]


def draw(hand, points: list[tuple[float, float]]) -> None:
    for point in points:
        hand.click(*point)


def last(hand):
    return hand.annotation.shapes[-1]


@pytest.mark.parametrize("ending", ["enter", "first point", "double click"])
def test_polygon_closes_in_three_ways(hand, ending: str) -> None:
    hand.take("polygon")
    draw(hand, TRIANGLE)
    if ending == "enter":
        hand.key(Qt.Key.Key_Return)
    elif ending == "first point":
        hand.click(121, 21)
    else:
        hand.double_click(*TRIANGLE[-1])
    assert last(hand).polygon == polygon(TRIANGLE)
    assert last(hand).role is Role.OBJECT
    assert hand.canvas.selection.shapes == ("2",)
    expected = fill([polygon(TRIANGLE), hand.annotation.shapes[0].polygon], SIZE)
    assert np.array_equal(hand.session.mask, expected)
    hand.canvas.undo()
    assert len(hand.annotation.shapes) == 1
    assert hand.canvas.selection.shapes == ()


def test_backspace_takes_the_last_point_back_and_escape_all(hand) -> None:
    hand.take("polygon")
    draw(hand, [*TRIANGLE, (10, 140)])
    hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    assert last(hand).polygon == polygon(TRIANGLE)
    draw(hand, [(10, 10), (20, 10), (20, 20)])
    hand.key(Qt.Key.Key_Escape)
    hand.key(Qt.Key.Key_Return)
    assert len(hand.annotation.shapes) == 2


def test_undo_while_drawing_takes_a_point_back_first(hand) -> None:
    hand.take("polygon")
    draw(hand, [*TRIANGLE, (10, 140)])
    hand.canvas.undo()
    hand.key(Qt.Key.Key_Return)
    assert last(hand).polygon == polygon(TRIANGLE)


def test_an_outline_that_crosses_itself_stays_to_be_mended(hand) -> None:
    hand.take("polygon")
    draw(hand, [(120, 20), (180, 70), (180, 20), (120, 75)])
    hand.key(Qt.Key.Key_Return)
    assert "crosses itself" in hand.said[0]
    assert hand.said[0].endswith("; Backspace takes points back.")
    assert len(hand.annotation.shapes) == 1
    hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    assert last(hand).polygon.vertices == 3


def test_two_points_are_no_polygon(hand) -> None:
    hand.take("polygon")
    draw(hand, TRIANGLE[:2])
    hand.key(Qt.Key.Key_Return)
    assert hand.said == ["An outline needs 3 points, this one has 2."]


def test_another_tool_forgets_what_was_half_drawn(hand) -> None:
    hand.take("polygon")
    draw(hand, TRIANGLE)
    hand.take("rectangle")
    hand.take("polygon")
    hand.key(Qt.Key.Key_Return)
    assert len(hand.annotation.shapes) == 1


def test_points_beyond_the_border_lie_on_it(hand) -> None:
    hand.take("polygon")
    draw(hand, [(120, 120), (230, 120), (230, 170)])
    hand.key(Qt.Key.Key_Return)
    assert last(hand).polygon == polygon([(120, 120), (199, 120), (199, 149)])


def test_rectangle(hand) -> None:
    hand.take("rectangle")
    hand.drag((120, 20), (150, 30), (160, 60))
    assert last(hand).polygon == polygon([(120, 20), (160, 20), (160, 60), (120, 60)])
    hand.drag((10, 10), (10, 10))
    assert len(hand.annotation.shapes) == 2
    hand.canvas.undo()
    assert len(hand.annotation.shapes) == 1


def test_lasso(hand) -> None:
    hand.take("lasso")
    turns = np.linspace(0, 2 * np.pi, 60)
    path = [(155 + 25 * float(np.cos(t)), 80 + 25 * float(np.sin(t))) for t in turns]
    hand.drag(*path)
    drawn = fill([last(hand).polygon], SIZE)
    assert last(hand).role is Role.OBJECT
    assert drawn.sum() == pytest.approx(np.pi * 25**2, rel=0.08)
    assert last(hand).polygon.vertices < 60
    hand.canvas.undo()
    assert len(hand.annotation.shapes) == 1
    hand.press(150, 20)
    hand.move(170, 20)
    hand.key(Qt.Key.Key_Escape)
    hand.release(170, 40)
    assert len(hand.annotation.shapes) == 1


def test_a_hole_is_drawn_into_the_polygon_under_it(hand) -> None:
    hand.take("hole")
    hand.click(150, 20)
    hole = [(60, 60), (80, 60), (80, 80)]
    draw(hand, hole)
    hand.key(Qt.Key.Key_Return)
    shape = hand.annotation.shape("1")
    assert shape.polygon.holes == (polygon(hole).outer,)
    expected = fill([polygon([(40, 40), (100, 40), (100, 100), (40, 100)], hole)], SIZE)
    assert np.array_equal(hand.session.mask, expected)
    assert not hand.session.mask[65, 75]
    hand.canvas.undo()
    assert hand.annotation.shape("1").polygon.holes == ()


def test_a_hole_that_leaves_its_polygon_is_refused(hand) -> None:
    hand.take("hole")
    draw(hand, [(60, 60), (150, 60), (80, 80)])
    hand.key(Qt.Key.Key_Return)
    assert "leaves its polygon" in hand.said[0]
    assert hand.annotation.shape("1").polygon.holes == ()


def test_an_occluder_shows_its_limit_live_and_takes_the_role_of_the_rules(hand) -> None:
    hand.canvas.set_rules(Rules(share=0.05, thickness=0.2))
    hand.canvas.set_occluder_kind(OccluderKind.VEGETATION)
    hand.take("occluder")
    draw(hand, [(60, 90), (90, 90)])
    assert hand.canvas.limit is None
    hand.move(90, 120)
    assert hand.canvas.limit is not None
    on_the_object = sum(31 - row for row in range(11))  # the triangle's rows 90 to 100, on an object of 61 by 61 pixels
    assert hand.canvas.limit.size.share == pytest.approx(on_the_object / 61**2)
    draw(hand, [(90, 130), (60, 130)])
    assert hand.canvas.limit.size.share > 0.05
    hand.key(Qt.Key.Key_Return)
    assert (last(hand).role, last(hand).kind) == (Role.OCCLUDER, OccluderKind.VEGETATION)
    assert not hand.session.mask[95, 70]
    assert np.array_equal(hand.session.mask, mask_of(hand.annotation))
    assert hand.canvas.limit.role is Role.OCCLUDER  # the new one is selected, and its measure stays
    draw(hand, [(50, 50), (53, 50), (53, 58), (50, 58)])
    hand.key(Qt.Key.Key_Return)
    assert last(hand).role is Role.KEPT
    assert hand.session.mask[54, 51]


def test_the_side_of_the_rules_can_be_overridden(hand) -> None:
    hand.take("occluder")
    hand.canvas.desk.occluder_override = True
    draw(hand, [(60, 60), (90, 60), (90, 90), (60, 90)])
    hand.key(Qt.Key.Key_Return)
    assert last(hand).role is Role.KEPT
    assert not hand.canvas.desk.occluder_override


def test_the_brush_grows_the_polygon_under_it_and_starts_new_ones(hand) -> None:
    hand.take("brush")
    hand.canvas.set_brush_size(10)
    before = hand.session.mask.copy()
    hand.drag((95, 70), (110, 70), (120, 70))
    assert len(hand.annotation.shapes) == 1
    grown = hand.session.mask
    assert grown[70, 122]
    assert not grown[70, 127]
    assert (grown >= before).all()
    assert grown[:, :100].sum() - before[:, :100].sum() == pytest.approx(0, abs=2)
    hand.canvas.undo()
    assert np.array_equal(hand.session.mask, before)
    hand.drag((150, 30), (170, 30))
    assert len(hand.annotation.shapes) == 2
    assert hand.session.mask[30, 160]
    assert hand.session.mask[30:, 160].sum() == pytest.approx(5, abs=1)


def test_the_eraser_takes_from_what_is_under_it(hand) -> None:
    hand.take("eraser")
    hand.canvas.set_brush_size(8)
    before = hand.annotation
    hand.drag((30, 70), (70, 70), (110, 70))
    assert [shape.id for shape in hand.annotation.shapes] == ["1", "2"]
    assert not hand.session.mask[67:74, 30:110].any()
    assert hand.session.mask[60, 70]
    assert hand.canvas.undo_stack.count() == 1
    hand.canvas.undo()
    assert hand.annotation == before
    hand.session.apply(SetLocked("1", True))
    hand.drag((30, 70), (110, 70))
    assert hand.session.mask[70, 70]


def test_the_brush_size_follows_its_keys(hand) -> None:
    hand.canvas.set_brush_size(10)
    hand.canvas.scale_brush(1)
    assert hand.canvas.desk.brush_size == 12
    hand.canvas.scale_brush(-20)
    assert hand.canvas.desk.brush_size == 1


def test_a_cut_line_splits(hand) -> None:
    hand.take("cut")
    draw(hand, [(70, 30), (70, 110)])
    before = hand.session.mask.copy()
    hand.key(Qt.Key.Key_Return)
    assert [shape.polygon.bounds for shape in hand.annotation.shapes] == [(40, 40, 70, 100), (70, 40, 100, 100)]
    assert np.array_equal(hand.session.mask, before)
    hand.canvas.undo()
    assert len(hand.annotation.shapes) == 1


def test_a_closed_cut_takes_the_region_out_and_with_shift_adds_it(hand) -> None:
    hand.take("cut")
    region = [(90, 50), (130, 50), (130, 80), (90, 80)]
    draw(hand, region)
    hand.click(*region[0])
    assert not hand.session.mask[60, 95]
    hand.canvas.undo()
    draw(hand, region)
    hand.click(*region[0], Qt.KeyboardModifier.ShiftModifier)
    assert hand.session.mask[60, 125]
    assert len(hand.annotation.shapes) == 1


def test_a_cut_beside_everything_says_so(hand) -> None:
    hand.take("cut")
    draw(hand, [(150, 20), (180, 20)])
    hand.key(Qt.Key.Key_Return)
    assert "meets no polygon" in hand.said[0]


def test_smooth_previews_with_its_bound_and_enter_takes_it(hand, qtbot) -> None:
    hand.take("smooth")
    with qtbot.waitSignal(hand.canvas.hint_changed) as hint:
        hand.click(70, 70)
    assert "px at most" in hint.args[0]
    tool = hand.canvas.tool
    assert tool.preview.bound == pytest.approx(1.5)
    first = tool.preview.bound
    hand.key(Qt.Key.Key_Plus)
    assert tool.preview.bound > first
    before = hand.annotation
    hand.key(Qt.Key.Key_Return)
    assert hand.annotation != before
    hand.canvas.undo()
    assert hand.annotation == before
    hand.click(70, 70)
    hand.key(Qt.Key.Key_Escape)
    hand.key(Qt.Key.Key_Return)
    assert hand.annotation == before


def test_shift_click_simplifies(hand) -> None:
    hand.take("lasso")
    hand.drag(*[(120 + x, 30 + (x % 3)) for x in range(0, 60, 4)], (170, 60), (120, 60))
    count = last(hand).polygon.vertices
    hand.take("select")
    hand.canvas.select(())
    hand.take("smooth")
    hand.click(140, 45, Qt.KeyboardModifier.ShiftModifier)
    hand.key(Qt.Key.Key_Return)
    assert last(hand).polygon.vertices < count


def asked_by(hand, qtbot, action) -> RemarkPlace:
    with qtbot.waitSignal(hand.canvas.remark_requested) as asked:
        action()
    return asked.args[0]


def test_a_click_asks_for_a_remark_on_a_point(hand, qtbot) -> None:
    hand.take("remark")
    place = asked_by(hand, qtbot, lambda: hand.click(50, 60))
    assert (place.point.x, place.point.y) == pytest.approx((50, 60), abs=0.6)
    assert place.region is None


def test_a_drag_asks_for_a_remark_on_a_region(hand, qtbot) -> None:
    hand.take("remark")
    place = asked_by(hand, qtbot, lambda: hand.drag((50, 60), (90, 60), (90, 80), (50, 80), (50, 62)))
    assert place.point is None
    assert place.region.bounds == pytest.approx((50, 60, 90, 80), abs=1.0)
    assert abs(place.region.signed_area) == pytest.approx(40 * 20, rel=0.05)


def test_a_region_ends_at_the_image_and_a_line_is_a_point(hand, qtbot) -> None:
    hand.take("remark")
    place = asked_by(hand, qtbot, lambda: hand.drag((10, 10), (-30, 10), (-30, -20), (10, -20)))
    assert place.region.bounds == pytest.approx((0, 0, 10, 10), abs=1.0)
    line = asked_by(hand, qtbot, lambda: hand.drag((50, 60), (70, 60), (90, 60)))
    assert line.region is None
    assert (line.point.x, line.point.y) == pytest.approx((50, 60), abs=0.6)


def test_enter_asks_for_a_remark_at_the_cursor(hand, qtbot) -> None:
    hand.take("remark")
    for x in (48, 50):  # the first move only brings the cursor onto the canvas
        hand.move(x, 60)
        QApplication.processEvents()
    place = asked_by(hand, qtbot, lambda: hand.key(Qt.Key.Key_Return))
    assert (place.point.x, place.point.y) == pytest.approx((50, 60), abs=0.6)


def test_escape_gives_a_region_up(hand, qtbot) -> None:
    hand.take("remark")
    with qtbot.assertNotEmitted(hand.canvas.remark_requested):
        hand.press(50, 60)
        hand.move(90, 60)
        hand.key(Qt.Key.Key_Escape)
        hand.release(90, 80)


def test_read_only_canvases_change_nothing(hand) -> None:
    session = hand.session
    hand.canvas.set_session(session, read_only=True)
    before = session.annotation
    for name in TOOLS:
        hand.take(name)
        hand.drag((60, 60), (80, 80), (90, 60))
        hand.click(60, 60)
        hand.key(Qt.Key.Key_Return)
        hand.key(Qt.Key.Key_Delete)
    hand.canvas.undo()
    assert session.annotation == before
    assert not session.can_undo


def test_every_tool_is_described_and_has_its_icon() -> None:
    keys = [tool.default_key for group in GROUPS for tool in group]
    assert len(set(keys)) == len(keys) == len(TOOLS)
    for name, tool in TOOLS.items():
        assert tool.name == name
        assert tool.help.endswith(".")
        assert accessor.path(f"icons/{tool.icon}.svg").is_file()
