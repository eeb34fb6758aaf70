"""`.npy` files that hold one dict: the pair tables and predictions of the benchmark (FORMAT A1 and A6)."""

from __future__ import annotations

import io
from pathlib import Path
from tokenize import TokenError

import numpy as np

from annotator.datasets.file_bytes import read_bytes
from annotator.datasets.plain_pickle import REMEDY, load_plain
from annotator.domain.errors import BadFileError

BROKEN_HEADER = (ValueError, TypeError, SyntaxError, TokenError, RecursionError, MemoryError)
"""What numpy raises on a forged header, which it reads with Python's tokenizer and parser."""


def read_npy_dict(path: Path) -> dict[str, object]:
    """The dict in the `.npy` file at `path`; raises BadFileError, or EnvironmentFault when it cannot be read."""
    return load_npy_dict(read_bytes(path), str(path))


def load_npy_dict(data: bytes, name: str) -> dict[str, object]:
    """The dict with text keys that `numpy.save` wrote as a 0-d object array; `name` is the file that errors name.

    Values are plain data (see `plain_pickle.load_plain`). Raises BadFileError for anything else.
    """
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(stream)
    except BROKEN_HEADER as error:
        raise BadFileError(name, "this is no .npy file", REMEDY) from error
    if shape != () or not dtype.hasobject:
        raise BadFileError(name, "this .npy file holds no dict", REMEDY)
    content = load_plain(data[stream.tell() :], name, wrapped=True)
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise BadFileError(name, "this .npy file holds no dict with text keys", REMEDY)
    return content
