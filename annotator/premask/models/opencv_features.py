"""Local-feature models that OpenCV 5 runs itself: `cv2.ALIKED` and `cv2.DISK`, tried where ONNX Runtime cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from annotator.domain.errors import BadFileError
from annotator.premask.features import Features, Pixels
from annotator.premask.models.session import LONGEST_REASON
from annotator.premask.rootsift import no_features

RUNNERS = {"ALIKED": 640, "DISK": 1024}
"""Classes of OpenCV 5 that load an ONNX file of local features, with the side in pixels to which they stretch an image;
older versions have none."""

SCALE = 24.0
"""Pixels of the input that a descriptor sees."""


@dataclass(frozen=True, slots=True)
class OpenCvFeatures:
    """Features of a model file that the class `runner` of OpenCV runs."""

    path: Path
    sha256: str
    runner: str

    @property
    def key(self) -> str:
        """The runner and the model's checksum, for the cache."""
        return f"opencv-{self.runner}-{self.sha256[:32]}"

    def detect(self, image: Pixels, limit: int) -> Features:
        """At most `limit` features of the image, best scores first; upright. Raises BadFileError where it fails."""
        try:
            with silent():
                found, raw = _made(self.runner, self.path, self.sha256).detectAndCompute(
                    cv2.cvtColor(image, cv2.COLOR_RGB2BGR), None
                )
        except cv2.error as error:
            problem = f"OpenCV's {self.runner} cannot run it ({words_of(error)})"
            raise BadFileError(self.path, problem, "name another model") from error
        descriptors = np.asarray(raw, dtype=np.float32) if raw is not None else np.zeros((0, 1), np.float32)
        rows = np.array([(*key.pt, key.response) for key in found], dtype=np.float32).reshape(-1, 3)
        if len(rows) != len(descriptors):
            problem = f"OpenCV's {self.runner} gives {len(rows)} keypoints and {len(descriptors)} descriptors"
            raise BadFileError(self.path, problem, "name another model")
        lengths = np.linalg.norm(descriptors, axis=1)
        good = np.flatnonzero(np.isfinite(rows).all(axis=1) & np.isfinite(lengths) & (lengths > 0))
        if not len(good):
            return no_features(descriptors.shape[1])
        order = good[np.argsort(-rows[good, 2], kind="stable")][:limit]
        scale = SCALE * max(image.shape[:2]) / RUNNERS[self.runner]
        return Features(
            points=np.ascontiguousarray(rows[order, :2]),
            scales=np.full(len(order), scale, dtype=np.float32),
            angles=np.zeros(len(order), dtype=np.float32),
            descriptors=descriptors[order] / lengths[order, None],
            scores=rows[order, 2].copy(),
        )


def opencv_features(path: Path, sha256: str, picture: Pixels) -> OpenCvFeatures | str:
    """The features of a file by the first of OpenCV's classes that finds some in `picture`, or why none does."""
    reasons = []
    for runner in RUNNERS:
        if not hasattr(cv2, runner):
            continue
        features = OpenCvFeatures(path, sha256, runner)
        try:
            if len(features.detect(picture, 100)):
                return features
            reasons.append(f"OpenCV's {runner} finds nothing with it")
        except BadFileError as error:
            reasons.append(error.problem)
    return reasons[0] if reasons else f"this OpenCV ({cv2.__version__}) runs no such models"


def words_of(error: cv2.error) -> str:
    """OpenCV's own words without the place in its source code."""
    words = " ".join(str(getattr(error, "err", "") or error).replace("> ", "").split())
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 1] + "…"


@lru_cache(maxsize=4)
def _made(runner: str, path: Path, sha256: str) -> Any:  # noqa: ARG001 (keeps two contents of one path apart)
    return getattr(cv2, runner).create(str(path))


@contextmanager
def silent() -> Iterator[None]:
    """OpenCV writes to stderr what it also raises."""
    logging: Any = cv2.utils.logging
    level = logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        logging.setLogLevel(level)
