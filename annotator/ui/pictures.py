"""Takes screenshots of the window on a project: for reports, and to look at after a change."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from annotator.domain.passes import PersonRole
from annotator.project.opening import open_project
from annotator.ui import theme
from annotator.ui.application import make_application, make_window
from annotator.ui.keys import DASHBOARD, DISPUTES, PAIRS, QUERIES
from annotator.ui.settings import Settings
from annotator.ui.window import Window

SIZE = (1600, 1000)
QUIET_MS = 400
LONGEST_MS = 20_000


def take_pictures(project: Path, out: Path) -> tuple[Path, ...]:
    """Every page of the window in dark, the pairs also in light, as PNG files in `out`; returns them.

    Nobody's settings are read or changed; leases are given back. Raises AnnotatorError where the project cannot be
    opened.
    """
    out.mkdir(parents=True, exist_ok=True)
    with open_project(project) as opened:
        people = opened.store.people()
    names = {role: [person.name for person in people if person.role is role] for role in PersonRole}
    taken: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        for role, looks in (
            (PersonRole.ANNOTATOR, ((PAIRS, theme.DARK), (PAIRS, theme.LIGHT))),
            (PersonRole.RESEARCHER, ((QUERIES, theme.DARK), (DISPUTES, theme.DARK), (DASHBOARD, theme.DARK))),
        ):
            for mode, shown in looks if names[role] else ():
                settings = Settings(Path(folder) / "window.ini")
                settings.set_text("theme", shown)
                taken.append(_take(project, names[role][0], mode, settings, out / f"{mode}-{shown}.png"))
    return tuple(taken)


def _take(project: Path, person: str, mode: str, settings: Settings, file: Path) -> Path:
    app = make_application(settings)
    window = make_window(settings, project, person)
    window.resize(*SIZE)
    window.show()
    if window.view is not None:
        window.view.show_mode(mode)
    _wait(app, window)
    window.grab().save(str(file))
    window.close()
    window.deleteLater()
    app.processEvents()
    return file


def _wait(app: QApplication, window: Window) -> None:
    """Until nothing is computed any more for a while."""
    whole, quiet = QElapsedTimer(), QElapsedTimer()
    whole.start()
    quiet.start()
    while quiet.elapsed() < QUIET_MS and whole.elapsed() < LONGEST_MS:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if window.view is not None and window.view.around.workers.busy:
            quiet.restart()
