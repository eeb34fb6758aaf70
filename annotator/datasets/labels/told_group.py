"""The query group that a folder's or a category's name tells."""

from __future__ import annotations

import re
from pathlib import Path

_GROUP = re.compile(r"g([0-9]{2,6})")


def told_group(path: Path) -> int | None:
    """The number in the nearest folder named `gNN` around a file; None without one."""
    return group_in(path.parent.name)


def group_in(name: str) -> int | None:
    """The number in `gNN` or `DATASET/gNN`; None for another name."""
    match = _GROUP.fullmatch(name.rpartition("/")[2])
    return int(match[1]) if match else None
