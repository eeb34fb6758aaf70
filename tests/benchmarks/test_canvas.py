"""The canvas on a 12-megapixel image with a 5,000-vertex polygon: GUI-thread CPU per step (DESIGN 11).

The timer is the CPU time of this thread, so that other programs do not count. Run with
`pytest tests/benchmarks/test_canvas.py --benchmark-only --benchmark-disable-gc`.
"""

from __future__ import annotations

import time
from itertools import cycle

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.hit_testing import nearest_edge, nearest_vertex, shape_at
from annotator.editing.session import EditingSession
from annotator.ui.canvas.pyramid import ImagePyramid, build_pyramid
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.tools.registry import TOOLS

SIZE = (4000, 3000)
VERTICES = 5000

pytestmark = pytest.mark.benchmark(timer=time.thread_time, min_rounds=40, warmup=True, warmup_iterations=3)


def round_outline(count: int, centre: tuple[float, float], radius: float) -> np.ndarray:
    """A wavy outline of `count` vertices."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = radius * (1 + 0.08 * np.sin(60 * turns))
    return np.stack((centre[0] + reach * np.cos(turns), centre[1] + reach * np.sin(turns)), axis=1)


@pytest.fixture(scope="module")
def pyramid() -> ImagePyramid:
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    return build_pyramid(cv2.resize(noise, SIZE, interpolation=cv2.INTER_CUBIC))


@pytest.fixture
def annotation() -> Annotation:
    shapes = [Shape("1", Role.OBJECT, polygon(round_outline(VERTICES, (2000, 1500), 1200)))]
    for number in range(4):
        outline = round_outline(60, (1400 + 400 * number, 2300), 150)
        shapes.append(Shape(str(number + 2), Role.OCCLUDER, polygon(outline), OccluderKind.BUILDING))
    return Annotation(SIZE, tuple(shapes))


@pytest.fixture
def canvas(qtbot: QtBot, pyramid: ImagePyramid, annotation: Annotation) -> CanvasWidget:
    cv2.setNumThreads(1)
    widget = CanvasWidget()
    qtbot.addWidget(widget)
    widget.resize(1600, 1000)
    widget.set_image(pyramid)
    widget.set_session(EditingSession(annotation))
    widget.set_tool(TOOLS["select"])
    widget.show()
    widget.select(("1",))
    QApplication.processEvents()
    return widget


def mouse(canvas: CanvasWidget, kind: QMouseEvent.Type, at: QPointF, button: Qt.MouseButton) -> None:
    """Deliver a mouse event and everything that follows from it, repainting included."""
    held = Qt.MouseButton.NoButton if kind is QMouseEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    QApplication.sendEvent(canvas, QMouseEvent(kind, at, at, button, held, Qt.KeyboardModifier.NoModifier))
    QApplication.processEvents()


@pytest.mark.parametrize("zoom", [None, 1.0, 4.0], ids=["fit", "100 %", "400 %"])
def test_drag_a_vertex(canvas: CanvasWidget, benchmark: BenchmarkFixture, zoom: float | None) -> None:
    session = canvas.session
    assert session is not None
    vertex = session.annotation.shapes[0].polygon.outer.points[700]
    if zoom is not None:
        canvas.navigation.zoom_to(zoom)
        canvas.navigation.centre_on((float(vertex[0]), float(vertex[1])))
    QApplication.processEvents()
    start = QPointF(*canvas.view.to_widget((float(vertex[0]), float(vertex[1]))))
    mouse(canvas, QMouseEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    places = cycle([start + QPointF(9 + k % 7, 11 + k % 5) for k in range(35)])
    benchmark(lambda: mouse(canvas, QMouseEvent.Type.MouseMove, next(places), Qt.MouseButton.NoButton))
    mouse(canvas, QMouseEvent.Type.MouseButtonRelease, start + QPointF(9, 11), Qt.MouseButton.LeftButton)
    assert len(canvas.undo_stack.command(0).text()) > 0


def test_full_repaint(canvas: CanvasWidget, benchmark: BenchmarkFixture) -> None:
    def repaint() -> None:
        canvas.frame().spoil()
        canvas.repaint()

    benchmark(repaint)
    assert not canvas.frame().backdrop.image.isNull()


@pytest.mark.parametrize("start", [None, 1.0, 4.0], ids=["fit", "100 %", "400 %"])
def test_zoom_step(canvas: CanvasWidget, benchmark: BenchmarkFixture, start: float | None) -> None:
    if start is not None:
        canvas.navigation.zoom_to(start)
    turns = cycle((120, -120))
    at = QPointF(800, 500)

    def step() -> None:
        wheel = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, next(turns)),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, wheel)
        QApplication.processEvents()

    benchmark(step)
    assert canvas.view.scale > 0


def test_undo(canvas: CanvasWidget, benchmark: BenchmarkFixture) -> None:
    session = canvas.session
    assert session is not None
    vertex = session.annotation.shapes[0].polygon.outer.points[700]
    start = QPointF(*canvas.view.to_widget((float(vertex[0]), float(vertex[1]))))
    mouse(canvas, QMouseEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    mouse(canvas, QMouseEvent.Type.MouseMove, start + QPointF(20, 20), Qt.MouseButton.NoButton)
    mouse(canvas, QMouseEvent.Type.MouseButtonRelease, start + QPointF(20, 20), Qt.MouseButton.LeftButton)
    assert canvas.undo_stack.count() == 1

    def redo() -> None:
        canvas.redo()
        QApplication.processEvents()

    def undo() -> None:
        canvas.undo()
        QApplication.processEvents()

    undo()
    benchmark.pedantic(undo, setup=redo, rounds=40, warmup_rounds=3)
    assert not session.changed


def test_hit_testing(annotation: Annotation, benchmark: BenchmarkFixture) -> None:
    at = (3190.0, 1500.0)

    def all_three() -> tuple[object, object, object]:
        return nearest_vertex(annotation, at, 20), nearest_edge(annotation, at, 20), shape_at(annotation, at)

    assert all(hit is not None for hit in benchmark(all_three)[:2])
