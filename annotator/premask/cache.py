"""Features on disk: found once per image and parameters, shared by processes, bounded in size."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.premask.features import Features

SUFFIX = ".features"

LARGEST = 2_000_000_000
"""Bytes that the cache of a project may take."""

CHECK_EVERY = 64
"""The size is looked at once per so many new files of one process."""


@dataclass(slots=True)
class FeatureCache:
    """A folder of features; `folder` None keeps nothing. A damaged or foreign file counts as absent and is replaced."""

    folder: Path | None
    largest: int = LARGEST
    written: int = 0

    def get(self, key: str, find: Callable[[], Features]) -> Features:
        """The features under `key` (any text that names image, region and parameters), found now where they are not."""
        if self.folder is None:
            return find()
        path = self.folder / (hashlib.sha256(key.encode()).hexdigest()[:40] + SUFFIX)
        kept = _read(path)
        if kept is not None:
            return kept
        found = find()
        if self._write(path, found):
            self.written += 1
            if self.written % CHECK_EVERY == 1:
                self.shrink()
        return _as_kept(found)

    def shrink(self) -> None:
        """Delete the files that were not used for longest until the rest is below three quarters of `largest`."""
        if self.folder is None:
            return
        files = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except OSError:
                continue  # another process deleted it
            files.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in files)
        if total <= self.largest:
            return
        for _, size, path in sorted(files):
            path.unlink(missing_ok=True)
            total -= size
            if total <= 0.75 * self.largest:
                return

    def _write(self, path: Path, found: Features) -> bool:
        """A full or read-only disk costs only time: the features are found again next time."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        except OSError:
            return False
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_packed(found))
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            return False
        return True


def _as_kept(found: Features) -> Features:
    """As it comes back from disk, so that an answer does not depend on whether the cache was warm."""
    descriptors = found.descriptors.astype(np.float16).astype(np.float32)
    return Features(found.points, found.scales, found.angles, descriptors, found.scores)


def _packed(found: Features) -> bytes:
    buffer = io.BytesIO()
    np.savez(
        buffer, points=found.points, scales=found.scales, angles=found.angles,
        descriptors=found.descriptors.astype(np.float16), scores=found.scores,
    )  # fmt: skip
    return buffer.getvalue()


def _read(path: Path) -> Features | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
            found = Features(
                parts["points"], parts["scales"], parts["angles"], parts["descriptors"].astype(np.float32),
                parts["scores"],
            )  # fmt: skip
        os.utime(path)  # what is used stays longest
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        return None
    rows = len(found.points)
    whole = found.points.shape == (rows, 2) and found.descriptors.ndim == 2
    return found if whole and all(len(part) == rows for part in (found.scales, found.descriptors)) else None
