"""The pair table: `numpy.save` of one dict from `q_i` to the label's path (FORMAT A1)."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping

import numpy as np


def pair_table_bytes(table: Mapping[str, str]) -> bytes:
    """The file's bytes: a 0-dimensional object array that holds a dict of plain `str`, keys in the order given.

    Equal tables give equal bytes: equal paths are made one object first, since pickle writes an object that it met
    before as a reference. The array is named as NumPy before 2.0 names it, which every NumPy can read.
    """
    paths = {path: path for path in table.values()}
    plain = {"".join(key): paths[path] for key, path in table.items()}
    array = np.empty((), dtype=object)
    array[()] = plain
    content = pickle.dumps(array, protocol=3)
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(array))
    return stream.getvalue() + content.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n", 1)
