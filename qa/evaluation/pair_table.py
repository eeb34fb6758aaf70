"""The pair table: which label file holds the truth of a query-index pair (FORMAT A1)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from annotator.datasets.plain_npy import read_npy_dict
from annotator.domain.errors import BadFileError

_REMEDY = "take the pair table of the release"


def read_pair_table(path: Path, root: Path) -> Mapping[str, str]:
    """Label paths relative to `root` by `q_i`; raises BadFileError for anything else, paths out of `root` included."""
    table: dict[str, str] = {}
    folders: dict[str, bool] = {}
    inside = root.resolve()
    for key, value in read_npy_dict(path).items():
        if not isinstance(value, str):
            raise BadFileError(path, "has an entry that is no text", _REMEDY)
        folder = value.rpartition("/")[0]
        if folder not in folders:
            folders[folder] = (root / folder).resolve().is_relative_to(inside) if _lexical(value) else False
        if not folders[folder] or not _lexical(value):
            raise BadFileError(path, f"its entry {key[:40]} leads out of the benchmark ({value[:80]!r})", _REMEDY)
        table[key] = value
    return table


def _lexical(value: str) -> bool:
    """Whether the text is a relative path with forward slashes that does not climb, in letters that a path can have."""
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    parts = value.split("/")
    return (
        not PurePosixPath(value).is_absolute()
        and "\\" not in value
        and ":" not in value
        and "\0" not in value
        and all(part not in ("", ".", "..") for part in parts)
    )
