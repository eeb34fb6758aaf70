"""What the click tools cost: hovering on the GUI thread, and the work beside it (DESIGN 4, 11).

Run with `pytest tests/benchmarks/test_click_tools.py --benchmark-only --benchmark-disable-gc`. Timers are the CPU time
of this thread. `hover` is a mouse move with everything that follows from it; the others run in a worker in the program.
"""

from __future__ import annotations

import time
from itertools import cycle

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from annotator.domain.shapes import Annotation
from annotator.editing.session import EditingSession
from annotator.premask.click.magnetic import tree_at
from annotator.premask.click.outlines import Smallest, window_polygons
from annotator.premask.click.picture import PictureWindow, window_of_level
from annotator.premask.click.stroke_cut import Stroke, box_cut, cut
from annotator.premask.click.superpixels import superpixels
from annotator.ui.canvas.pyramid import build_pyramid
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.tools.registry import TOOLS

SIZE = (4000, 3000)
SEEN = (1100, 850)

pytestmark = pytest.mark.benchmark(timer=time.thread_time, min_rounds=5, warmup=True, warmup_iterations=1)


def picture(width: int, height: int) -> np.ndarray:
    """Blotches with sharp borders and some grain."""
    random = np.random.default_rng(0)
    rough = cv2.resize(random.integers(0, 255, (12, 16, 3), dtype=np.uint8), (width, height))
    flat = (rough // 48 * 48).astype(np.int16) + random.integers(-6, 7, (height, width, 3))
    return np.clip(flat, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def window() -> PictureWindow:
    cv2.setNumThreads(1)
    return window_of_level(picture(*SEEN), SEEN, (0, 0, SEEN[0] - 1, SEEN[1] - 1))


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasWidget:
    cv2.setNumThreads(1)
    widget = CanvasWidget()
    qtbot.addWidget(widget)
    widget.resize(1200, 900)
    widget.set_image(build_pyramid(picture(*SIZE)))
    widget.set_session(EditingSession(Annotation(SIZE)))
    widget.show()
    widget.navigation.zoom_to(1.0)
    QApplication.processEvents()
    return widget


def move(canvas: CanvasWidget, at: QPointF, kind: QMouseEvent.Type = QMouseEvent.Type.MouseMove) -> None:
    pressed = kind is QMouseEvent.Type.MouseButtonPress
    button = Qt.MouseButton.LeftButton if pressed else Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(kind, at, at, button, button, Qt.KeyboardModifier.NoModifier))
    QApplication.processEvents()


def test_hover_of_the_path_alone(window: PictureWindow, benchmark: BenchmarkFixture) -> None:
    tree = tree_at(window.pixels, SEEN, (500.0, 400.0))
    targets = cycle([(420.0 + 7 * k, 330.0 + 5 * k) for k in range(22)])
    assert len(benchmark(lambda: tree.path(next(targets)))) >= 2


@pytest.mark.parametrize("tool", ["polygon", "magnetic", "superpixel"])
def test_hover_with_its_repaint(canvas: CanvasWidget, benchmark: BenchmarkFixture, tool: str) -> None:
    canvas.set_tool(TOOLS[tool])
    move(canvas, QPointF(600, 450))
    if tool != "superpixel":
        move(canvas, QPointF(600, 450), QMouseEvent.Type.MouseButtonPress)
    places = cycle([QPointF(560 + 7 * k % 80, 420 + 5 * k % 60) for k in range(37)])
    benchmark.pedantic(lambda: move(canvas, next(places)), rounds=200, warmup_rounds=10)
    assert canvas.tool is not None


def test_tree_of_a_window(window: PictureWindow, benchmark: BenchmarkFixture) -> None:
    assert benchmark(lambda: tree_at(window.pixels, SEEN, (500.0, 400.0))).window.size[0] <= 202


def test_superpixels_of_what_is_seen(window: PictureWindow, benchmark: BenchmarkFixture) -> None:
    assert benchmark(lambda: superpixels(window, 24)).labels.max() > 100


def test_cut_of_what_is_seen(window: PictureWindow, benchmark: BenchmarkFixture) -> None:
    stroke = Stroke(np.array([(500.0, 400.0), (560.0, 440.0)]), True, 4.0)
    assert benchmark(lambda: cut(window, [stroke])).shape == SEEN[::-1]


def test_cut_in_a_box(window: PictureWindow, benchmark: BenchmarkFixture) -> None:
    assert benchmark(lambda: box_cut(window, (300.0, 200.0, 800.0, 700.0))).shape == SEEN[::-1]


def test_outlines_of_a_cut(window: PictureWindow, benchmark: BenchmarkFixture) -> None:
    mask = superpixels(window, 60).labels % 3 == 0
    assert benchmark(lambda: window_polygons(mask, window, Smallest()))
