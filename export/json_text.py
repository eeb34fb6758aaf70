"""JSON as releases write it: the same data gives the same bytes; reading refuses what JSON does not allow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from annotator.domain.errors import BadFileError

REMEDY = "make the release again, or take an unaltered copy"
"""What to do about a broken file of a release."""


def compact(data: object) -> str:
    """One line without spaces, keys in the order given."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def indented(data: object) -> str:
    """For people: indented, with a newline at the end, keys in the order given."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_json(content: bytes, path: Path | str) -> Any:
    """Parse the content of `path`; raises BadFileError for anything but plain JSON (NaN and Infinity are none)."""
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadFileError(path, "this is no valid JSON", REMEDY) from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
