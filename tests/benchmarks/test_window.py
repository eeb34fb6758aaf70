"""The window on large images and on a large project: CPU time until what was asked for is shown (DESIGN 11).

`thread_time` counts the window's own thread, during which it answers nobody; `process_time` counts the workers, too.
Run with `pytest tests/benchmarks/test_window.py --benchmark-only --benchmark-disable-gc`.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PersonRole
from annotator.domain.shapes import Annotation
from annotator.project.create import create_project
from annotator.ui import theme
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from qa.simulation.synthetic import building, synthetic_project

PAIRS_OF_GROUPS = [254] * 24 + [265]
LARGE = (4000, 3000)
IMAGES = 8

Open = Callable[[Path], Window]


def until(true: Callable[[], bool]) -> None:
    """Let events and workers go on until something holds; the waiting costs next to nothing."""
    QApplication.processEvents()
    while not true():
        loop = QEventLoop()
        QTimer.singleShot(2, loop.quit)
        loop.exec()


def quiet(window: Window) -> bool:
    return window.view is not None and window.view.around.workers.busy == 0


def shows(window: Window, key: PairKey) -> bool:
    """Whether a pair's photograph is on the canvas and painted."""
    page = window.view.page("pairs") if window.view is not None else None
    opened = page.opened_pair if page is not None else None
    return opened is not None and opened.key == key and page.bench.canvas.session is opened.session


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one group with photographs of 12 megapixels."""
    cv2.setNumThreads(1)
    folder = tmp_path_factory.mktemp("photographs")
    images = folder / "images"
    images.mkdir()
    rng = np.random.default_rng(0)
    names = [f"photo_{number}" for number in range(IMAGES)]
    for name in ("query", *names):
        noise = rng.integers(0, 255, (300, 400, 3), dtype=np.uint8)
        pixels = cv2.resize(noise, LARGE, interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(images / f"{name}.jpg"), pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])
    group = {"easy": list(range(IMAGES)), "hard": [], "junk": [], "bbx": [500.0, 500.0, 3500.0, 2500.0]}
    truth = folder / "gnd_photographs.pkl"
    truth.write_bytes(pickle.dumps({"imlist": names, "qimlist": ["query"], "gnd": [group]}))
    drawn = building(rng, LARGE)
    with create_project(folder / "project", truth, images) as project:
        project.store.add_person("Rosa", PersonRole.RESEARCHER)
        project.store.add_person("Ann", PersonRole.ANNOTATOR)
        project.store.take_in({0: Annotation(LARGE, drawn.shapes)}, {}, "Rosa", approve=True)
    return folder / "project"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 6,361 pairs in 25 groups."""
    made = synthetic_project(tmp_path_factory.mktemp("large"), PAIRS_OF_GROUPS, ["Ann", "Ben", "Cem"])
    made.project.close()
    return Path(made.project.folder)


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Opens windows of the usual size without the making of pre-masks; they are closed at the end."""
    theme.apply(qapp, theme.DARK)
    settings = Settings(tmp_path / "window.ini")
    settings.set_text("premasks", "off")
    windows: list[Window] = []

    def show(folder: Path) -> Window:
        window = Window(settings)
        windows.append(window)
        window.resize(1600, 1000)
        window.show()
        assert window.enter(folder, "Ann", None)
        until(lambda: quiet(window))
        return window

    yield show
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.processEvents()


def go_to(window: Window, key: PairKey) -> None:
    """What the key D does, until the photograph is painted and can be drawn on."""
    assert window.view is not None
    window.view.open_pair(key)
    if not shows(window, key):
        until(lambda: shows(window, key))
    window.view.page("pairs").bench.canvas.repaint()


def go_to_and_fill(window: Window, key: PairKey) -> None:
    """The same, and what the panels and the strip say about the pair."""
    go_to(window, key)
    QApplication.processEvents()


@pytest.mark.parametrize("go", [go_to, go_to_and_fill], ids=["painted", "panels filled"])
@pytest.mark.benchmark(timer=time.thread_time)
def test_next_image_that_was_prefetched(
    benchmark: Any, photographs: Path, opened: Open, go: Callable[[Window, PairKey], None]
) -> None:
    window = opened(photographs)
    keys = [PairKey(0, f"photo_{number % IMAGES}") for number in range(1, 2 * IMAGES)]
    wanted = iter(keys)

    def ahead() -> tuple[tuple[Window, PairKey], dict[str, Any]]:
        until(lambda: quiet(window))
        return (window, next(wanted)), {}

    benchmark.pedantic(go, setup=ahead, rounds=len(keys))


@pytest.mark.parametrize("timer", [time.thread_time, time.process_time], ids=["window", "with workers"])
def test_next_image_that_was_not(
    benchmark: Any, photographs: Path, opened: Open, timer: Callable[[], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(photographs)
    assert window.view is not None
    monkeypatch.setattr(window.view.around.images, "prefetch", lambda _names: None)  # five are kept, eight are seen
    wanted = iter([PairKey(0, f"photo_{number % IMAGES}") for number in range(1, 3 * IMAGES)])
    benchmark._timer = timer

    def cold() -> tuple[tuple[Window, PairKey], dict[str, Any]]:
        until(lambda: quiet(window))
        return (window, next(wanted)), {}

    benchmark.pedantic(go_to, setup=cold, rounds=10)


@pytest.mark.usefixtures("qapp")
@pytest.mark.benchmark(timer=time.process_time)
def test_open_the_window_on_6361_pairs(benchmark: Any, large: Path, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "window.ini")
    settings.set_text("premasks", "off")
    windows: list[Window] = []

    def begin() -> tuple[tuple[Window], dict[str, Any]]:
        for old in windows:
            old.close()
            old.deleteLater()
        windows[:] = [Window(settings)]
        windows[0].resize(1600, 1000)
        windows[0].show()
        QApplication.processEvents()
        return (windows[0],), {}

    def enter(window: Window) -> None:
        assert window.enter(large, "Ann", None)
        until(lambda: window.view is not None and window.view.page("pairs").bench.canvas.session is not None)
        QApplication.processEvents()

    benchmark.pedantic(enter, setup=begin, rounds=8)
    windows[0].close()
    windows[0].deleteLater()
    QApplication.processEvents()


@pytest.mark.benchmark(timer=time.thread_time)
def test_next_image_of_265_in_a_project_of_6361_pairs(benchmark: Any, large: Path, opened: Open) -> None:
    window = opened(large)
    wanted = iter([PairKey(24, f"g24_{number:05d}") for number in range(40)])
    go_to(window, next(wanted))

    def ahead() -> tuple[tuple[Window, PairKey], dict[str, Any]]:
        until(lambda: quiet(window))
        return (window, next(wanted)), {}

    benchmark.pedantic(go_to_and_fill, setup=ahead, rounds=30)


@pytest.mark.benchmark(timer=time.thread_time)
def test_dashboard_of_6361_pairs_in_the_window(benchmark: Any, large: Path, opened: Open) -> None:
    window = opened(large)
    assert window.view is not None
    view, page = window.view, window.view.page("dashboard")

    def away() -> tuple[tuple[()], dict[str, Any]]:
        view.show_mode("pairs")
        until(lambda: quiet(window))
        page.board = None
        return (), {}

    def look() -> None:
        view.show_mode("dashboard")
        until(lambda: page.board is not None)
        QApplication.processEvents()

    benchmark.pedantic(look, setup=away, rounds=8)
    assert page.board.standing.pairs == 6361


@pytest.mark.benchmark(timer=time.thread_time, min_rounds=40)
def test_scroll_the_strip_of_265_pairs(benchmark: Any, large: Path, opened: Open) -> None:
    window = opened(large)
    assert window.view is not None
    page = window.view.page("pairs")
    page.show_group(24)
    until(lambda: quiet(window))
    area = page.strip.list.viewport()
    ways = iter([-120, -120, -120, 120] * 10_000)

    def step() -> None:
        at = QPointF(area.rect().center())
        turn = QWheelEvent(
            at, QPointF(area.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, next(ways)),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(area, turn)
        QApplication.processEvents()

    benchmark(step)
