"""A program that is killed while somebody draws: the next start finds the edit, at most a second short."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui import theme
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from qa.simulation.demo_project import Demo

# Draws two polygons and is killed a second later, which is what may be lost; what was begun in that second is written.
DRAWER = """
import os, signal, sys, time
from pathlib import Path
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from annotator.ui.application import make_application
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.settings import Settings
from annotator.ui.window import Window

settings = Settings(Path(sys.argv[2]))
app = make_application(settings)
window = Window(settings)
window.resize(1400, 900)
window.show()
assert window.enter(Path(sys.argv[1]), "Amara", None)
while window.view.around.workers.busy:
    app.processEvents()
(canvas,) = [c for c in window.findChildren(CanvasWidget) if c.isVisible()]


def draw(*places):
    QTest.keyClick(canvas, Qt.Key.Key_P)
    for x, y in places:
        left, top = canvas.view.to_widget((x, y))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(left), round(top)))
    QTest.keyClick(canvas, Qt.Key.Key_Return)


draw((20, 20), (60, 20), (60, 60))
draw((80, 20), (120, 20), (120, 60))
print(len(canvas.session.annotation.shapes), flush=True)
until = time.monotonic() + 1
while time.monotonic() < until:
    app.processEvents()
app.processEvents()  # on a busy machine the second may have passed between two looks at what is due
while window.view.around.workers.busy:
    app.processEvents()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_kill_minus_nine_while_drawing_loses_at_most_a_second(
    demo: Demo, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    folder = demo.project.folder
    demo.project.close()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    drawer = subprocess.run(
        [sys.executable, "-c", DRAWER, str(folder), str(tmp_path / "a.ini")],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert drawer.returncode == -signal.SIGKILL
    shapes = int(drawer.stdout)

    theme.apply(qapp, theme.DARK)
    window = Window(Settings(tmp_path / "b.ini"))
    try:
        window.resize(1400, 900)
        window.show()
        assert window.enter(folder, "Amara", None), window.start.trouble
        qtbot.waitUntil(lambda: window.view is not None and window.view.around.workers.busy == 0, timeout=60_000)
        (canvas,) = [canvas for canvas in window.findChildren(CanvasWidget) if canvas.isVisible()]
        assert canvas.session is not None
        assert len(canvas.session.annotation.shapes) == shapes
    finally:
        window.close()
        window.deleteLater()
        qtbot.wait(1)
