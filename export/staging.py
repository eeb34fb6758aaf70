"""A folder that appears complete or not at all: written beside its place, then renamed into it.

The folder under work survives a kill, with a journal of the masks that were finished, so that the next attempt goes on
there. An error removes it. One attempt at a time works for a place: it holds a lock beside the folder, which ends with
its program.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotator.domain.errors import ConflictError, EnvironmentFault, RefusedError
from annotator.processes.alone import alone
from export.json_text import compact
from export.layout import is_plain
from export.mask_record import MaskRecord, Written

_JOURNAL = ".finished.jsonl"


class Staging:
    """The folder under work for `out`: `root` is where files go, `files` their sizes and hashes by path."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.root = out.parent / f".{out.name}.partial"
        self.files: dict[str, tuple[int, str]] = {}
        self._known: dict[str, Written] = {}

    def write(self, name: str, content: bytes | str) -> None:
        """Write the file `name` (relative, with `/`) and note its hash."""
        data = content.encode("utf-8") if isinstance(content, str) else content
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.files[name] = (len(data), hashlib.sha256(data).hexdigest())

    def note(self, digest: str, written: Written) -> None:
        """Enter a finished mask into the journal; `digest` stands for everything that it was made from."""
        self._add(written)
        with (self.root / _JOURNAL).open("a", encoding="utf-8") as stream:
            stream.write(compact({"digest": digest, "record": asdict(written.record), "files": written.files}) + "\n")

    def finished(self, digest: str) -> Written | None:
        """What an earlier attempt finished of the same material, when its files are still as they were written."""
        written = self._known.get(digest)
        if written is None or not all(self._unaltered(*file) for file in written.files):
            return None
        self._add(written)
        return written

    def _add(self, written: Written) -> None:
        for name, size, sha256 in written.files:
            self.files[name] = (size, sha256)

    def _unaltered(self, name: str, size: int, sha256: str) -> bool:
        path = self.root / name
        if not is_plain(name) or not path.is_file() or path.stat().st_size != size:
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256

    def begin(self) -> None:
        """Make the folder, or take up what a killed attempt left; the journal is read and begun anew.

        No attempt leaves links: through one, files elsewhere would be written and removed.
        """
        if self.root.is_symlink():
            raise RefusedError(f"{self.root} is a link, which no release leaves there; remove it and try again.")
        self.root.mkdir(parents=True, exist_ok=True)
        for folder, folders, names in os.walk(self.root):
            for path in (Path(folder) / name for name in (*folders, *names)):
                if path.is_symlink():
                    path.unlink()
        journal = self.root / _JOURNAL
        if journal.is_file():
            self._known = dict(_entries(journal.read_text(encoding="utf-8", errors="replace")))
            journal.unlink()

    def require_free(self) -> None:
        """Raise RefusedError where anything is in the place of the finished folder."""
        if self.out.exists() or self.out.is_symlink():
            raise RefusedError(
                f"{self.out} exists; a release is made once and never changed, so choose another folder."
            )

    def finish(self) -> None:
        """Remove what does not belong, put everything on the disk, and move the folder into its place."""
        (self.root / _JOURNAL).unlink(missing_ok=True)
        self._remove_strangers()
        _to_disk(self.root)
        self.require_free()
        self.root.rename(self.out)
        _sync_folder(self.out.parent)

    def _remove_strangers(self) -> None:
        """Files that an attempt with other material left behind, and folders that are empty then."""
        for folder, _, names in os.walk(self.root, topdown=False):
            place = Path(folder)
            for name in names:
                if (place / name).relative_to(self.root).as_posix() not in self.files:
                    (place / name).unlink()
            if place != self.root and not any(place.iterdir()):
                place.rmdir()


@contextmanager
def staging(out: Path) -> Iterator[Staging]:
    """A Staging that is moved to `out` when the block ends well, and removed when it ends with an error.

    Raises RefusedError when `out` exists, ConflictError while another program makes it, EnvironmentFault when the disk
    is full or must not be written.
    """
    work = Staging(out.absolute())
    work.require_free()
    try:
        work.out.parent.mkdir(parents=True, exist_ok=True)
        with _turn(work):
            work.require_free()  # by now: whoever had the turn before may have finished
            try:
                work.begin()
                yield work
                work.finish()
            except Exception:
                shutil.rmtree(work.root, ignore_errors=True)
                raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFault(
            f"The release cannot be written to {out}: {reason}; make room or choose another place."
        ) from error


@contextmanager
def _turn(work: Staging) -> Iterator[None]:
    """Hold the lock of the folder under work; raises ConflictError at once where another attempt holds it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(work.root, 0))
        except ConflictError as error:
            raise ConflictError(
                f"Another release to {work.out} is being made; wait until it is done, or choose another folder."
            ) from error
        yield


def _entries(text: str) -> Iterator[tuple[str, Written]]:
    """The journal's entries; a torn last line, or anything that is none, is left out."""
    for line in text.splitlines():
        try:
            data = json.loads(line)
            files = tuple((str(name), int(size), str(sha256)) for name, size, sha256 in data["files"])
            yield str(data["digest"]), Written(_record(data["record"]), files)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _record(data: dict[str, Any]) -> MaskRecord:
    width, height = data["size"]
    x, y, w, h = data["bbox"]
    iou = {int(revision): value for revision, value in data["iou"].items()}
    return MaskRecord(
        **data
        | {
            "size": (width, height),
            "bbox": (x, y, w, h),
            "flags": tuple(data["flags"]),
            "errors": tuple(data["errors"]),
            "iou": iou,
        }
    )


def _to_disk(folder: Path) -> None:
    """Flush thousands of files at once where the system can, since one flush each would take minutes."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for place, _, names in os.walk(folder):
        for name in names:
            with (Path(place) / name).open("rb+") as stream:
                os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
