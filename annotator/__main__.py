"""The command `annotator`: stands above window and commands and chooses between them."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.cli.app import run
from annotator.cli.surroundings import Surroundings
from annotator.processes.single_thread import hold_threads


def main() -> int:
    """Run the command line that this process was started with; returns the exit code."""
    hold_threads()  # here, before a command loads NumPy
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files may hold what its encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")  # as Python itself has it for stderr
    return run(sys.argv[1:], Surroundings(open_window, take_pictures))


def open_window(project: Path | None, person: str | None) -> int:
    """Open the window; Qt is loaded only now, so that commands start fast and run without it."""
    return load_window()(project, person)


def load_window() -> Callable[[Path | None, str | None], int]:
    """What shows the window. None of what is loaded is garbage, and looking for it there is a tenth of a start."""
    gc.disable()
    from annotator.ui.application import run as run_window

    gc.freeze()
    gc.enable()
    return run_window


def take_pictures(project: Path, out: Path) -> Iterator[Path]:
    """Take screenshots of the window on a project."""
    from annotator.ui.screenshots import take_pictures as take

    return take(project, out)


if __name__ == "__main__":
    sys.exit(main())
