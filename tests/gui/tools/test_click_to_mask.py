"""Click-to-mask with real events on a painted house, with a model that takes the colours that are clicked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill
from annotator.domain.shapes import OccluderKind, Role, Shape
from annotator.editing.edits import AddShape
from annotator.editing.session import EditingSession
from annotator.premask.models.files import ModelKind
from annotator.project.models import register_model
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.click_reader import CHANNEL, ClickReader
from annotator.ui.tools.click_to_mask import READING

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ENTER, BACKSPACE, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape

WALL, SKY, DOOR = (180, 90, 60), (90, 140, 200), (60, 200, 60)


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def with_door(house: np.ndarray) -> np.ndarray:
    """The house without its door, which goes from (90, 80) to (109, 109)."""
    open_house = house.copy()
    open_house[80:110, 90:110] = False
    return open_house


@pytest.fixture
def reader(toy_click_model, tmp_path: Path) -> ClickReader:
    register_model(
        tmp_path, "toy", ModelKind.CLICK_TO_MASK, toy_click_model(tmp_path / "made", side=256), "MIT", "Lena"
    )
    return ClickReader(tmp_path)


@pytest.fixture
def clicker(painter, house, reader):
    """A person before the house, which has a door now; the hints that the canvas gave are in `hints`."""
    image = np.where(house[:, :, None], np.array(WALL), np.array(SKY)).astype(np.uint8)
    image[80:110, 90:110] = DOOR
    painter.canvas.set_image(image)
    painter.canvas.navigation.set_view(ViewTransform(2.0, 20.0, 20.0))
    painter.canvas.desk.clicks = reader
    painter.hints = []
    painter.canvas.hint_changed.connect(painter.hints.append)
    return painter


def test_one_click_and_enter_give_the_house_with_its_hole_in_one_step(clicker, house) -> None:
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    assert clicker.annotation.shapes == ()
    assert len(clicker.canvas.tool.result) == 1
    clicker.key(ENTER)
    (shape,) = clicker.annotation.shapes
    assert shape.role is Role.OBJECT
    assert len(shape.polygon.holes) == 1
    assert iou(clicker.session.mask, with_door(house)) > 0.97
    assert not clicker.session.mask[85:105, 95:105].any()
    assert clicker.canvas.selection.shapes == (shape.id,)
    assert clicker.canvas.tool.clicks == ()
    clicker.canvas.undo()
    assert clicker.annotation.shapes == ()
    clicker.canvas.redo()
    assert clicker.annotation.shapes == (shape,)


def test_a_hole_below_the_size_of_the_rules_is_filled(clicker, house) -> None:
    image = np.where(house[:, :, None], np.array(WALL), np.array(SKY)).astype(np.uint8)
    image[60:63, 70:73] = DOOR
    image[5:7, 5:7] = WALL
    clicker.canvas.set_image(image, fit=False)
    clicker.take("click-to-mask")
    clicker.click(100, 100)
    clicker.key(ENTER)
    (shape,) = clicker.annotation.shapes
    assert shape.polygon.holes == ()


@pytest.mark.parametrize("way", ["right button", "alt"])
def test_negative_clicks_take_away_and_what_is_not_followed_is_told(clicker, house, way) -> None:
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    clicker.click(100, 90)
    assert [len(piece.holes) for piece in clicker.canvas.tool.result] == [0]
    if way == "alt":
        clicker.click(100, 100, ALT)
    else:
        clicker.click_right(100, 100)
    assert [click.positive for click in clicker.canvas.tool.clicks] == [True, True, False]
    assert "does not follow one of the clicks" in clicker.hints[-1]
    clicker.key(ENTER)
    assert iou(clicker.session.mask, with_door(house)) > 0.97


def test_backspace_and_undo_drop_the_last_click_and_escape_all(clicker) -> None:
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    first = clicker.canvas.tool.result
    clicker.click(100, 90)
    assert clicker.canvas.tool.result != first
    clicker.key(BACKSPACE)
    assert clicker.canvas.tool.result == first
    clicker.click(20, 20, ALT)
    clicker.canvas.undo()
    assert clicker.canvas.tool.result == first
    clicker.key(BACKSPACE)
    assert clicker.canvas.tool.clicks == ()
    clicker.click(75, 80)
    clicker.key(ESCAPE)
    clicker.key(ENTER)
    assert clicker.annotation.shapes == ()
    clicker.click(75, 80)
    clicker.key(ENTER)
    assert len(clicker.annotation.shapes) == 1


def test_clicks_refine_the_selected_polygon_and_replace_it(clicker, house) -> None:
    left = Shape("7", Role.OBJECT, polygon([(60, 50), (100, 26), (100, 120), (60, 120)]))
    clicker.session.apply(AddShape(left))
    clicker.canvas.select(("7",))
    clicker.take("click-to-mask")
    clicker.click(140, 80)
    clicker.key(ENTER)
    assert [shape.id for shape in clicker.annotation.shapes] == ["7"]
    assert iou(clicker.session.mask, house) > 0.93  # the left half had the door's left half in it, which stays
    assert clicker.session.mask[90, 95]
    clicker.canvas.undo()
    assert clicker.annotation.shapes == (left,)


def test_a_negative_click_alone_takes_from_the_selected_polygon(clicker, house) -> None:
    too_much = polygon([(60, 50), (110, 20), (160, 50), (190, 50), (190, 120), (60, 120)])
    clicker.session.apply(AddShape(Shape("1", Role.OBJECT, too_much)))
    clicker.canvas.select(("1",))
    clicker.take("click-to-mask")
    clicker.click(178, 80, ALT)
    clicker.key(ENTER)
    assert iou(clicker.session.mask, house) > 0.95
    assert not clicker.session.mask[60:115, 165:188].any()


def test_locked_polygons_are_left_alone(clicker) -> None:
    locked = Shape("1", Role.OBJECT, polygon([(5, 5), (30, 5), (30, 30)]), locked=True)
    clicker.session.apply(AddShape(locked))
    clicker.canvas.select(("1",))
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    clicker.key(ENTER)
    assert len(clicker.annotation.shapes) == 2
    assert clicker.annotation.shape("1") == locked


def test_shift_and_enter_make_an_occluder_of_the_chosen_kind(clicker) -> None:
    clicker.canvas.set_occluder_kind(OccluderKind.VEGETATION)
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    clicker.key(ENTER, SHIFT)
    assert clicker.annotation.shapes[0].kind is OccluderKind.VEGETATION


def test_clicks_that_only_say_what_it_is_not_mean_nothing(clicker) -> None:
    clicker.take("click-to-mask")
    clicker.click(75, 80, ALT)
    clicker.key(ENTER)
    assert "mean nothing yet" in clicker.hints[-1]
    assert clicker.annotation.shapes == ()
    clicker.click(100, 90)
    door = fill([polygon([(90, 80), (109, 80), (109, 109), (90, 109)])], (200, 150))
    assert iou(fill(clicker.canvas.tool.result, (200, 150)), door) > 0.8


def test_the_second_press_of_a_double_click_is_no_click(clicker) -> None:
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    clicker.double_click(75, 80)
    assert len(clicker.canvas.tool.clicks) == 1


# the image is read first


def test_clicks_and_enter_wait_for_the_image_that_is_being_read(clicker, later, house) -> None:
    clicker.take("click-to-mask")
    assert clicker.hints[-1] == READING
    assert [channel for channel, *_ in later.waiting] == [CHANNEL]
    clicker.click(75, 80)
    clicker.click(100, 90)
    assert clicker.canvas.tool.result is None
    clicker.key(ENTER)
    assert len(later.waiting) == 1
    later.run()
    assert clicker.hints[-1] == clicker.canvas.tool.help
    assert clicker.annotation.shapes == ()
    later.run_all()
    assert iou(clicker.session.mask, house) > 0.97


def test_an_image_is_read_once(clicker, later) -> None:
    clicker.take("click-to-mask")
    clicker.take("select")
    clicker.take("click-to-mask")
    assert len(later.waiting) == 1
    later.run_all()
    clicker.take("select")
    clicker.take("click-to-mask")
    assert later.waiting == []
    clicker.click(75, 80)
    later.run_all()
    assert clicker.canvas.tool.result


def test_each_click_refines_what_those_before_it_meant_whatever_was_in_time(clicker, later) -> None:
    clicker.take("click-to-mask")
    later.run_all()
    for place in ((75, 80), (100, 90), (150, 100)):
        clicker.click(*place)
    assert len(later.waiting) == 1  # the later clicks wait for the first, and their one job does both
    later.run_all()
    hurried = clicker.canvas.tool.result
    clicker.key(ESCAPE)
    for place in ((75, 80), (100, 90), (150, 100)):
        clicker.click(*place)
        later.run_all()
    assert clicker.canvas.tool.result == hurried


def test_what_belongs_to_another_image_is_dropped(clicker, later) -> None:
    clicker.take("click-to-mask")
    clicker.click(75, 80)
    old = clicker.session
    clicker.canvas.set_image(np.full((150, 200, 3), 90, dtype=np.uint8), fit=False)
    clicker.canvas.set_session(EditingSession(old.annotation))
    clicker.take("click-to-mask")
    assert len(later.waiting) == 2
    later.run()  # the reading of the image before
    assert clicker.hints[-1] == READING
    clicker.click(75, 80)
    later.run_all()
    assert clicker.hints[-1] == clicker.canvas.tool.help
    clicker.key(ENTER)
    assert clicker.session.mask.all()  # the whole grey picture has the colour that was clicked
    assert old.annotation.shapes == ()


def test_an_image_that_came_while_the_tool_stayed_is_read_with_the_first_click(clicker) -> None:
    clicker.take("click-to-mask")
    clicker.canvas.set_image(np.ascontiguousarray(np.full((150, 200, 3), SKY, dtype=np.uint8)), fit=False)
    clicker.canvas.set_session(EditingSession(clicker.annotation))
    clicker.click(75, 80)
    clicker.key(ENTER)
    assert clicker.session.mask.all()


def test_without_a_model_the_person_is_told_how_to_add_one(clicker, tmp_path) -> None:
    clicker.canvas.desk.clicks = ClickReader(tmp_path / "elsewhere")
    clicker.take("click-to-mask")
    assert "annotator models add" in clicker.hints[-1]
    clicker.click(75, 80)
    clicker.key(ENTER)
    assert clicker.annotation.shapes == ()


def test_a_model_file_that_was_changed_is_told_and_not_used(clicker, tmp_path) -> None:
    (tmp_path / "models" / "toy.onnx").write_bytes(b"other")
    clicker.take("click-to-mask")
    assert "toy.onnx" in clicker.said[-1]
    clicker.key(ESCAPE)
    clicker.click(75, 80)
    clicker.key(ENTER)
    assert clicker.annotation.shapes == ()


def test_nothing_is_read_for_those_who_only_look(clicker, later) -> None:
    clicker.canvas.set_session(clicker.session, read_only=True)
    clicker.take("click-to-mask")
    assert later.waiting == []


def test_the_mark_of_a_click_says_with_its_form_which_it_is(clicker) -> None:
    clicker.take("click-to-mask")
    clicker.canvas.set_insets(loupe=False, navigator=False)

    def upright_stroke(*modifiers: Qt.KeyboardModifier) -> int:
        """How many rows of the mark differ in its middle from the ground two pixels beside it."""
        clicker.click(75, 80, *modifiers)
        centre = clicker.place(75, 80)
        image = clicker.canvas.grab().toImage()
        rows = [centre.y() + step for step in (-3, -2, 2, 3)]
        colours = [(image.pixelColor(centre.x(), y), image.pixelColor(centre.x() + 3, y)) for y in rows]
        clicker.key(ESCAPE)
        return sum(abs(one.blue() - other.blue()) > 40 for one, other in colours)

    assert upright_stroke() == 4
    assert upright_stroke(ALT) == 0
