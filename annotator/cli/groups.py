"""Query groups named on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.domain.errors import RefusedError
from annotator.project import Project


def group_numbers(project: Project, names: Sequence[str] | None) -> tuple[int, ...] | None:
    """Numbers of groups written as gNN, in their order; None where none are named, which means all of them.

    Raises RefusedError for a text that names no group and for a group that the project does not have.
    """
    if not names:
        return None
    found = set()
    for name in names:
        match = re.fullmatch(r"g?([0-9]{1,6})", name.strip())
        if match is None:
            raise RefusedError(f"'{name}' names no group; write it as gNN, for example g00.")
        found.add(project.group(int(match[1])).number)
    return tuple(sorted(found))
