"""Nearest neighbours in the plane."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_ONE_TREE = {"algorithm": 4, "leaf_max_size": 10}
"""FLANN's exact k-d tree for few dimensions (Muja and Lowe, 2009); OpenCV has no name for its number in Python."""


def nearest(points: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    """`(n, min(count, n))`: for each of `(n, 2)` xy the rows of its nearest, which include itself or one like it."""
    rows = np.ascontiguousarray(points, dtype=np.float32)
    if not len(rows):
        return np.zeros((0, 0), dtype=np.intp)
    tree = cv2.flann_Index(rows, _ONE_TREE)  # type: ignore[attr-defined]  # missing in OpenCV's stubs
    found, _ = tree.knnSearch(rows, min(count, len(rows)), params={"checks": -1})
    return np.asarray(found, dtype=np.intp)
