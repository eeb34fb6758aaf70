"""A canvas with an object and an occluder in front of it; nothing may be left behind by a test of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.session import EditingSession
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.tools.registry import TOOLS

OBJECT = Shape("1", Role.OBJECT, polygon([(40, 40), (140, 40), (140, 120), (40, 120)]))
OCCLUDER = Shape("2", Role.OCCLUDER, polygon([(60, 80), (100, 80), (100, 120), (60, 120)]), OccluderKind.PERSON)


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication, qtlog: Any) -> Iterator[None]:
    """A widget that outlives its test fails it, and so does a message of Qt."""
    widgets = set(qapp.topLevelWidgets())
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [widget for widget in qapp.topLevelWidgets() if widget not in widgets and widget.isVisible()]
    assert [record.message for record in qtlog.records] == []


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[CanvasWidget]:
    """200 × 150 grey pixels with two shapes, shown at 200 %."""
    widget = CanvasWidget()
    qtbot.addWidget(widget)
    widget.resize(700, 500)
    widget.set_image(np.full((150, 200, 3), 90, dtype=np.uint8))
    widget.set_session(EditingSession(Annotation((200, 150), (OBJECT, OCCLUDER))))
    widget.set_tool(TOOLS["select"])
    widget.show()
    widget.navigation.set_view(ViewTransform(2.0, 50.0, 50.0))
    yield widget
    widget.set_session(None)
    widget.close()


@dataclass(frozen=True)
class Viewer:
    """Looks at a canvas and turns the wheel over it."""

    canvas: CanvasWidget

    def shot(self) -> QImage:
        """What the canvas shows once all is painted."""
        QApplication.processEvents()
        return self.canvas.grab().toImage()

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour shown at a place of the image."""
        wx, wy = self.canvas.view.to_widget((x, y))
        red, green, blue, _ = self.shot().pixelColor(int(wx), int(wy)).getRgb()
        return int(red), int(green), int(blue)

    def wheel(
        self,
        steps: int,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        at: QPointF = QPointF(300, 200),  # noqa: B008 (nobody changes it)
    ) -> None:
        """Turn the wheel by steps, away from the person where they are positive."""
        turn, none = QPoint(0, 120 * steps), Qt.MouseButton.NoButton
        event = QWheelEvent(at, at, QPoint(), turn, none, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(self.canvas, event)


@pytest.fixture
def viewer(canvas: CanvasWidget) -> Viewer:
    """Looks at the canvas."""
    return Viewer(canvas)
