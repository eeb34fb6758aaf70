"""What a release's makers may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import RefusedError
from export.licence import CC_BY, Licence
from export.plain_text import as_line, is_line

Progress = Callable[[int, int, str], None]
"""Called with done, total and what is being done, in the caller's thread."""


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """`version` is a number such as 1.0; `url` where the release will be found (empty: not known yet).

    `png` adds every mask as a picture, `names` the key from pseudonyms to people's names, `earlier` a release that
    CHANGES.md compares with. `workers` is the number of processes, None for one per core.
    """

    title: str = "Pixel retrieval benchmark"
    version: str = "1.0"
    licence: Licence = CC_BY
    url: str = ""
    png: bool = False
    names: bool = False
    earlier: Path | None = None
    workers: int | None = None


def require_lines(options: ReleaseOptions) -> None:
    """Raise RefusedError unless title, version and address can stand on a line of the documents that quote them."""
    for what, text in (("title", options.title), ("version", options.version), ("address", options.url)):
        if not is_line(text):
            raise RefusedError(f"The {what} of a release is one line of text; '{as_line(text)}' is not.")
