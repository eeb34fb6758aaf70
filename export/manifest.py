"""MANIFEST.json: size and SHA-256 of every other file, what is in the release, and what is missing from it.

The manifest also proves itself: `self_sha256` is the SHA-256 of the manifest's own bytes with that value written as 64
zeros. So every byte of a release is covered: SHA256SUMS by the manifest, the manifest by itself, the rest by both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from annotator import __version__
from export.json_text import indented
from export.layout import FORMAT_VERSION

TOOL = f"pixel-retrieval-annotator {__version__}"

_BLANK = "0" * 64


def manifest_bytes(head: Mapping[str, Any], files: Mapping[str, tuple[int, str]]) -> bytes:
    """The manifest of `files` (path to size and SHA-256); `head` is what it says beside them."""
    listed = {path: {"size": files[path][0], "sha256": files[path][1]} for path in sorted(files)}
    data = {"format": FORMAT_VERSION, "tool": TOOL, "self_sha256": _BLANK, **head, "files": listed}
    blank = indented(data)
    return blank.replace(_BLANK, hashlib.sha256(blank.encode("utf-8")).hexdigest(), 1).encode("utf-8")


def proves_itself(content: bytes, data: Mapping[str, Any]) -> bool:
    """True when the bytes of a manifest are those that it was written with; `data` is their JSON."""
    claimed = data.get("self_sha256")
    if not isinstance(claimed, str) or len(claimed) != 64:
        return False
    blank = content.replace(claimed.encode("utf-8"), _BLANK.encode("ascii"), 1)
    return hashlib.sha256(blank).hexdigest() == claimed
