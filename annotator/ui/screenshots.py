"""Pictures of the window on a project, made by driving it: for the README and for looking where there is no display."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint
from PySide6.QtGui import QCursor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from annotator.domain.dataset import Difficulty, PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.passes import PairState, PersonRole
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.ui import theme
from annotator.ui.application import make_application
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from qa.queue import queue_for

SIZE = (1600, 1000)
PATIENCE_MS = 10_000
PREMASK_PATIENCE_MS = 40_000


def take_pictures(project: Path, out: Path) -> Iterator[Path]:
    """Open the window on `project` as its people and write PNGs into `out`, one at each step.

    Of the project only its cache is changed. Raises EnvironmentFault when `out` cannot be written. Without a display
    Qt's offscreen platform draws.
    """
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{out}: the folder cannot be made ({error.strerror}); choose another.") from error
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.set_text("premasks", "off")  # those that are kept are shown; one picture has its own made
        app = make_application(settings)
        yield from _Camera(app, settings, project, out).take()


class _Camera:
    """Opens the window anew for each picture, so that none depends on the one before."""

    def __init__(self, app: QApplication, settings: Settings, project: Path, out: Path) -> None:
        self._app, self._settings, self._project, self._out = app, settings, project, out
        with open_project(project) as opened:
            people = opened.store.people()
            self._annotators = [person.name for person in people if person.role is PersonRole.ANNOTATOR]
            self._researchers = [person.name for person in people if person.role is PersonRole.RESEARCHER]
            self._drawing = self._find(opened, 1)
            self._untouched = self._find(opened, 1, untouched=True)
            self._inspecting = self._find(opened, 3) or self._find(opened, 2)

    def take(self) -> Iterator[Path]:
        """One picture after the other."""
        for name in (theme.DARK, theme.LIGHT):
            if self._drawing is not None:
                person, key = self._drawing
                yield self._shot(f"annotate-{name}", name, person, _pair(key))
        if self._untouched is not None:
            person, key = self._untouched
            self._settings.set_text("premasks", "on")
            yield self._shot("premask-dark", theme.DARK, person, _pair(key), _has_premask)
            self._settings.set_text("premasks", "off")
        if self._inspecting is not None:
            person, key = self._inspecting
            yield self._shot("inspect-dark", theme.DARK, person, _pair(key))
        for researcher in self._researchers[:1]:
            yield self._shot("queries-light", theme.LIGHT, researcher, _mode("queries"))
            yield self._shot("dispute-dark", theme.DARK, researcher, _mode("disputes"))
            yield self._shot("dashboard-dark", theme.DARK, researcher, _mode("dashboard"))
        yield self._shot("start-light", theme.LIGHT, None, lambda _window: None)

    def _find(self, project: Project, pass_number: int, untouched: bool = False) -> tuple[str, PairKey] | None:
        """Who could do a pass of this number now, and on which pair: returned work first, since it shows most.

        With `untouched` only easy pairs that nobody worked on, where a pre-mask is worth a look.
        """
        for person in self._annotators:
            for item in queue_for(project, person):
                pair = project.store.pair(item.key)
                plain = pair.state is PairState.OPEN and pair.difficulty is Difficulty.EASY
                if item.pass_number == pass_number and (plain or not untouched):
                    return person, item.key
        return None

    def _shot(
        self,
        name: str,
        look: str,
        person: str | None,
        prepare: Callable[[Window], None],
        ready: Callable[[Window], bool] | None = None,
    ) -> Path:
        theme.apply(self._app, look)
        window = Window(self._settings)
        window.resize(*SIZE)
        try:
            if person is None:
                self._settings.remember_project(self._project)
                window.desk.refresh()
            else:
                window.enter(self._project, person, None)
            window.show()
            self._settle(window)
            prepare(window)
            deadline = QDeadlineTimer(PREMASK_PATIENCE_MS)
            while ready is not None and not ready(window) and not deadline.hasExpired():
                self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 150)
            self._settle(window)
            path = self._out / f"{name}.png"
            if not _grab(window).save(str(path)):
                raise EnvironmentFault(f"{path}: the screenshot cannot be written; make room or choose another folder.")
            return path
        finally:
            window.close()
            window.deleteLater()
            self._app.processEvents()

    def _settle(self, window: Window) -> None:
        """Let workers deliver and layouts settle: until two pictures in a row are the same, or patience ends."""
        QCursor.setPos(window.mapToGlobal(QPoint(SIZE[0] // 2, SIZE[1] // 2)))
        deadline = QDeadlineTimer(PATIENCE_MS)
        before: QImage | None = None
        same = 0
        while same < 3 and not deadline.hasExpired():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 150)
            if window.view is not None and window.view.around.workers.busy:
                continue
            now = _grab(window)
            same = same + 1 if now == before else 0
            before = now


def _grab(window: QWidget) -> QImage:
    return window.grab().toImage()


def _pair(key: PairKey) -> Callable[[Window], None]:
    def show(window: Window) -> None:
        if window.view is not None:
            window.view.open_pair(key)

    return show


def _has_premask(window: Window) -> bool:
    return any(canvas.layers.premask for canvas in window.findChildren(CanvasWidget))


def _mode(mode: str) -> Callable[[Window], None]:
    def show(window: Window) -> None:
        if window.view is not None:
            window.view.show_mode(mode)

    return show
