"""Errors on the command line: a sentence for the expected ones and for Ctrl-C, a log for bugs."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_log_path

from annotator.domain.errors import AnnotatorError
from annotator.processes.interrupts import INTERRUPTED, end_workers

TRACEBACK = "ANNOTATOR_TRACEBACK"
"""Set this environment variable to see tracebacks of bugs at once."""

_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS), "make room or write elsewhere"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "check its rights"),
    **dict.fromkeys((errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP), "check the path"),
}
"""What to do about errors of the system that no program can help, wherever they come from."""


def report_error(error: AnnotatorError) -> int:
    """Say an expected failure in one line; returns exit code 1."""
    say(" ".join(str(error).split()))
    return 1


def report_interrupt() -> int:
    """End the processes that work for this one and say so in one line; returns exit code 130."""
    end_workers()
    say("Stopped; what was finished is kept, and nothing is half-written.")
    return INTERRUPTED


def report_bug(error: Exception) -> int:
    """Log a bug with its traceback and say where; returns exit code 1.

    What the system refuses is no bug, such as an output on a full disk or a path through a closed folder.
    """
    if isinstance(error, OSError) and error.errno in _REMEDIES:
        what = "The output" if error.filename is None else error.filename
        say(f"{what} cannot be used ({error.strerror}); {_REMEDIES[error.errno]}.")
        return 1
    text = "".join(traceback.format_exception(error))
    if os.environ.get(TRACEBACK):
        print(text, file=sys.stderr)
    log = write_log(text)
    where = f"the details are in {log}" if log else f"run it again with {TRACEBACK}=1 to see the details"
    say(f"A fault of the program ({type(error).__name__}); {where}.")
    return 1


def say(sentence: str) -> None:
    """One line on stderr, with the program's name."""
    print(f"annotator: {sentence}", file=sys.stderr)


def write_log(text: str) -> Path | None:
    """Append to the program's log; None where it cannot be written."""
    folder = user_log_path("pixel-retrieval-annotator", appauthor=False)
    path = folder / "errors.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {' '.join(sys.argv)}\n{text}\n")
    except OSError:
        return None
    return path
