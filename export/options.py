"""What a release's makers may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from export.licence import CC_BY, Licence

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
