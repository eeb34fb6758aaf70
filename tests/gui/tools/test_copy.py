"""Copying a mask from another image of the group."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.drawing.carrying import CopySource

BLOCK = [(10, 10), (60, 10), (60, 50), (10, 50)]
POLE = [(20, 20), (24, 20), (24, 60), (20, 60)]


def source(title: str, dx: float = 0.0, dy: float = 0.0) -> CopySource:
    shapes = (
        Shape("1", Role.OBJECT, polygon(BLOCK)),
        Shape("2", Role.OCCLUDER, polygon(POLE), OccluderKind.OTHER),
    )
    return CopySource(title, Annotation((100, 80), shapes), lambda _pixels: lambda points: points + np.array([dx, dy]))


@pytest.fixture
def menu(painter):
    """The menu that is open on the canvas."""

    def find() -> QMenu:
        return painter.canvas.findChild(QMenu, "choice")

    return find


def test_the_only_source_is_shown_at_once_and_enter_takes_it(painter) -> None:
    painter.canvas.desk.sources = lambda: (source("hall_1", 30, 20),)
    painter.take("copy")
    assert painter.annotation.shapes == ()
    painter.key(Qt.Key.Key_Return)
    (shape,) = painter.annotation.shapes
    assert shape.role is Role.OBJECT
    assert shape.polygon.bounds == (40, 30, 90, 70)
    assert shape.polygon.area == 50 * 40
    assert painter.canvas.selection.shapes == (shape.id,)
    assert painter.canvas.undo_stack.count() == 1
    painter.canvas.undo()
    assert painter.annotation.shapes == ()


def test_of_several_the_person_chooses_by_name(painter, menu) -> None:
    painter.canvas.desk.sources = lambda: (source("hall_1"), source("hall_2", 100, 0))
    painter.take("copy")
    assert [action.text() for action in menu().actions()] == ["hall_1", "hall_2"]
    menu().actions()[1].trigger()
    menu().close()
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes[0].polygon.bounds == (110, 10, 160, 50)


def test_escape_drops_the_copy_and_a_click_asks_again(painter) -> None:
    painter.canvas.desk.sources = lambda: (source("hall_1"),)
    painter.take("copy")
    painter.key(Qt.Key.Key_Escape)
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()
    painter.click(100, 100)
    painter.key(Qt.Key.Key_Return)
    assert len(painter.annotation.shapes) == 1


def test_where_no_geometry_is_found_it_says_so(painter) -> None:
    def lost(_pixels):
        raise GeometryError("the object of hall_1 was not found in this image; draw it")

    painter.canvas.desk.sources = lambda: (CopySource("hall_1", source("").annotation, lost),)
    painter.take("copy")
    assert painter.said == ["The object of hall_1 was not found in this image; draw it."]
    painter.key(Qt.Key.Key_Return)
    assert painter.annotation.shapes == ()


def test_a_copy_that_would_lie_outside_says_so(painter) -> None:
    painter.canvas.desk.sources = lambda: (source("hall_1", 500, 0),)
    painter.take("copy")
    assert painter.said == ["The copied mask would lie outside this image."]


def test_without_sources_it_says_what_is_missing(painter, qtbot) -> None:
    with qtbot.waitSignals([painter.canvas.hint_changed, painter.canvas.hint_changed]):
        painter.take("copy")
    assert painter.canvas.tool.pieces == ()


def test_the_finder_gets_the_image_in_rgb(painter) -> None:
    seen = []

    def look(pixels):
        seen.append(pixels)
        return lambda points: points

    painter.canvas.desk.sources = lambda: (CopySource("hall_1", source("").annotation, look),)
    painter.take("copy")
    assert seen[0].shape == (150, 200, 3)
    assert seen[0][80, 100, 0] > 150 > seen[0][80, 100, 2]
