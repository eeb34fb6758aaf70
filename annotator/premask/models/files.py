"""A model file on disk: its size and checksum, before anything is loaded from it."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path

from annotator.domain.errors import BadFileError

LARGEST = 1 << 30
"""Bytes of a model file: the largest public click-to-mask encoder that runs on a CPU has about 400 MB."""

BLOCK = 1 << 20


class ModelKind(StrEnum):
    """What a model is for: finding local features, matching those, or turning clicks into a mask (two files)."""

    LOCAL_FEATURES = "local features"
    MATCHER = "matcher"
    CLICK_TO_MASK = "click to mask"


def checksum(path: Path) -> str:
    """The SHA-256 of a model file in hexadecimal; raises BadFileError for what is no readable file of a sane size."""
    try:
        if path.exists() and not path.is_file():
            raise BadFileError(path, "it is a folder, no model file", "name an ONNX file")
        size = path.stat().st_size
        if size == 0:
            raise BadFileError(path, "it is empty", "get the model file again")
        if size > LARGEST:
            raise BadFileError(path, f"it has {size:,} bytes, more than a model may ({LARGEST:,})", "name another file")
        found = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
    except FileNotFoundError as error:
        raise BadFileError(path, "there is no such file", "name an ONNX file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no name of a file"
        raise BadFileError(path, f"it cannot be read ({reason})", "check its rights") from error
    return found.hexdigest()


def check(path: Path, sha256: str) -> None:
    """Raises BadFileError unless the file has this SHA-256."""
    found = checksum(path)
    if found != sha256:
        problem = f"its content is not what was registered (SHA-256 {found[:12]}…, not {sha256[:12]}…)"
        raise BadFileError(path, problem, "put the registered file back, or register it under another name")
