"""Files that other processes see whole or as they were, whatever ends the one that writes them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path, lasting: bool = False) -> Iterator[BinaryIO]:
    """The new content of `path`: written beside it, and in its place when the block has ended well.

    With `lasting` the content is on the disk before it takes the place. Raises OSError where that
    is not possible; then, and after any error of the block, `path` is as it was.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")  # the name itself may be as long as names can be
    try:
        with part.open("xb") as stream:
            yield stream
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
