"""The real program on a project, until the open pair is painted and takes a key.

`python opening.py MOMENT open PROJECT --as NAME` prints as JSON the CPU seconds of the process and the seconds since
MOMENT (of the monotonic clock) when Qt and the window's modules were loaded, when the pair was painted and answered the
key P, and when the workers had nothing to do any more.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import annotator.__main__ as program

begun = float(sys.argv.pop(1))
marks: dict[str, Any] = {}


def mark(name: str) -> None:
    marks[name] = {"cpu": time.process_time(), "elapsed": time.monotonic() - begun}


def watch(window: Any) -> None:
    """Note when the canvas of a window's open pair is painted, press a key, and leave when all is quiet."""
    from PySide6.QtCore import QEvent, QObject, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    canvas = window.view.page("pairs").bench.canvas

    class Painted(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
            if event.type() == QEvent.Type.Paint and canvas.session is not None:
                canvas.removeEventFilter(self)
                QTimer.singleShot(0, self, press)
            return False

    def press() -> None:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_P)
        mark("usable")
        marks["tool"] = canvas.tool.name
        leave()

    def leave() -> None:
        if window.view.around.workers.busy:
            QTimer.singleShot(2, window, leave)
            return
        mark("quiet")
        print(json.dumps(marks))
        window.close()

    canvas.installEventFilter(Painted(window))


def loaded(load: Callable[[], Any]) -> Callable[[], Any]:
    """What `load` gives, with a window that is watched."""

    def load_and_hook() -> Any:
        run = load()
        mark("loaded")
        from annotator.ui import application

        make = application.make_window

        def make_window(*wishes: Any) -> Any:
            window = make(*wishes)
            watch(window)
            return window

        application.make_window = make_window
        return run

    return load_and_hook


if __name__ == "__main__":
    program.load_window = loaded(program.load_window)
    sys.exit(program.main())
