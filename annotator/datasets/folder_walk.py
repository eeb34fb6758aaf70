"""Finding named images in a folder tree, without opening any file."""

from __future__ import annotations

import os
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path

from annotator.datasets.image_file import EXTENSIONS
from annotator.domain.errors import EnvironmentFault

ENDINGS = frozenset(ending for endings in EXTENSIONS.values() for ending in endings)


@dataclass(slots=True)
class Found:
    """Files by image name, in sorted order; links that lead out of the folder; folders that cannot be read.

    Paths are plain text: making a `Path` of each of thousands of files takes longer than finding them.
    """

    files: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)


def find_images(folder: Path, names: Container[str]) -> Found:
    """Files in the tree below `folder` whose name without extension is in `names`.

    Links are followed as long as they stay in the folder. Raises EnvironmentFault when the folder cannot be read.
    """
    found = Found()
    root = _real(folder)
    seen: set[str] = set()
    waiting = [str(folder)]
    while waiting:
        current = waiting.pop()
        real = str(_real(Path(current)))
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(current) as entries:
                waiting += [entry.path for entry in entries if _take(entry, root, names, found)]
        except OSError as error:
            if current == str(folder):
                problem = error.strerror or error
                raise EnvironmentFault(f"{folder}: this folder cannot be read ({problem}); check the path.") from error
            found.closed.append(current)
    for paths in found.files.values():
        if len(paths) > 1:
            paths.sort(key=Path)
    return found


def _take(entry: os.DirEntry[str], root: Path, names: Container[str], found: Found) -> bool:
    """Note a wanted file; returns True for a folder to be entered."""
    stem, _, ending = entry.name.rpartition(".")
    wanted = f".{ending.lower()}" in ENDINGS and stem in names
    try:
        folder, file = entry.is_dir(), wanted and entry.is_file()
    except OSError:  # a loop of links
        return False
    if not folder and not file:
        return False
    if entry.is_symlink() and not _real(Path(entry.path)).is_relative_to(root):
        if file:
            found.outside[stem] = entry.path
        return False
    if file:
        found.files.setdefault(stem, []).append(entry.path)
    return folder


def _real(path: Path) -> Path:
    """The path without links; a loop of links stands for itself, and no file is found behind it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
