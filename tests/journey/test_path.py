"""The whole path with real mouse and key events: from the outline of a query to a release that verifies.

The images are the project's own rendered town gate: its archway is a hole, a tree stands before it.
"""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.__main__ import open_window, take_pictures
from annotator.cli.app import run
from annotator.cli.surroundings import Surroundings
from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation, Role
from annotator.project.opening import open_project
from annotator.ui import theme
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from export.reader import load_release
from qa.hand_over import take
from resources.demo.scenes import scene_named
from resources.demo.write import write_demo

QUERY, INDEX = "gate_000012", "gate_000005"
KEY = PairKey(0, INDEX)
CTRL = Qt.KeyboardModifier.ControlModifier

# In pixels of the images at 0.3 of their size (216 × 288 and 288 × 216).
QUERY_OUTLINE = ((14, 60), (196, 60), (196, 200), (14, 200))
OBJECT = ((96, 40), (216, 40), (216, 160), (96, 160))
ARCH = ((146, 125), (166, 125), (166, 155), (146, 155))
TREE = ((190, 80), (230, 80), (230, 165), (190, 165))
KIOSK = ((100, 120), (130, 120), (130, 170), (100, 170))


@dataclass
class Hands:
    """A person at the window: clicks, keys, dialogs."""

    qtbot: QtBot
    settings: Settings
    project: Path
    window: Window | None = None

    def sit_down(self, name: str, role: PersonRole | None = None) -> Window:
        """Open the window as somebody."""
        self.stand_up()
        self.window = Window(self.settings)
        self.window.resize(1400, 900)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow, timeout=60_000)
        assert self.window.enter(self.project, name, role), self.window.start.trouble
        self.wait()
        return self.window

    def stand_up(self) -> None:
        """Close the window."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
            self.qtbot.wait(1)
            gc.collect()

    def wait(self) -> None:
        """Until the workers are done."""
        view = self.seen.view
        for _ in range(3):
            self.qtbot.waitUntil(lambda: view is None or view.around.workers.busy == 0, timeout=60_000)
            QApplication.processEvents()

    @property
    def seen(self) -> Window:
        assert self.window is not None
        return self.window

    @property
    def canvas(self) -> CanvasWidget:
        (shown,) = [canvas for canvas in self.seen.findChildren(CanvasWidget) if canvas.isVisible()]
        return shown

    @property
    def annotation(self) -> Annotation:
        assert self.canvas.session is not None
        return self.canvas.session.annotation

    def spot(self, x: float, y: float) -> QPoint:
        left, top = self.canvas.view.to_widget((x, y))
        return QPoint(round(left), round(top))

    def outline(self, tool: Qt.Key, *points: tuple[float, float]) -> None:
        """Take a tool by its key and click around an outline; Enter closes it."""
        canvas = self.canvas
        self.qtbot.keyClick(canvas, tool)
        for x, y in points:
            self.qtbot.mouseMove(canvas, self.spot(x, y))
            self.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=self.spot(x, y))
        self.qtbot.keyClick(canvas, Qt.Key.Key_Return)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with the left button, in small steps as a hand does."""
        canvas = self.canvas
        self.qtbot.mouseMove(canvas, self.spot(*start))
        self.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=self.spot(*start))
        for share in np.linspace(0.2, 1, 5):
            x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            self.qtbot.mouseMove(canvas, self.spot(x, y))
        self.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=self.spot(*end))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.canvas, key, held)
        self.wait()

    def click(self, name: str) -> None:
        def shown() -> list[QPushButton]:
            return [button for button in self.seen.findChildren(QPushButton, name) if button.isVisible()]

        self.qtbot.waitUntil(lambda: len(shown()) == 1, timeout=60_000)
        self.qtbot.mouseClick(shown()[0], Qt.MouseButton.LeftButton)
        self.wait()

    def type_into(self, kind: type[QWidget], name: str, text: str) -> QWidget:
        field = self.seen.findChild(kind, name)
        assert field is not None, name
        self.qtbot.keyClicks(field, text)
        return field

    def answering(self, text: str) -> None:
        """Type into the dialog that opens next, and accept it."""

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(10, answer)
                return
            edit = dialog.findChild(QPlainTextEdit, "sentence.text")
            assert edit is not None
            self.qtbot.keyClicks(edit, text)
            self.qtbot.keyClick(edit, Qt.Key.Key_Return, CTRL)

        QTimer.singleShot(0, answer)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one query and one index image, made by the command."""
    images = write_demo(tmp_path, 0.3, scenes=(scene_named(QUERY), scene_named(INDEX))).images
    truth = {
        "gnd": [{"bbx": [10, 40, 200, 210], "easy": [0], "hard": [], "junk": []}],
        "imlist": [INDEX],
        "qimlist": [QUERY],
    }
    file = tmp_path / "gnd_gate.pkl"
    file.write_bytes(pickle.dumps(truth, protocol=2))
    folder = tmp_path / "Gate"
    assert command("init", folder, "--ground-truth", file, "--images", images) == 0
    return folder


def command(*arguments: object) -> int:
    return run([str(argument) for argument in arguments], Surroundings(open_window, take_pictures))


@pytest.fixture
def hands(qtbot: QtBot, qapp: QApplication, tmp_path: Path, project: Path) -> Iterator[Hands]:
    theme.apply(qapp, theme.DARK)
    made = Hands(qtbot, Settings(tmp_path / "window.ini"), project)
    yield made
    made.stand_up()


def filled(*outline: tuple[float, float]) -> Mask:
    from annotator.domain.raster import fill

    return fill([polygon(outline)], (288, 216))


def state(folder: Path) -> PairState:
    with open_project(folder) as opened:
        return opened.store.pair(KEY).state


def the_researcher_prepares(hands: Hands) -> None:
    hands.sit_down("Lena", PersonRole.RESEARCHER)
    hands.outline(Qt.Key.Key_P, *QUERY_OUTLINE)
    hands.key(Qt.Key.Key_Return, CTRL)
    hands.click("query.approve")
    hands.type_into(QPlainTextEdit, "group-note.text", "The gate with both towers.")
    hands.click("group.open")


def the_first_person_draws(hands: Hands) -> Mask:
    hands.sit_down("Mei", PersonRole.ANNOTATOR)
    hands.outline(Qt.Key.Key_P, *OBJECT)
    hands.outline(Qt.Key.Key_H, *ARCH)
    hands.outline(Qt.Key.Key_O, *TREE)
    assert [shape.role for shape in hands.annotation.shapes] == [Role.OBJECT, Role.OCCLUDER]
    assert len(hands.annotation.shapes[0].polygon.holes) == 1
    drawn = mask_of(hands.annotation)
    hands.key(Qt.Key.Key_Return, CTRL)
    return drawn


def the_second_person_returns(hands: Hands) -> None:
    hands.sit_down("Jonas", PersonRole.ANNOTATOR)
    hands.qtbot.keyClick(hands.canvas, Qt.Key.Key_W)
    hands.answering("The roof of the left tower is missing.")
    hands.qtbot.mouseClick(hands.canvas, Qt.MouseButton.LeftButton, pos=hands.spot(160, 36))
    hands.wait()
    reason = hands.seen.findChild(QComboBox, "verdict.reason")
    assert reason is not None
    hands.qtbot.keyClicks(reason.lineEdit(), "too little")
    hands.click("verdict.return")


def the_first_person_mends(hands: Hands) -> Mask:
    hands.sit_down("Mei")
    hands.qtbot.keyClick(hands.canvas, Qt.Key.Key_V)
    hands.qtbot.mouseClick(hands.canvas, Qt.MouseButton.LeftButton, pos=hands.spot(110, 80))
    hands.drag(OBJECT[0], (96, 30))
    hands.click("remarks.settle")  # what came back is unfolded already
    mended = mask_of(hands.annotation)
    hands.key(Qt.Key.Key_Return, CTRL)
    return mended


def the_second_person_refines(hands: Hands) -> Mask:
    hands.sit_down("Jonas")
    hands.outline(Qt.Key.Key_O, *KIOSK)
    refined = mask_of(hands.annotation)
    hands.key(Qt.Key.Key_Return, CTRL)
    return refined


def the_third_person_approves(hands: Hands) -> None:
    hands.sit_down("Amara", PersonRole.ANNOTATOR)
    hands.key(Qt.Key.Key_Y)
    hands.stand_up()


def test_from_the_ground_truth_to_a_verified_release(hands: Hands, project: Path, tmp_path: Path) -> None:
    the_researcher_prepares(hands)
    assert state(project) is PairState.OPEN

    first = the_first_person_draws(hands)
    expected = filled(*OBJECT) & ~filled(*TREE)
    expected &= ~filled((147, 126), (165, 126), (165, 154), (147, 154))  # a hole's own ring stays in the object
    apart = first ^ expected
    assert apart.sum() < 0.01 * expected.sum()  # clicks fall on screen pixels, which are not image pixels
    assert state(project) is PairState.AFTER_1

    the_second_person_returns(hands)
    assert state(project) is PairState.RETURNED_1
    mended = the_first_person_mends(hands)
    assert (mended & ~first).any()
    assert state(project) is PairState.AFTER_1
    refined = the_second_person_refines(hands)
    assert (mended & ~refined).sum() > 500
    the_third_person_approves(hands)
    assert state(project) is PairState.DONE

    release = tmp_path / "release"
    assert command("release", project, release) == 0
    assert command("verify", release) == 0
    assert command("verify", project) == 0
    (pair,) = load_release(release).pairs()
    np.testing.assert_array_equal(pair.mask(), refined)
    with open_project(project) as opened:
        passes = [(head.pass_number, head.person, head.verdict) for head in opened.store.all_passes()]
    assert passes == [
        (1, "Mei", Verdict.SUBMITTED),
        (2, "Jonas", Verdict.RETURNED),
        (1, "Mei", Verdict.SUBMITTED),
        (2, "Jonas", Verdict.REFINED),
        (3, "Amara", Verdict.APPROVED),
    ]


def test_the_same_person_finds_the_pair_closed_for_a_second_pass(hands: Hands, project: Path) -> None:
    the_researcher_prepares(hands)
    the_first_person_draws(hands)
    with open_project(project) as opened, pytest.raises(RefusedError, match="three different people"):
        take(opened, KEY, "Mei")


@pytest.mark.xvfb
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="there is no Xvfb here (package xvfb)")
@pytest.mark.skipif("ANNOTATOR_UNDER_XVFB" in os.environ, reason="this is the run under Xvfb")
def test_the_same_under_a_real_x_server(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    environment |= {"ANNOTATOR_UNDER_XVFB": "1", "QT_QPA_PLATFORM": "xcb"}
    this = f"{Path(__file__)}::test_from_the_ground_truth_to_a_verified_release"
    inner = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", this, "--basetemp", str(tmp_path / "x")]
    outer = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24", *inner]
    ran = subprocess.run(outer, env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "1 passed" in ran.stdout
