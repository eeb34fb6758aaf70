"""What is known of image files, kept as long as their size and time do not change."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from annotator.processes.whole_file import whole_file

_FORM = 1
"""Number of the cache file's form; a file of another form is not used."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file's bytes and time (nanoseconds), its image's form, size as shown and orientation; `sha256` when known."""

    bytes: int
    mtime_ns: int
    form: str
    width: int
    height: int
    orientation: int
    sha256: str = ""

    def with_sha256(self, digest: str) -> FileFacts:
        """The same with the content's hash."""
        return replace(self, sha256=digest)


class LibraryCache:
    """Facts by path, in memory and, where `file` is given, on disk. A damaged file counts as an empty one."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._facts: dict[str, FileFacts] = _read(file) if file else {}
        self._changed = False

    def get(self, path: str) -> FileFacts | None:
        """What is known of a file, unless it changed since."""
        facts = self._facts.get(path)
        if facts is None:
            return None
        try:
            status = os.stat(path)  # noqa: PTH116  # a Path for each of thousands of files is half of a start's reading
        except OSError:
            return None
        return facts if (status.st_size, status.st_mtime_ns) == (facts.bytes, facts.mtime_ns) else None

    def keep(self, path: str, facts: FileFacts) -> FileFacts:
        """Remember and return `facts`."""
        self._facts[path] = facts
        self._changed = True
        return facts

    def save(self) -> None:
        """Write the cache when it changed; a full or read-only disk is no error, since it can be made again."""
        if self._file is None or not self._changed:
            return
        content = {"form": _FORM, "files": {path: astuple(facts) for path, facts in list(self._facts.items())}}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self._file) as file:
                file.write(json.dumps(content).encode())
            self._changed = False


def _read(file: Path) -> dict[str, FileFacts]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["form"] != _FORM:
            return {}
        return {str(path): _facts(row) for path, row in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _facts(row: list[Any]) -> FileFacts:
    size, mtime, form, width, height, orientation, sha256 = row
    return FileFacts(int(size), int(mtime), str(form), int(width), int(height), int(orientation), str(sha256))
