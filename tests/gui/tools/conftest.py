"""A canvas with a session, driven with real mouse and key events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.geometry import polygon
from annotator.domain.raster import fill
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.session import EditingSession
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.tools.registry import TOOLS
from annotator.ui.workers import run_here

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """A person at the canvas: places are pixels of the image, two widget pixels wide each."""

    def __init__(self, canvas: CanvasWidget) -> None:
        self.canvas = canvas
        self.said: list[str] = []
        canvas.refused.connect(self.said.append)

    @property
    def session(self) -> EditingSession:
        session = self.canvas.session
        assert session is not None
        return session

    @property
    def annotation(self) -> Annotation:
        return self.session.annotation

    def place(self, x: float, y: float) -> QPoint:
        wx, wy = self.canvas.view.to_widget((x, y))
        return QPoint(int(wx), int(wy))

    def take(self, tool: str) -> None:
        self.canvas.set_tool(TOOLS[tool])

    def click_right(self, x: float, y: float) -> None:
        QTest.mouseMove(self.canvas, self.place(x, y))
        QTest.mouseClick(self.canvas, Qt.MouseButton.RightButton, NONE, self.place(x, y))

    def click(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(x, y, modifiers)
        QTest.mouseRelease(self.canvas, LEFT, modifiers, self.place(x, y))

    def press(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseMove(self.canvas, self.place(x, y))
        QTest.mousePress(self.canvas, LEFT, modifiers, self.place(x, y))

    def double_click(self, x: float, y: float) -> None:
        QTest.mouseDClick(self.canvas, LEFT, NONE, self.place(x, y))

    def move(self, x: float, y: float) -> None:
        QTest.mouseMove(self.canvas, self.place(x, y))

    def release(self, x: float, y: float) -> None:
        QTest.mouseRelease(self.canvas, LEFT, NONE, self.place(x, y))

    def drag(self, *places: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(*places[0], modifiers)
        for place in places[1:]:
            self.move(*place)
        QTest.mouseRelease(self.canvas, LEFT, modifiers, self.place(*places[-1]))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, modifiers)


@pytest.fixture
def hand(qtbot: QtBot) -> Iterator[Hand]:
    canvas = CanvasWidget()
    qtbot.addWidget(canvas)
    canvas.resize(700, 500)
    grey = np.linspace(40, 220, 200, dtype=np.uint8)
    canvas.set_image(np.ascontiguousarray(np.broadcast_to(grey[None, :, None], (150, 200, 3))))
    square = Shape("1", Role.OBJECT, polygon([(40, 40), (100, 40), (100, 100), (40, 100)]))
    canvas.set_session(EditingSession(Annotation((200, 150), (square,))))
    canvas.set_insets(loupe=True, navigator=False)
    canvas.show()
    canvas.navigation.set_view(ViewTransform(2.0, 20.0, 20.0))
    canvas.setFocus()
    yield Hand(canvas)
    canvas.set_session(None)
    canvas.close()


HOUSE = ((60, 50), (110, 20), (160, 50), (160, 120), (60, 120))
"""The outline of the painted house, pixel centres."""


@pytest.fixture
def house() -> np.ndarray:
    """The painted house as a mask of 200 by 150 pixels."""
    return fill([polygon(HOUSE)], (200, 150))


@pytest.fixture
def painter(hand: Hand, house: np.ndarray) -> Hand:
    """A person before a red house with a slightly uneven wall on a blue sky; nothing is drawn yet."""
    noise = np.random.default_rng(3).integers(-6, 7, (150, 200, 3))
    colours = np.where(house[:, :, None], np.array([180, 90, 60]), np.array([90, 140, 200]))
    hand.canvas.set_session(EditingSession(Annotation((200, 150))))
    hand.canvas.set_image((colours + noise).astype(np.uint8))
    hand.canvas.navigation.set_view(ViewTransform(2.0, 20.0, 20.0))
    return hand


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication, qtlog: Any) -> Iterator[None]:
    """A widget that outlives its test fails it, and so does a message of Qt."""
    widgets = set(qapp.topLevelWidgets())
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [widget for widget in qapp.topLevelWidgets() if widget not in widgets and widget.isVisible()]
    said = [record.message for record in qtlog.records]
    assert [message for message in said if not message.startswith("This plugin does not support")] == []


class Later:
    """A runner that holds jobs back until the test lets them run, in the order that it says."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, Any, Any, Any]] = []

    def __call__(self, channel: str, job: Any, done: Any, failed: Any) -> None:
        self.waiting.append((channel, job, done, failed))

    def run(self, row: int = 0) -> None:
        """Let a held job run."""
        run_here(*self.waiting.pop(row))

    def run_all(self) -> None:
        """Let all jobs run, and those that they lead to."""
        while self.waiting:
            self.run()


@pytest.fixture
def later(hand: Hand) -> Later:
    """Work of the tools waits for the test."""
    runner = Later()
    hand.canvas.desk.runner = runner
    return runner
