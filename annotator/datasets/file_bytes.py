"""Files as bytes and as JSON, with errors that are sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotator.domain.errors import BadFileError, EnvironmentFault

LARGEST = 1 << 30
"""Bytes; nothing that is read whole is larger."""


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """The content of a file; raises BadFileError when it is missing, no file or too large, else EnvironmentFault."""
    try:
        if not path.is_file():
            raise BadFileError(path, "there is no such file", "check the path")
        if path.stat().st_size > largest:
            raise BadFileError(path, f"the file is larger than {largest >> 20} MB", "check that it is the right one")
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror or error}); check its rights.") from error
    except ValueError as error:  # a NUL in the path
        raise BadFileError(repr(str(path)), "this is no path of a file", "check the path") from error


def read_json(path: Path, largest: int = LARGEST) -> Any:
    """The content of a JSON file as plain data; raises BadFileError when it is none."""
    data = read_bytes(path, largest)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadFileError(path, "this is no JSON, or a damaged or truncated one", "write the file again") from error
