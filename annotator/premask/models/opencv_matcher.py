"""A matcher file that OpenCV 5 runs itself: `cv2.LightGlueMatcher`, tried where ONNX Runtime cannot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from annotator.domain.errors import BadFileError
from annotator.premask.features import Floats
from annotator.premask.matching import Rows
from annotator.premask.models.opencv_features import silent, words_of

RUNNER = "LightGlueMatcher"
"""The class of OpenCV 5 that loads an ONNX file with inputs kpts0, kpts1, desc0, desc1 and outputs matches0 (pairs),
mscores0; older versions have none."""

SIDE = 2.0
"""Side of the square on which points in -1 to 1 are laid: the class brings what it is given to -1 to 1 itself."""


@dataclass(frozen=True, slots=True)
class OpenCvPairs:
    """A matcher file that OpenCV runs; `sha256` keeps two contents of one path apart."""

    path: Path
    sha256: str

    def __call__(self, points: tuple[Floats, Floats], descriptors: tuple[Floats, Floats]) -> tuple[Rows, Floats]:
        """See PairFinder; raises BadFileError where OpenCV fails."""
        first, second = (np.ascontiguousarray((part + 1) * np.float32(SIDE / 2)) for part in points)
        try:
            with silent():
                matcher = _made(self.path, self.sha256)
                matcher.setPairInfo(first, second, (int(SIDE), int(SIDE)), (int(SIDE), int(SIDE)))
                found = matcher.match(*(np.ascontiguousarray(part) for part in descriptors))
        except cv2.error as error:
            problem = f"OpenCV's {RUNNER} cannot run it ({words_of(error)})"
            raise BadFileError(self.path, problem, "name another model") from error
        pairs = np.array([(one.queryIdx, one.trainIdx) for one in found], dtype=np.intp).reshape(-1, 2)
        return pairs, np.array([1 - one.distance for one in found], dtype=np.float32)


def opencv_pairs(path: Path, sha256: str) -> OpenCvPairs | str:
    """What runs a file by OpenCV, or why nothing does."""
    if not hasattr(cv2, RUNNER):
        return f"this OpenCV ({cv2.__version__}) runs no such models"
    try:
        with silent():
            _made(path, sha256)
    except cv2.error as error:
        return f"OpenCV's {RUNNER} cannot load it ({words_of(error)})"
    return OpenCvPairs(path, sha256)


@lru_cache(maxsize=2)
def _made(path: Path, sha256: str) -> Any:  # noqa: ARG001 (keeps two contents of one path apart)
    return getattr(cv2, RUNNER).create(str(path))
