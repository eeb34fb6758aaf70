"""Whether Qt's window can start: tried in another process, since commands never load Qt and a bare Qt may abort."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""System libraries that PySide6 needs, with the Debian packages that hold them."""

X_PACKAGES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""The same for a window under X."""

_PROBE = """
import ctypes, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        missing.append(name)
print(json.dumps(missing), flush=True)
from PySide6.QtGui import QFontDatabase, QGuiApplication
application = QGuiApplication(["doctor", "-platform", "offscreen"])
print(json.dumps(len(QFontDatabase.families())), flush=True)
"""

Row = tuple[str, bool, str, str]
"""What was looked for, whether it is there, what was found, what to do."""


def window_findings() -> Iterator[Row]:
    """System libraries, Qt itself, and fonts."""
    wanted = _wanted()
    lines, problem = _probe(list(wanted))
    missing = json.loads(lines[0]) if lines else []
    packages = " ".join(wanted[name] for name in missing)
    remedy = f"on Debian or Ubuntu: apt-get install {packages}" if missing else ""
    if wanted:
        yield "system libraries of the window", not missing, ", ".join(missing) or "all here", remedy
    loaded = len(lines) > 1
    yield (
        "Qt starts",
        loaded,
        "yes" if loaded else problem,
        "" if loaded else remedy or "install PySide6-Essentials again",
    )
    if loaded:
        count = int(lines[1])
        yield "fonts", count > 0, f"{count} families", "" if count else "install a font, such as fonts-dejavu-core"


def _wanted() -> dict[str, str]:
    if not sys.platform.startswith("linux"):
        return {}
    return PACKAGES | (X_PACKAGES if os.environ.get("DISPLAY") else {})


def _probe(names: list[str]) -> tuple[list[str], str]:
    """The lines that the other process wrote, and the last line of what went wrong in it."""
    command = [sys.executable, "-c", _PROBE, *names]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 (our own probe)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [], str(error)
    problem = (done.stderr.strip().splitlines() or [f"it stopped with code {done.returncode}"])[-1]
    return done.stdout.splitlines(), problem
