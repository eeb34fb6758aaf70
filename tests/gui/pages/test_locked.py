"""What a locked polygon withstands: every tool, key and button that would change it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import polygon
from annotator.domain.passes import Verdict
from annotator.domain.shapes import OccluderKind, Role, Shape
from annotator.premask.protocol import Proposal
from annotator.premask.stored import proposal_data
from annotator.project.opening import open_project

KEY = PairKey(0, "hall_2")
BLOCK = ((40.0, 30.0), (110.0, 30.0), (110.0, 90.0), (40.0, 90.0))
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def locked(open_folder: Path, town: Any) -> tuple[Any, Any]:
    """A window on a pair whose one object was drawn and locked, both by hand."""
    path = open_folder / "cache" / "premasks" / "g00" / "hall_2.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    other = Proposal((polygon([(5, 5), (150, 5), (150, 25), (5, 25)]),), 0.3, "group", "hall_a")
    path.write_text(json.dumps({"fingerprint": "", "proposal": proposal_data(other)}), encoding="utf-8")
    window = town.open(open_folder, "Mei")
    page = window.view.page("pairs")
    page.open_key_now(KEY)
    town.settled(window)
    town.outline(page.bench.canvas, Qt.Key.Key_P, *BLOCK)
    turn_lock(town, page, "1")
    assert shapes(page)[0].locked
    return window, page


def shapes(page: Any) -> tuple[Any, ...]:
    return tuple(page.bench.canvas.session.annotation.shapes)


def turn_lock(town: Any, page: Any, shape: str) -> None:
    """Click on the lock of a polygon, once the list shows it."""
    panel, name = page.column.polygons, f"polygon.{shape}.lock"
    town.qtbot.waitUntil(lambda: panel.findChild(QWidget, name) is not None)
    town.click(panel.findChild(QWidget, name))


def drag(town: Any, canvas: Any, *points: tuple[float, float]) -> None:
    town.qtbot.mousePress(canvas, LEFT, pos=town.spot(canvas, *points[0]))
    for point in points[1:]:
        town.qtbot.mouseMove(canvas, town.spot(canvas, *point))
    town.qtbot.mouseRelease(canvas, LEFT, pos=town.spot(canvas, *points[-1]))


def pick(town: Any, canvas: Any) -> None:
    """Select the block as a click does."""
    town.press(canvas, Qt.Key.Key_V)
    town.qtbot.mouseClick(canvas, LEFT, pos=town.spot(canvas, 75, 60))


def test_dragging_and_deleting_say_that_it_is_locked(locked: tuple[Any, Any], town: Any) -> None:
    window, page = locked
    canvas, before = page.bench.canvas, shapes(page)
    pick(town, canvas)
    drag(town, canvas, (75, 60), (95, 80), (98, 82))
    assert shapes(page) == before  # a drag on it draws a rubber band, as beside it
    pick(town, canvas)
    town.press(canvas, Qt.Key.Key_Delete)
    assert shapes(page) == before
    assert "locked" in window.view.status.sentence
    town.press(canvas, Qt.Key.Key_Right)
    assert shapes(page) == before


@pytest.mark.parametrize(
    ("tool", "stroke"),
    [
        (Qt.Key.Key_B, ((112, 60), (120, 60))),
        (Qt.Key.Key_E, ((75, 60), (85, 60))),
        (Qt.Key.Key_X, ((30, 60), (120, 60))),
    ],
    ids=["brush", "eraser", "cut"],
)
def test_brush_eraser_and_cut_leave_it_alone(
    locked: tuple[Any, Any], town: Any, tool: Qt.Key, stroke: tuple[tuple[float, float], ...]
) -> None:
    _window, page = locked
    canvas, before = page.bench.canvas, shapes(page)[0]
    pick(town, canvas)
    town.press(canvas, tool)
    drag(town, canvas, *stroke)
    town.press(canvas, Qt.Key.Key_Return)
    assert shapes(page)[0] == before


def test_no_hole_is_drawn_into_it(locked: tuple[Any, Any], town: Any) -> None:
    _window, page = locked
    before = shapes(page)
    town.outline(page.bench.canvas, Qt.Key.Key_H, (60, 50), (80, 50), (80, 70))
    assert shapes(page) == before


def test_the_premask_does_not_replace_it_but_a_part_can_be_added(locked: tuple[Any, Any], town: Any) -> None:
    window, page = locked
    canvas, before = page.bench.canvas, shapes(page)
    town.press(canvas, Qt.Key.Key_T, SHIFT)
    assert canvas.layers.premask
    town.press(canvas, Qt.Key.Key_T)
    assert shapes(page) == before
    assert page.opened_pair.proposer is None
    assert window.view.status.sentence == (
        "A polygon is locked, and the pre-mask would replace it; unlock it, or take a part."
    )
    town.qtbot.mouseClick(canvas, LEFT, SHIFT | CONTROL, town.spot(canvas, 20, 15))
    assert shapes(page)[0] == before[0]
    assert len(shapes(page)) == 2
    turn_lock(town, page, "1")
    town.press(canvas, Qt.Key.Key_T)
    assert [shape.polygon.bounds for shape in shapes(page)] == [(5.0, 5.0, 150.0, 25.0)]


def test_the_lock_is_a_step_that_undo_takes_back(locked: tuple[Any, Any], town: Any) -> None:
    _window, page = locked
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_Z, CONTROL)
    assert not shapes(page)[0].locked
    pick(town, canvas)
    drag(town, canvas, (75, 60), (80, 65))
    assert shapes(page)[0].polygon.bounds == pytest.approx((45, 35, 115, 95), abs=1)
    town.press(canvas, Qt.Key.Key_Z, CONTROL)
    assert shapes(page)[0].polygon.bounds == pytest.approx((40, 30, 110, 90), abs=1)


def test_the_kind_of_a_locked_occluder_cannot_be_chosen(locked: tuple[Any, Any], town: Any) -> None:
    _window, page = locked
    panel = page.column.polygons
    town.outline(page.bench.canvas, Qt.Key.Key_O, (50, 40), (100, 40), (100, 80), (50, 80))
    turn_lock(town, page, "2")
    box = panel.findChild(QComboBox, "polygon.2.kind")
    town.qtbot.waitUntil(lambda: not box.isEnabled())
    assert box.currentText() == "building"


def test_a_kind_that_is_refused_does_not_stay_in_the_list(open_folder: Path, town: Any) -> None:
    tree = Shape("2", Role.OCCLUDER, polygon([(50, 40), (100, 40), (100, 80), (50, 80)]), OccluderKind.VEGETATION)
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED, town.drawn(0.0, tree))
    window = town.open(open_folder, "Mei")
    page = window.view.page("pairs")
    page.open_key_now(PairKey(0, "hall_1"))  # to look at: pass 2 is another person's
    town.settled(window)
    town.qtbot.waitUntil(lambda: page.column.polygons.findChild(QComboBox, "polygon.2.kind") is not None)
    box = page.column.polygons.findChild(QComboBox, "polygon.2.kind")
    box.setFocus()
    town.press(box, Qt.Key.Key_Down)
    assert shapes(page)[1].kind is OccluderKind.VEGETATION
    assert box.currentText() == "vegetation"
