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
    """Files by image name, each list in sorted order, and the links that lead out of the folder."""

    files: dict[str, list[Path]] = field(default_factory=dict)
    outside: dict[str, Path] = field(default_factory=dict)


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
        waiting += _enter(current, root, names, found)
    for paths in found.files.values():
        paths.sort()
    return found


def _enter(current: str, root: Path, names: Container[str], found: Found) -> list[str]:
    """Note the images of one folder; returns the folders in it."""
    folders = []
    try:
        with os.scandir(current) as entries:
            for entry in entries:
                stem, _, ending = entry.name.rpartition(".")
                wanted = f".{ending.lower()}" in ENDINGS and stem in names
                if not wanted and not entry.is_dir():
                    continue
                if entry.is_symlink() and not _real(Path(entry.path)).is_relative_to(root):
                    if wanted:
                        found.outside[stem] = Path(entry.path)
                elif entry.is_dir():
                    folders.append(entry.path)
                elif wanted and entry.is_file():
                    found.files.setdefault(stem, []).append(Path(entry.path))
    except OSError as error:
        raise EnvironmentFault(f"{current}: this folder cannot be read ({error.strerror}); check the path.") from error
    return folders


def _real(path: Path) -> Path:
    """The path without links; a loop of links stands for itself, and no file is found behind it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
