"""What a machine has and lacks for this program; nothing is imported into this process to find out."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from platformdirs import user_config_path, user_log_path

from annotator.cli.qt_needs import window_findings

NEEDED = (
    *("PySide6-Essentials", "numpy", "shapely", "pillow", "opencv-python-headless", "SQLAlchemy", "alembic"),
    *("typer", "rich", "platformdirs", "pycocotools", "matplotlib", "scipy", "onnxruntime"),
)
EXTRAS = {
    "psycopg": "team: a PostgreSQL server for a team",
    "distributed": "cluster: pre-masks on a cluster",
}
"""Optional packages, with the extra that brings them and what it is for."""

LEAST_ROOM = 1 << 30
"""Bytes that should be free where a project lies."""


class State(StrEnum):
    """Whether what was looked for is there; an optional thing may be absent."""

    OK = "ok"
    MISSING = "missing"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked for, what was found, and what to do where it is not enough."""

    what: str
    state: State
    found: str
    remedy: str = ""


def examine(folder: Path) -> list[Finding]:
    """Everything that the program needs; `folder` is where projects lie."""
    return [
        _python(),
        *_libraries(),
        *(
            Finding(what, State.OK if ok else State.MISSING, found, remedy)
            for what, ok, found, remedy in window_findings()
        ),
        _display(),
        *_folders(folder),
        _room(folder),
        *_extras(),
    ]


def _python() -> Finding:
    enough = sys.version_info >= (3, 11)
    state = State.OK if enough else State.MISSING
    return Finding("Python", state, platform.python_version(), "" if enough else "install Python 3.11 or newer")


def _libraries() -> Iterator[Finding]:
    for name in NEEDED:
        found = _version(name)
        if found:
            yield Finding(name, State.OK, found)
        else:
            yield Finding(name, State.MISSING, "not installed", f"pip install {name}")


def _extras() -> Iterator[Finding]:
    for name, use in EXTRAS.items():
        found = _version(name)
        extra, _, what = use.partition(": ")
        remedy = "" if found else f"pip install 'pixel-retrieval-annotator[{extra}]'"
        yield Finding(f"{name}, for {what}", State.OK if found else State.OPTIONAL, found or "not installed", remedy)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _display() -> Finding:
    if sys.platform in ("win32", "darwin"):
        return Finding("display", State.OK, "the desktop")
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return Finding("display", State.OK, f"{variable}={os.environ[variable]}")
    return Finding("display", State.OPTIONAL, "none", "the commands work; the window needs one")


def _folders(project: Path) -> Iterator[Finding]:
    places = {
        "folder of projects": project,
        "folder of settings": user_config_path("pixel-retrieval-annotator", appauthor=False),
        "folder of the log": user_log_path("pixel-retrieval-annotator", appauthor=False),
    }
    for what, place in places.items():
        existing = _nearest(place)
        if _writable(existing):
            yield Finding(what, State.OK, str(place))
        else:
            yield Finding(what, State.MISSING, f"{place} cannot be written", f"check the rights of {existing}")


def _nearest(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    absolute = path.absolute()
    return next(place for place in (absolute, *absolute.parents) if place.is_dir())


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(_nearest(folder)).free
    enough = free >= LEAST_ROOM
    remedy = "" if enough else "make room: a project with its cache can take 1 GB"
    return Finding("room on the disk", State.OK if enough else State.MISSING, f"{free / 1e9:.1f} GB free", remedy)
