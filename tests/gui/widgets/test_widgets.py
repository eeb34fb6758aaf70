"""Small widgets, with real events."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.errors import Place
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.ui import theme
from annotator.ui.images import to_qimage
from annotator.ui.widgets.buttons import ChooserButton, IconButton, KeyButton
from annotator.ui.widgets.marks import Dots
from annotator.ui.widgets.picture import Picture
from annotator.ui.widgets.segmented import Segmented
from annotator.ui.widgets.text import ElidedLabel, NameLabel


def wheel(widget: QWidget, at: QPoint, steps: int) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def grey(width: int, height: int) -> QImage:
    return to_qimage(np.full((height, width, 3), 120, dtype=np.uint8))


def test_segments_are_chosen_by_mouse_and_arrows(stage: Any, qtbot: QtBot) -> None:
    made = stage.show(
        Segmented((("a", "Nothing"), ("b", "Pre-mask"), ("c", "Pass before")), "blink", "Blink"), 200, 100
    )
    told: list[str] = []
    made.chosen.connect(told.append)
    qtbot.mouseClick(made.findChild(QWidget, "blink.c"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert told == ["c", "a"]
    made.set_possible("b", False)
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert made.value == "c"
    made.choose("a")
    assert told == ["c", "a", "c"]


def test_key_button_says_what_happens_and_its_key(stage: Any, qtbot: QtBot) -> None:
    made = stage.show(KeyButton("Submit pass 1", "submit", "Ctrl+Enter", primary=True), 200, 28)
    assert made.accessibleName() == "Submit pass 1"
    assert made.toolTip() == "Submit pass 1 (Ctrl+Enter)"
    narrow = made.sizeHint().width()
    made.set_words("Submit pass 1, then the next one")
    assert made.sizeHint().width() > narrow
    pressed: list[bool] = []
    made.clicked.connect(lambda: pressed.append(True))
    qtbot.keyClick(made, Qt.Key.Key_Space)
    assert len(pressed) == 1


def test_primary_button_is_filled(stage: Any) -> None:
    made = stage.show(KeyButton("Go", "go", primary=True), 120, 28)
    colour = made.grab().toImage().pixelColor(6, 6)
    assert colour.name() == theme.current().colours["button"].lower()


def test_key_of_a_button_gives_way_before_its_words(stage: Any) -> None:
    made = stage.show(KeyButton("Submit refined", "submit", "Ctrl+Enter", primary=True), 260, 28)
    assert made.shows_key
    made.resize(made.minimumSizeHint())
    assert not made.shows_key
    assert made.width() >= made.fontMetrics().horizontalAdvance("Submit refined")
    assert made.toolTip() == "Submit refined (Ctrl+Enter)"
    made.resize(made.sizeHint())
    assert made.shows_key


def test_words_and_key_of_a_narrow_button_stay_off_both_of_its_edges(stage: Any) -> None:
    made = stage.show(KeyButton("Approve unchanged", "approve", "Y", primary=True), 260, 28)
    while made.shows_key:
        made.resize(made.width() - 1, made.height())
    made.resize(made.width() + 1, made.height())
    assert made.shows_key, "this is the narrowest that shows the key"
    image = made.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ground = image.pixelColor(6, 6)
    rows = range(8, image.height() - 8)
    inked = [x for x in range(image.width()) if any(image.pixelColor(x, y) != ground for y in rows)]
    inside = [x for x in inked if 2 <= x < image.width() - 2]
    assert min(inside) >= 3
    assert max(inside) < image.width() - 3


def test_icon_button_names_its_key(stage: Any) -> None:
    made = stage.show(IconButton("undo", "Undo", "bar.undo"), 28, 28)
    made.set_key("Ctrl+Z")
    assert made.toolTip() == "Undo (Ctrl+Z)"
    assert made.accessibleName() == "Undo"
    assert min(made.width(), made.height()) >= 24


def strongest_ink(button: IconButton) -> int:
    """The greatest opacity of what stands on a button, of 255."""
    image = button.grab().toImage()
    return max(image.pixelColor(x, y).alpha() for x in range(6, 22) for y in range(6, 22))


def test_icon_button_fades_when_it_cannot_be_pressed(stage: Any) -> None:
    made = stage.show(IconButton("undo", "Undo", "bar.undo"), 28, 28)
    strong = strongest_ink(made)
    assert strong > 200
    made.setEnabled(False)
    assert abs(strongest_ink(made) - theme.DISABLED * strong) <= 2


def test_icon_button_follows_the_theme(stage: Any, qapp: QApplication) -> None:
    made = stage.show(IconButton("undo", "Undo", "bar.undo"), 28, 28)
    theme.apply(qapp, theme.LIGHT)
    image = made.grab().toImage()
    inks = {image.pixelColor(x, y).name() for x in range(6, 22) for y in range(6, 22)}
    assert theme.theme_named(theme.LIGHT).colours["text1"].lower() in inks


def test_chooser_keeps_room_for_its_words(stage: Any) -> None:
    made = stage.show(ChooserButton("group", "Query group"), 300, 28)
    made.set_words("g00", "all_souls_000013 and 5 more")
    assert made.accessibleDescription() == "g00 all_souls_000013 and 5 more"
    assert made.sizeHint().width() > made.minimumSizeHint().width()


def test_chooser_never_runs_its_first_word_into_the_chevron(stage: Any) -> None:
    made = stage.show(ChooserButton("person", "Person", "person", framed=False), 300, 28)
    made.set_words("Marguerite", "annotator")
    word = made.fontMetrics().horizontalAdvance("Marguerite")
    assert made.minimumSizeHint().width() >= 34 + word + 24
    made.set_words("A name that is longer than any that a person has ever had", "annotator")
    assert made.minimumSizeHint().width() < 300


def test_elided_label_tells_the_whole_text(stage: Any) -> None:
    made = stage.show(ElidedLabel("a rather long name of an image"), 60, 20)
    assert made.toolTip() == "a rather long name of an image"
    made.resize(600, 20)
    assert made.toolTip() == ""
    made.setText("an even longer name " * 10)
    assert made.toolTip() == made.text()


def test_elided_label_shows_nothing_rather_than_dots_alone(stage: Any) -> None:
    made = stage.show(ElidedLabel("annotate"), 14, 20)
    assert made.shown == ""
    assert made.toolTip() == "annotate"


def test_names_of_images_keep_their_ends(stage: Any) -> None:
    made = stage.show(NameLabel("all_souls_000013"), 80, 20)
    assert made.shown.startswith("al")
    assert made.shown.endswith("13")
    assert "…" in made.shown
    made.resize(400, 20)
    assert made.shown == "all_souls_000013"


def test_dots_keep_their_states(stage: Any) -> None:
    made = stage.show(Dots(("done", "work", "empty")), 200, 100)
    assert made.states == ("done", "work", "empty")
    made.set_states(("done",))
    assert made.sizeHint().width() == Dots.STEP


def test_picture_zooms_about_the_cursor(stage: Any) -> None:
    made = stage.show(Picture("query", "Query 0"), 200, 100)
    made.set_image(grey(200, 100))
    at = QPointF(150, 40)
    before = made.to_screen().inverted()[0].map(at)
    wheel(made, QPoint(150, 40), 3)
    after = made.to_screen().inverted()[0].map(at)
    assert made.zoom == pytest.approx(1.2**3)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))


def test_picture_begins_on_its_object_without_empty_borders(stage: Any) -> None:
    made = stage.show(Picture("query", "Query 0"), 100, 100)
    made.set_image(grey(400, 200))
    drawn = Annotation((400, 200), (Shape("1", Role.OBJECT, polygon([(0, 0), (100, 0), (100, 99), (0, 99)])),))
    made.set_annotation(drawn, (0.0, 0.0, 100.0, 99.0))
    to_image = made.to_screen().inverted()[0]
    corner = to_image.map(QPointF(0, 0))
    assert corner.x() == pytest.approx(0, abs=0.5)
    assert corner.y() == pytest.approx(0, abs=0.5)


def test_picture_tells_the_place_under_the_cursor(stage: Any, qtbot: QtBot) -> None:
    made = stage.show(Picture("query", "Query 0"), 200, 100)
    made.set_image(grey(200, 100))
    places: list[Place | None] = []
    made.hovered.connect(places.append)
    qtbot.mouseMove(made, QPoint(10, 10))
    qtbot.mouseMove(made, QPoint(50, 20))
    last = places[-1]
    assert last is not None
    assert (last.x, last.y) == pytest.approx((49.5, 19.5))


def test_drag_pans_and_a_press_alone_is_a_click(stage: Any, qtbot: QtBot) -> None:
    made = stage.show(Picture("query", "Query 0"), 200, 100)
    made.set_image(grey(400, 200))
    clicks: list[bool] = []
    made.clicked.connect(lambda: clicks.append(True))
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert clicks == [True]
    qtbot.mousePress(made, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    qtbot.mouseMove(made, QPoint(80, 60))
    qtbot.mouseRelease(made, Qt.MouseButton.LeftButton, pos=QPoint(80, 60))
    assert clicks == [True]
    assert made.view()[1] == QPointF(30, 10)
    qtbot.keyClick(made, Qt.Key.Key_Plus)
    assert made.zoom > 1
    qtbot.mouseDClick(made, Qt.MouseButton.LeftButton)
    assert made.view() == (1.0, QPointF(0, 0))


def test_segments_without_room_are_a_button_with_a_menu(stage: Any, qtbot: QtBot) -> None:
    segments = Segmented((("a", "Nothing"), ("b", "Pre-mask"), ("c", "Pass before")), "blink", "Blink")
    made = stage.show(segments, 120, 28)
    told: list[str] = []
    made.chosen.connect(told.append)
    side_by_side = made.wide
    made.set_compact(True)
    made.set_possible("b", False)
    chooser = made.findChild(QPushButton, "blink.choose")
    assert made.wide < side_by_side / 2
    assert chooser.accessibleDescription() == "Nothing"
    assert [b.isVisible() for b in made.findChildren(QToolButton)] == [False, False, False]
    stage.click(chooser)
    menu = made.findChild(QMenu, "blink.menu")
    assert [(a.text(), a.isChecked(), a.isEnabled()) for a in menu.actions()] == [
        ("Nothing", True, True),
        ("Pre-mask", False, False),
        ("Pass before", False, True),
    ]
    qtbot.keyClick(menu, Qt.Key.Key_Up)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert told == ["c"]
    assert chooser.accessibleDescription() == "Pass before"
    made.set_choices((("x", "One"), ("y", "Two")))
    assert chooser.accessibleDescription() == "One"
    made.set_compact(False)
    assert [b.isVisible() for b in made.findChildren(QToolButton) if b.text() in ("One", "Two")] == [True, True]
