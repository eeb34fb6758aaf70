"""The canvas repaints what changed, and what it shows is what a fresh repaint shows."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.session import EditingSession
from annotator.ui.canvas.layers import DifferenceLayer
from annotator.ui.canvas.widget import CanvasWidget

OBJECT = Shape("1", Role.OBJECT, polygon([(20, 60), (90, 60), (90, 140), (20, 140)]))
OCCLUDER = Shape("2", Role.OCCLUDER, polygon([(60, 80), (100, 80), (100, 120), (60, 120)]), OccluderKind.PERSON)


@pytest.mark.parametrize("shapes", [(), (OBJECT,), (OCCLUDER, OBJECT)], ids=["none", "one", "two"])
def test_another_session_on_the_same_image_looks_like_a_fresh_repaint(
    canvas: CanvasWidget, viewer: Any, shapes: tuple[Shape, ...]
) -> None:
    viewer.shot()
    canvas.set_session(EditingSession(Annotation((200, 150), shapes)))
    shown = viewer.shot()
    canvas.theme_changed()
    assert shown == viewer.shot()


def test_what_stays_empty_asks_for_no_repaint(canvas: CanvasWidget, viewer: Any) -> None:
    class Paints(QObject):
        count = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
            self.count += event.type() == QEvent.Type.Paint
            return False

    viewer.shot()
    paints = Paints()
    canvas.installEventFilter(paints)
    canvas.layers.difference, canvas.layers.premask, canvas.layers.hidden = None, (), frozenset()
    QApplication.processEvents()
    assert paints.count == 0
    canvas.layers.hidden = frozenset({"1"})
    QApplication.processEvents()
    assert paints.count == 1
    canvas.removeEventFilter(paints)


def test_over_a_difference_only_the_selected_polygon_shows_and_is_edited(canvas: CanvasWidget, viewer: Any) -> None:
    session = canvas.session
    assert session is not None
    canvas.layers.difference = DifferenceLayer((), (), outline=None)
    grey = (90, 90, 90)
    assert viewer.colour(140, 90) == grey  # the right border of the object of the fixture
    canvas.select(("1",))
    red, _, blue = viewer.colour(140, 90)
    assert blue > red
    assert viewer.colour(120, 60) == grey  # no tint: that is the difference's
    x, y = canvas.view.to_widget((140, 40))
    corner = QPoint(round(x), round(y))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corner)
    QTest.mouseMove(canvas, corner + QPoint(20, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corner + QPoint(20, 0))
    assert (150, 40) in [tuple(point) for point in session.annotation.shapes[0].polygon.outer.points.tolist()]
