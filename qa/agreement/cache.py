"""What was measured on pairs before, so that a look at a large project rasterises only what is new.

One small file in the project's cache folder: rows of numbers by a hash of what they follow from. It may be deleted at
any time; a file that is torn, foreign or of another version counts as empty.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotator.processes.whole_file import whole_file

KEY_BYTES = 16

Rows = Mapping[bytes, NDArray[np.float64]]


def key_of(*parts: object) -> bytes:
    """The key of what follows from `parts`, which are told apart by their texts."""
    return blake2b("\n".join(map(str, parts)).encode(), digest_size=KEY_BYTES).digest()


class NumberCache:
    """Rows of `width` numbers in one file."""

    def __init__(self, path: Path, width: int) -> None:
        self.path = path
        self.width = width

    def read(self) -> dict[bytes, NDArray[np.float64]]:
        """All rows by their keys; empty where there is no file that can be read."""
        try:
            with self.path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                keys, values = np.asarray(file["keys"]), np.asarray(file["values"])
        except (OSError, ValueError, TypeError, AttributeError, KeyError, EOFError, zipfile.BadZipFile):
            return {}
        except MemoryError:  # a forged file may claim any size
            return {}
        count = len(keys) if keys.ndim else 0
        if keys.dtype != np.uint8 or keys.shape != (count, KEY_BYTES):
            return {}
        if values.dtype != np.float64 or values.shape != (count, self.width):
            return {}
        raw = keys.tobytes()
        return {raw[k * KEY_BYTES : (k + 1) * KEY_BYTES]: values[k] for k in range(count)}

    def write(self, rows: Rows) -> None:
        """Replace the file; where that cannot be done it stays as it was, since a cache is only a help."""
        keys = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(-1, KEY_BYTES)
        values = np.array(list(rows.values()), dtype=np.float64).reshape(-1, self.width)
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self.path) as stream:
                np.savez(stream, keys=keys, values=values)
