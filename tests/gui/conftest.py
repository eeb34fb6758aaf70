"""A small painted project, the window on it, and the way to click on its canvas."""

from __future__ import annotations

import gc
import pickle
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole, Verdict
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project.create import create_project
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.ui import theme
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from qa import hand_over

SIZE = (160, 120)
BLOCK = ((40.0, 30.0), (110.0, 30.0), (110.0, 90.0), (40.0, 90.0))


def paint(path: Path, seed: int) -> None:
    """A building on a plain sky, as a PNG."""
    image = Image.new("RGB", SIZE, (90, 140, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 30, 110, 90), fill=(150 + seed % 80, 130, 90))
    draw.rectangle((0, 100, *SIZE), fill=(60, 110, 60))
    image.save(path)


def set_blind_share(folder: Path, share: float) -> None:
    """Change the share of pairs that are drawn blind in a project's rules."""
    rules = folder / "rules.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(re.sub(r"(?m)^blind_share = [0-9.]+", f"blind_share = {share}", text), encoding="utf-8")


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Waits a minute for what comes at once on an idle machine; its usual five seconds are short on a busy one."""
    del qapp
    made = QtBot(request)
    for name in ("waitUntil", "waitSignal", "waitSignals"):
        setattr(made, name, partial(getattr(made, name), timeout=60_000))
    return made


@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `folder` copies, made once: photographs, ground truth and project."""
    place = tmp_path_factory.mktemp("town")
    images = place / "images"
    images.mkdir()
    names = ["hall_1", "hall_2", "hall_3", "gone", "tower_1"]
    queries = ["hall_a", "hall_b", "tower_a"]
    for seed, name in enumerate([*names, *queries]):
        if name != "gone":
            paint(images / f"{name}.png", 13 * seed)
    box = [30, 20, 120, 100]
    hall = {"bbx": box, "easy": [0, 1], "hard": [2, 3], "junk": []}
    tower = {"bbx": box, "easy": [4], "hard": [], "junk": [0]}
    truth = {"imlist": names, "qimlist": queries, "gnd": [hall, hall, tower]}
    file = place / "gnd_town.pkl"
    file.write_bytes(pickle.dumps(truth))
    with create_project(place / "Town", file, images) as project:
        project.store.add_person("Lena", PersonRole.RESEARCHER)
        for name in ("Mei", "Jonas", "Amara"):
            project.store.add_person(name, PersonRole.ANNOTATOR)
    set_blind_share(place / "Town", 0.0)  # tests of drawing blind take all pairs into the sample
    return place


@pytest.fixture
def folder(town_template: Path, tmp_path: Path) -> Path:
    """A project of two groups: g00 with two queries and four index images (one is not here), g01 with one of each."""
    shutil.copytree(town_template, tmp_path, dirs_exist_ok=True)
    settings = tmp_path / "Town" / "project.toml"
    settings.write_text(settings.read_text("utf-8").replace(str(town_template), str(tmp_path)), "utf-8")
    return tmp_path / "Town"


@pytest.fixture
def open_folder(folder: Path) -> Path:
    """The same with an approved query mask in g00, which is open."""
    with open_project(folder) as project:
        project.store.save_query_mask(0, Annotation(SIZE, (Shape("1", Role.OBJECT, polygon(BLOCK)),)), "Lena")
        project.store.approve_query_mask(0, "Lena")
        project.store.set_note(0, "The hall without its wings.", "Lena")
        project.store.open_group(0, "Lena")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of their own."""
    made = Settings(tmp_path / "window.ini")
    made.set_text("premasks", "off")  # tests of pre-masks switch the making on
    return made


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme.apply(qapp, theme.DARK)


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """A thread that still runs Python when its test has ended fails it.

    Python lists threads of Qt that have ended, too, where something in them asked which thread it was in; so those
    that have a frame are counted.
    """
    before = set(sys._current_frames())
    yield
    assert set(sys._current_frames()) <= before


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """A visible widget that outlives its test fails it."""
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]


@dataclass(frozen=True)
class Town:
    """What tests do with the painted project and the window on it."""

    qtbot: QtBot
    settings: Settings
    windows: list[Window] = field(default_factory=list)
    size: tuple[int, int] = SIZE
    block: tuple[tuple[float, float], ...] = BLOCK

    def open(self, project: Path, person: str) -> Window:
        """Open the window on a project as a person and wait until all is shown."""
        window = Window(self.settings)
        self.windows.append(window)
        window.resize(1400, 900)
        window.show()
        assert window.enter(project, person, None), window.start.trouble
        self.settled(window)
        return window

    def close(self) -> None:
        """Close all windows."""
        for window in self.windows:
            if window.view is not None:
                window.view.give_up()
            window.close()
            window.deleteLater()
        self.qtbot.wait(1)
        gc.collect()

    def press(self, widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key with modifiers."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        self.qtbot.keyClick(widget, key, held)

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def drawn(self, dx: float = 0.0, *more: Shape) -> Annotation:
        """The block, moved sideways, and further shapes."""
        block = Shape("1", Role.OBJECT, polygon(np.array(BLOCK) + np.array([dx, 0.0])))
        return Annotation(SIZE, (block, *more))

    def hand(
        self, project: Project, image: str, person: str, verdict: Verdict, drawn: Annotation | None = None
    ) -> None:
        """Do a pass of a pair of g00."""
        key = PairKey(0, image)
        work = hand_over.take(project, key, person)
        hand_over.submit(
            project,
            key,
            person,
            verdict,
            drawn or work.annotation or self.drawn(),
            pass_number=work.pass_number,
            base_revision=work.base_revision,
            active_seconds=20.0,
            reason="loose boundary" if verdict in (Verdict.RETURNED, Verdict.ESCALATED) else "",
        )

    def settled(self, window: Window) -> None:
        """Wait until the workers of the open project have nothing to do."""
        self.qtbot.waitUntil(lambda: window.view is None or window.view.around.workers.busy == 0)
        for _ in range(3):
            QApplication.processEvents()
        self.qtbot.waitUntil(lambda: window.view is None or window.view.around.workers.busy == 0)

    def spot(self, canvas: CanvasWidget, x: float, y: float) -> QPoint:
        """Where a place of the image is on the canvas."""
        left, top = canvas.view.to_widget((x, y))
        return QPoint(round(left), round(top))

    def outline(self, canvas: CanvasWidget, tool: Qt.Key, *points: tuple[float, float]) -> None:
        """Take a tool by its key and click around an outline; Enter closes it."""
        self.qtbot.keyClick(canvas, tool)
        for x, y in points:
            self.qtbot.mouseMove(canvas, self.spot(canvas, x, y))
            self.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=self.spot(canvas, x, y))
        self.qtbot.keyClick(canvas, Qt.Key.Key_Return)


@pytest.fixture
def town(qtbot: QtBot, settings: Settings) -> Iterator[Town]:
    """What tests do with the painted project; windows are closed at the end."""
    made = Town(qtbot, settings)
    yield made
    made.close()


@dataclass(frozen=True)
class Stage:
    """Shows single widgets, clicks on them and reads them."""

    qtbot: QtBot

    def show(self, widget: Any, width: int = 304, height: int = 500) -> Any:
        """Show a widget at a size; it is closed at the end of the test."""
        self.qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        return widget

    def click(self, widget: QWidget, **more: Any) -> None:
        """Click on a widget, in its middle where `pos` says nothing else."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, **more)

    def texts(self, widget: QWidget) -> list[str]:
        """What the labels of a widget say."""
        return [label.text() for label in widget.findChildren(QLabel)]


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    """What tests of single widgets need."""
    return Stage(qtbot)


@pytest.fixture
def two_queries(open_folder: Path, town: Town) -> Path:
    """The project with a second approved query in its group and a first pass by Mei."""
    with open_project(open_folder) as project:
        block = Annotation(town.size, (Shape("1", Role.OBJECT, polygon(town.block)),))
        project.store.save_query_mask(1, block, "Lena")
        project.store.approve_query_mask(1, "Lena")
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
    return open_folder
