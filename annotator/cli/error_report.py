"""Errors on the command line: a sentence for the expected ones, a log for bugs."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_log_path

from annotator.domain.errors import AnnotatorError

TRACEBACK = "ANNOTATOR_TRACEBACK"
"""Set this environment variable to see tracebacks of bugs at once."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


def report_error(error: AnnotatorError) -> int:
    """Say an expected failure in one line; returns exit code 1."""
    say(" ".join(str(error).split()))
    return 1


def report_bug(error: Exception) -> int:
    """Log a bug with its traceback and say where; returns exit code 1.

    A disk that is full under the output is no bug: wherever else a disk may be full, who writes there says so.
    """
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        say(f"{error.filename or 'The output'} cannot be written ({error.strerror}); make room or write elsewhere.")
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
