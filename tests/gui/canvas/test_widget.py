"""The canvas widget: what it shows, what it says, and that it leaves nothing behind."""

from __future__ import annotations

import gc
import json
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.geometry import polygon
from annotator.domain.rules import OcclusionSize
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.edits import AddShape, MoveShape, SetAnnotation, SetRole
from annotator.editing.session import EditingSession
from annotator.ui import theme
from annotator.ui.canvas.adjustment import Adjustment
from annotator.ui.canvas.layers import DifferenceLayer, PlaceMark, RemarkPin
from annotator.ui.canvas.limit_panel import limit_sentence
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.tools.base import LimitBox
from annotator.ui.tools.registry import TOOLS

NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
OBJECT = Shape("1", Role.OBJECT, polygon([(40, 40), (140, 40), (140, 120), (40, 120)]))
OCCLUDER = Shape("2", Role.OCCLUDER, polygon([(60, 80), (100, 80), (100, 120), (60, 120)]), OccluderKind.PERSON)
BLUE, ORANGE = QColor("#35C6FF"), QColor("#FF9330")


def session_of(canvas: CanvasWidget) -> EditingSession:
    assert canvas.session is not None
    return canvas.session


def test_the_tint_follows_the_mask_through_edits(canvas: CanvasWidget, viewer: Any) -> None:
    assert viewer.colour(120, 60)[2] > 100
    assert viewer.colour(20, 20) == (90, 90, 90)
    session_of(canvas).apply(MoveShape("1", 50, 0))
    assert viewer.colour(70, 60) == (90, 90, 90)
    assert viewer.colour(180, 60)[2] > 100
    canvas.undo()
    assert viewer.colour(70, 60)[2] > 100
    assert viewer.colour(180, 60) == (90, 90, 90)


def test_an_updated_window_looks_like_a_fresh_repaint(canvas: CanvasWidget, viewer: Any) -> None:
    canvas.select(("1",))
    canvas.insets.loupe_on = False
    for edit in (MoveShape("1", 7, -3), MoveShape("2", -9, 4), SetAnnotation(Annotation((200, 150), (OBJECT,)))):
        session_of(canvas).apply(edit)
        updated = viewer.shot()
        canvas.theme_changed()
        assert updated == viewer.shot()
    canvas.undo()
    updated = viewer.shot()
    canvas.theme_changed()
    assert updated == viewer.shot()


def test_outlines_have_the_colours_of_their_roles(canvas: CanvasWidget, viewer: Any) -> None:
    picture = viewer.shot()

    def nearest(x: float, y: float, wanted: QColor) -> int:
        wx, wy = (int(value) for value in canvas.view.to_widget((x, y)))
        seen = [picture.pixelColor(wx + dx, wy + dy) for dx in range(-2, 3) for dy in range(-2, 3)]
        return min(abs(c.red() - wanted.red()) + abs(c.blue() - wanted.blue()) for c in seen)

    assert nearest(120, 40, BLUE) < 60
    assert nearest(80, 80, ORANGE) < 60


def test_overlay_and_adjustment(canvas: CanvasWidget, viewer: Any) -> None:
    canvas.set_overlay(0.0)
    assert viewer.colour(120, 60) == (90, 90, 90)
    canvas.set_overlay(1.0)
    assert viewer.colour(120, 60)[2] > 140
    canvas.set_overlay(0.0)
    canvas.set_adjustment(Adjustment(brightness=0.2))
    assert viewer.colour(120, 60) == (141, 141, 141)
    canvas.set_adjustment(Adjustment())
    assert viewer.colour(120, 60) == (90, 90, 90)


def test_blinking_shows_the_other_mask_while_z_is_held(canvas: CanvasWidget, viewer: Any) -> None:
    other = Shape("9", Role.OBJECT, polygon([(150, 20), (190, 20), (190, 60), (150, 60)]))
    canvas.layers.blink = Annotation((200, 150), (other,))
    canvas.setFocus()
    QTest.keyPress(canvas, Qt.Key.Key_Z)
    assert viewer.colour(170, 40)[2] > 100
    assert viewer.colour(120, 60) == (90, 90, 90)
    QTest.keyRelease(canvas, Qt.Key.Key_Z)
    assert viewer.colour(170, 40) == (90, 90, 90)
    canvas.layers.blink = None
    canvas.set_blinking(True)
    assert viewer.colour(120, 60) == (90, 90, 90)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert not canvas.scene.blinking


def test_the_keyboard_does_not_edit_while_blinking(canvas: CanvasWidget) -> None:
    canvas.select(("1",))
    canvas.set_blinking(True)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(session_of(canvas).annotation.shapes) == 2


def test_hidden_shapes_keep_their_pixels(canvas: CanvasWidget, viewer: Any) -> None:
    before = viewer.shot()
    canvas.layers.hidden = frozenset({"2"})
    assert viewer.shot() != before
    assert viewer.colour(120, 60)[2] > 100
    canvas.layers.hidden = frozenset()
    assert viewer.shot() == before


def test_remarks_and_places_are_clicked_before_the_tool(canvas: CanvasWidget, qtbot: QtBot) -> None:
    canvas.layers.remarks = (RemarkPin(7, (70, 60)), RemarkPin(8, (90, 60), open=False))
    x, y = canvas.view.to_widget((70, 60))
    with qtbot.waitSignal(canvas.remark_clicked) as remark:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(int(x), int(y)))
    assert remark.args == [7]
    assert canvas.selection.shapes == ()
    place = PlaceMark(3, (100, 50, 120, 70), True)
    canvas.layers.difference = DifferenceLayer((), (), (place,), current=3)
    x, y = canvas.view.to_widget((120, 50))
    with qtbot.waitSignal(canvas.place_clicked) as clicked:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(int(x) + 14, int(y) + 14))
    assert clicked.args == [3]


def test_the_difference_takes_the_place_of_the_polygons(canvas: CanvasWidget, viewer: Any) -> None:
    added = polygon([(10, 10), (30, 10), (30, 30), (10, 30)])
    removed = polygon([(150, 100), (190, 100), (190, 140), (150, 140)])
    canvas.layers.difference = DifferenceLayer((added,), (removed,), outline=session_of(canvas).annotation)
    assert viewer.colour(20, 20)[2] > 150
    red, _, blue = viewer.colour(170, 120)
    assert red > blue
    assert viewer.colour(120, 60) == (90, 90, 90)
    canvas.layers.difference = None
    assert viewer.colour(20, 20) == (90, 90, 90)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_layer_is_painted_in_both_themes(canvas: CanvasWidget, viewer: Any, name: str, monkeypatch) -> None:
    monkeypatch.setattr(theme._Current, "theme", theme.theme_named(name))
    canvas.theme_changed()
    plain = viewer.shot()
    assert plain.pixelColor(2, 2) == theme.current().colour("canvas")
    layers = {
        "premask": (OBJECT.polygon.moved(9, 9),),
        "query_box": (10.0, 30.0, 150.0, 140.0),
        "remarks": (RemarkPin(1, (20, 20)),),
        "linked": (30.0, 30.0),
    }
    for layer, value in layers.items():
        empty = getattr(canvas.layers, layer)
        setattr(canvas.layers, layer, value)
        assert viewer.shot() != plain
        setattr(canvas.layers, layer, empty)
        assert viewer.shot() == plain


def test_the_place_of_a_missing_image(canvas: CanvasWidget, viewer: Any) -> None:
    canvas.set_session(None)
    canvas.set_image(None)
    empty = viewer.shot()
    canvas.layers.placeholder = ("Image not here", "Put it into the image folder.")
    assert viewer.shot() != empty
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(100, 100))
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    viewer.wheel(1, CONTROL)
    canvas.undo()
    canvas.redo()
    assert canvas.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("share", "thickness", "overridden", "text", "role"),
    [
        (0.001, 3, False, "Below both limits: it stays in the mask.", Role.KEPT),
        (0.2, 40, False, "Above both limits: it is cut out.", Role.OCCLUDER),
        (0.2, 3, False, "Above the share: it is cut out.", Role.OCCLUDER),
        (0.001, 40, False, "Above the thickness: it is cut out.", Role.OCCLUDER),
        (0.001, 3, True, "You chose: it is cut out.", Role.OCCLUDER),
        (0.2, 40, True, "You chose: it stays in the mask.", Role.KEPT),
    ],
)
def test_the_limit_box(canvas: CanvasWidget, viewer: Any, share, thickness, overridden, text, role) -> None:
    size = OcclusionSize(share, 0.005, thickness, 18.0)
    limit = LimitBox(size, OCCLUDER.polygon, OccluderKind.PERSON, overridden)
    assert (limit_sentence(limit), limit.role) == (text, role)
    before = viewer.shot()
    canvas.show_limit(limit)
    assert viewer.shot() != before
    canvas.show_limit(None)
    assert viewer.shot() == before


def test_a_selected_occlusion_shows_its_measure_and_follows_it(canvas: CanvasWidget) -> None:
    canvas.select(("2",))
    assert canvas.limit is not None
    assert canvas.limit.size.share == pytest.approx(41 * 41 / (101 * 81))
    assert canvas.limit.role is Role.OCCLUDER
    session_of(canvas).apply(MoveShape("2", 60, 0), merge_key="drag")
    assert canvas.limit.size.share == pytest.approx(21 * 41 / (101 * 81))
    session_of(canvas).settle()
    session_of(canvas).apply(SetRole("2", Role.KEPT, OccluderKind.PERSON))
    assert canvas.limit.overridden
    canvas.select(("1",))
    assert canvas.limit is None


def test_the_stack_and_the_session_stay_in_step(canvas: CanvasWidget) -> None:
    session, stack = session_of(canvas), canvas.undo_stack
    session.apply(MoveShape("1", 1, 0))
    session.apply(MoveShape("1", 1, 0), merge_key="drag")
    session.apply(MoveShape("1", 1, 0), merge_key="drag")
    session.settle()
    assert (stack.count(), stack.index()) == (2, 2)
    session.undo()
    assert stack.index() == 1
    stack.undo()
    assert session.annotation.shape("1") == OBJECT
    session.redo()
    stack.redo()
    assert session.annotation.shape("1").polygon == OBJECT.polygon.moved(3, 0)
    session.apply(MoveShape("1", 1, 0), merge_key="drag")
    session.cancel()
    assert stack.count() == 2
    stack.undo()
    session.apply(AddShape(Shape("3", Role.OBJECT, OBJECT.polygon)))
    assert (stack.count(), stack.undoText()) == (2, "Draw an object")


def test_undo_in_the_middle_of_a_drag_is_safe(canvas: CanvasWidget) -> None:
    session = session_of(canvas)
    session.apply(MoveShape("1", 5, 0), merge_key="drag")
    canvas.undo()
    assert session.annotation.shape("1") == OBJECT
    assert canvas.undo_stack.index() == 0


def test_another_session_starts_with_an_empty_stack(canvas: CanvasWidget) -> None:
    old = session_of(canvas)
    old.apply(MoveShape("1", 1, 0))
    canvas.select(("1",))
    canvas.set_session(EditingSession(Annotation((200, 150))))
    assert canvas.undo_stack.count() == 0
    assert canvas.selection.shapes == ()
    old.apply(MoveShape("1", 1, 0))
    assert canvas.undo_stack.count() == 0


def test_selection_forgets_what_is_gone(canvas: CanvasWidget) -> None:
    canvas.select(("1", "2"))
    session_of(canvas).apply(SetAnnotation(Annotation((200, 150), (OBJECT,))))
    assert canvas.selection.shapes == ("1",)


def test_unused_keys_go_on_to_the_window(canvas: CanvasWidget) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Q, NONE, "q")
    QApplication.sendEvent(canvas, event)
    assert not event.isAccepted()


@pytest.mark.usefixtures("qtbot")
def test_a_closed_canvas_is_gone() -> None:
    canvas = CanvasWidget()
    session = EditingSession(Annotation((20, 20)))
    canvas.set_image(np.zeros((20, 20, 3), dtype=np.uint8))
    canvas.set_session(session)
    canvas.set_tool(TOOLS["polygon"])
    canvas.show()
    gone = weakref.ref(canvas)
    canvas.set_session(None)
    canvas.set_tool(None)
    canvas.close()
    canvas.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del canvas
    gc.collect()
    assert gone() is None
    assert session.annotation.size == (20, 20)


def test_a_real_photograph_with_its_hand_made_mask(canvas: CanvasWidget, viewer: Any, shared: Path) -> None:
    photograph = Image.open(shared / "data/roxford5k/jpg/all_souls_000041.jpg").convert("RGB")
    label = json.loads((shared / "data/masks/index/all_souls__all_souls_000041.json").read_text())
    shapes = []
    for number, entry in enumerate(label["shapes"]):
        occludes = entry["label"] != "object"
        role, kind = (Role.OCCLUDER, OccluderKind.BUILDING) if occludes else (Role.OBJECT, None)
        shapes.append(Shape(str(number), role, polygon(entry["points"]), kind))
    canvas.set_image(np.asarray(photograph))
    canvas.set_session(EditingSession(Annotation(photograph.size, tuple(shapes))))
    canvas.select(("0",))
    plain = viewer.shot()
    assert plain.size() == canvas.size()
    truth = np.asarray(Image.open(shared / "data/masks/index/all_souls__all_souls_000041.png").convert("L")) > 0
    different = (session_of(canvas).mask ^ truth).sum() / truth.sum()
    assert different < 0.02
