"""Files against the manifest and SHA256SUMS: nothing missing, nothing added, no byte changed, nothing outside."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.errors import AnnotatorError, BadFileError
from export.checksums import read_checksums
from export.json_text import REMEDY, read_json
from export.layout import CHECKSUMS, FORMAT_VERSION, MANIFEST, is_plain
from export.manifest import proves_itself
from export.verification.finding import Finding

CHECK = "files"
LARGEST_TEXT = 1 << 30
"""Bytes of the largest file that is read as a whole."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a manifest says of a file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that could be read: `files` by path, and everything else in `head`."""

    head: Mapping[str, Any]
    files: Mapping[str, Listed]


def require_plain(path: Path) -> int:
    """The size of a regular file that is no link, in bytes; raises BadFileError for anything else."""
    try:
        status = path.lstat()
    except OSError as error:
        raise BadFileError(path, f"it cannot be read ({error.strerror})", REMEDY) from error
    if not stat.S_ISREG(status.st_mode):
        raise BadFileError(path, "this is no plain file", REMEDY)
    return status.st_size


def read_limited(path: Path, limit: int = LARGEST_TEXT) -> bytes:
    """The content of a regular file that is no link; raises BadFileError for anything else, and for too much of it."""
    size = require_plain(path)
    if size > limit:
        raise BadFileError(path, f"this file of {size} bytes is too large", REMEDY)
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFileError(path, f"it cannot be read ({error.strerror})", REMEDY) from error


def file_hash(path: Path) -> str:
    """SHA-256 of a file of any size; raises BadFileError when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadFileError(path, f"it cannot be read ({error.strerror})", REMEDY) from error


def read_manifest(root: Path, findings: list[Finding]) -> Manifest:
    """The manifest, with findings about itself; what cannot be used of it is left out."""
    try:
        content = read_limited(root / MANIFEST)
        data = read_json(content, MANIFEST)
    except AnnotatorError as error:
        findings.append(Finding(CHECK, MANIFEST, _problem(error)))
        return Manifest({}, {})
    if not isinstance(data, dict) or not isinstance(data.get("files"), dict):
        findings.append(Finding(CHECK, MANIFEST, "it is no manifest of a release"))
        return Manifest({}, {})
    if data.get("format") != FORMAT_VERSION:
        findings.append(Finding(CHECK, MANIFEST, f"its format is {data.get('format')!r}; this program knows 1.0"))
    if not proves_itself(content, data):
        findings.append(Finding(CHECK, MANIFEST, "the manifest itself was altered: it does not fit its own hash"))
    files = {}
    for path, entry in data["files"].items():
        listed = _listed(entry)
        if not is_plain(path):
            findings.append(Finding(CHECK, MANIFEST, f"it lists {path[:200]!r}, which leaves the release"))
        elif listed is None:
            findings.append(Finding(CHECK, MANIFEST, f"it gives no size and SHA-256 for {path}"))
        else:
            files[path] = listed
    return Manifest({key: value for key, value in data.items() if key != "files"}, files)


def _listed(entry: object) -> Listed | None:
    if not isinstance(entry, dict):
        return None
    size, sha256 = entry.get("size"), entry.get("sha256")
    return Listed(size, sha256) if type(size) is int and isinstance(sha256, str) else None


def strangers(root: Path, manifest: Manifest) -> Iterator[Finding]:
    """Files and links in the release that the manifest does not list."""
    for folder, names, files in os.walk(root):
        place = Path(folder)
        for name in [*names, *files]:
            path = place / name
            relative = path.relative_to(root).as_posix()
            if path.is_symlink():
                yield Finding(CHECK, relative, "this is a link; a release holds plain files only")
            elif name in files and relative != MANIFEST and relative not in manifest.files:
                yield Finding(CHECK, relative, "the manifest does not list this file")


def checksum_findings(root: Path, manifest: Manifest) -> Iterator[Finding]:
    """SHA256SUMS must say what the manifest says, of every file but these two."""
    try:
        sums = read_checksums(read_limited(root / CHECKSUMS))
    except AnnotatorError as error:
        yield Finding(CHECK, CHECKSUMS, _problem(error))
        return
    listed = {path: entry.sha256 for path, entry in manifest.files.items() if path != CHECKSUMS}
    for path in sorted(listed.keys() - sums.keys()):
        yield Finding(CHECK, CHECKSUMS, f"it has no checksum of {path}")
    for path in sorted(sums.keys() - listed.keys()):
        yield Finding(CHECK, CHECKSUMS, f"it has a checksum of {path[:200]!r}, which the manifest does not list")
    for path in sorted(sums.keys() & listed.keys()):
        if sums[path] != listed[path]:
            yield Finding(CHECK, CHECKSUMS, f"its checksum of {path} is another than the manifest's")


def _problem(error: AnnotatorError) -> str:
    return error.problem if isinstance(error, BadFileError) else str(error).rstrip(".")
