"""Starts the window."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import traceback
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from annotator.ui import icons, theme
from annotator.ui.settings import Settings
from annotator.ui.window import PROGRAM, Window

log = logging.getLogger(__name__)

BUG = "Something went wrong that should not have; your work is kept. Details are in {log}."


def make_application(settings: Settings) -> QApplication:
    """The QApplication in the remembered theme (the system's at first); an existing one is used."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("pixel-retrieval-annotator")
    app.setApplicationDisplayName(PROGRAM)
    system = theme.LIGHT if app.styleHints().colorScheme() is Qt.ColorScheme.Light else theme.DARK
    theme.apply(app, settings.text("theme", system))
    app.setWindowIcon(icons.icon("app", "accent"))
    return app


def make_window(settings: Settings, project: Path | None, person: str | None) -> Window:
    """The window on a project (as a person), or on the start page with the last project chosen."""
    window = Window(settings)
    if project is None:
        window.desk.refresh()
        return window
    name = person or settings.text(f"person/{project.absolute()}")
    if not name or not window.enter(project.absolute(), name, None):
        trouble = window.start.trouble
        window.desk.offer(project.absolute())
        window.start.set_trouble(trouble)
    return window


def run(project: Path | None, person: str | None) -> int:
    """Show the window and return its exit code. Without a project the start page offers the last ones."""
    log_file = start_log()
    settings = Settings()
    app = make_application(settings)
    window = make_window(settings, project, person)
    tell_bugs(window, log_file)
    window.show()
    return app.exec()


def start_log() -> Path:
    """Write what goes wrong into a file of the person's log folder; returns its path."""
    folder = Path(platformdirs.user_log_dir("pixel-retrieval-annotator", appauthor=False))
    path = folder / "annotator.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")
    except OSError:
        return path
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    return path


def tell_bugs(window: Window, log_file: Path) -> None:
    """Anything that nobody caught is a bug: log it, keep the work, tell the person, go on."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QTimer.singleShot(0, window, window.close)
            return
        log.error("Nobody caught this:\n%s", "".join(traceback.format_exception(kind, error, trace)))
        QTimer.singleShot(0, window, lambda: window.tell_of_bug(BUG.format(log=log_file)))

    sys.excepthook = caught
