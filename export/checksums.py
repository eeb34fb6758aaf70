"""SHA256SUMS: what `sha256sum --check` reads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from annotator.domain.errors import BadFileError
from export.json_text import REMEDY
from export.layout import CHECKSUMS

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def checksums_text(hashes: Mapping[str, str]) -> str:
    """One line per path, sorted; a path with a line break cannot stand in it and is refused as ValueError."""
    if any("\n" in path or "\r" in path for path in hashes):
        raise ValueError("a path with a line break")
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes))


def read_checksums(content: bytes) -> dict[str, str]:
    """Path to SHA-256; raises BadFileError for any line of another form, and for a path that stands there twice."""
    found: dict[str, str] = {}
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BadFileError(CHECKSUMS, "this is no text", REMEDY) from error
    if lines.pop() != "":
        raise BadFileError(CHECKSUMS, "the last line is not finished", REMEDY)
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            raise BadFileError(CHECKSUMS, f"line {number} is no checksum of a further file", REMEDY)
        found[match[2]] = match[1]
    return found
