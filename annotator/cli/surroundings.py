"""What commands need from above them: the window, which they may not import."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from annotator.domain.errors import EnvironmentFault
from annotator.processes.interrupts import interrupts_put_off

PLATFORM = "QT_QPA_PLATFORM"
"""The environment variable that tells Qt where to show windows; who sets it knows why."""

Window = Callable[[Path | None, str | None], int]
"""Opens the window on a project folder (None: the last one or the start page) for a person; returns an exit code."""


Pictures = Callable[[Path, Path], Iterator[Path]]
"""Takes screenshots of the window on a project folder into a folder, one at each step; gives their files."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Handed to every command as the object of its context."""

    window: Window
    pictures: Pictures


def has_display() -> bool:
    """Whether a window would be seen by somebody."""
    if os.environ.get(PLATFORM) in ("offscreen", "minimal"):
        return False
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(context: typer.Context, project: Path | None, person: str | None) -> int:
    """Open the window that this program was started with.

    Raises EnvironmentFault when it was started without one, or where there is no display: Qt would end the program.
    """
    found = context.find_object(Surroundings)
    if found is None:
        raise EnvironmentFault("There is no window here; start the program as 'annotator'.")
    if not has_display() and not os.environ.get(PLATFORM):
        raise EnvironmentFault(
            "The window needs a display, and there is none here; the other commands work without ('annotator --help' "
            "lists them), and 'annotator doctor' says what the window needs."
        )
    return found.window(project, person)


def take_pictures(context: typer.Context, project: Path, out: Path) -> tuple[Path, ...]:
    """Take screenshots of the window on a project; raises EnvironmentFault where the program has no window."""
    found = context.find_object(Surroundings)
    if found is None:
        raise EnvironmentFault("There is no window here; start the program as 'annotator'.")
    taken = found.pictures(project, out)
    pictures: list[Path] = []
    while True:
        with interrupts_put_off():
            picture = next(taken, None)
        if picture is None:
            return tuple(pictures)
        pictures.append(picture)
