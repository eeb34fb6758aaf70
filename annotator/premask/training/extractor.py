"""The trained network as an extractor of local features, run by ONNX Runtime: what `validate` measures.

The model maps a grey image to a score for every pixel and descriptors on a grid of stride 8. Keypoints are the local
maxima of the scores; descriptors are read between grid points bilinearly, as in training.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from annotator.premask.features import Features, Floats, Pixels
from annotator.premask.rootsift import no_features

STRIDE = 8
MULTIPLE = 32
DIMENSIONS = 64
BORDER = 4
"""Pixels at the border without keypoints: half of what the network sees there is padding."""


@dataclass(frozen=True, slots=True)
class TrainedFeatures:
    """Features of a model file's bytes; `threshold` is the least score, `radius` the distance between keypoints.

    `longest` bounds the side of the image that the network sees; a larger image is shrunk for it.
    """

    model: bytes
    threshold: float = 0.01
    radius: int = 2
    longest: int = 1280

    @property
    def key(self) -> str:
        """Name, checksum of the model and parameters, for the cache."""
        return f"trained-{_checksum(self.model)[:16]}-{self.threshold}-{self.radius}-{self.longest}"

    def detect(self, image: Pixels, limit: int) -> Features:
        """At most `limit` features, highest score first; upright, with the size of what a descriptor sees."""
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        height, width = grey.shape
        shrink = min(1.0, self.longest / max(height, width))
        if shrink < 1:
            size = max(1, round(width * shrink)), max(1, round(height * shrink))
            grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        scores, descriptors = self._run(np.asarray(grey, dtype=np.uint8))
        points, found = self._keypoints(scores, limit)
        if not len(points):
            return no_features(DIMENSIONS)
        described = sampled(descriptors, points)
        factor = np.array([width / grey.shape[1], height / grey.shape[0]], dtype=np.float32)
        return Features(
            points=(points + 0.5) * factor - 0.5,
            scales=np.full(len(points), 32 / shrink, dtype=np.float32),
            angles=np.zeros(len(points), dtype=np.float32),
            descriptors=described,
            scores=found,
        )

    def _run(self, grey: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Scores `(h, w)` of the image's own pixels and the descriptor map `(d, rows, columns)`."""
        height, width = grey.shape
        below, right = -height % MULTIPLE, -width % MULTIPLE
        padded = cv2.copyMakeBorder(grey, 0, below, 0, right, cv2.BORDER_REPLICATE)
        given = padded[None, None].astype(np.float32) / 255
        scores, descriptors = _session(self.model).run(["scores", "descriptors"], {"image": given})
        return np.asarray(scores)[0, 0, :height, :width], np.asarray(descriptors)[0]

    def _keypoints(self, scores: Floats, limit: int) -> tuple[Floats, Floats]:
        side = 2 * self.radius + 1
        highest = cv2.dilate(scores, np.ones((side, side), np.uint8))
        peaks = (scores == highest) & (scores > self.threshold)
        peaks[:BORDER] = peaks[-BORDER:] = False
        peaks[:, :BORDER] = peaks[:, -BORDER:] = False
        rows, columns = np.nonzero(peaks)
        found = scores[rows, columns]
        order = np.argsort(-found, kind="stable")[:limit]
        return np.column_stack([columns, rows])[order].astype(np.float32), found[order]


def sampled(descriptors: Floats, points: Floats) -> Floats:
    """Unit descriptors `(n, d)` of a map `(d, rows, columns)` at `points` `(n, 2)` xy, bilinear, border repeated."""
    _, rows, columns = descriptors.shape
    place = (points + 0.5) / STRIDE - 0.5
    place = np.clip(place, 0, [columns - 1, rows - 1])
    low = np.minimum(place.astype(np.intp), [max(columns - 2, 0), max(rows - 2, 0)])
    high = np.minimum(low + 1, [columns - 1, rows - 1])
    part = (place - low).astype(np.float32)
    grid = np.moveaxis(descriptors, 0, -1)
    top = _between(grid[low[:, 1], low[:, 0]], grid[low[:, 1], high[:, 0]], part[:, :1])
    bottom = _between(grid[high[:, 1], low[:, 0]], grid[high[:, 1], high[:, 0]], part[:, :1])
    mixed = _between(top, bottom, part[:, 1:])
    return np.asarray(mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _between(first: Floats, second: Floats, part: Floats) -> Floats:
    return first + (second - first) * part


@cache
def _checksum(model: bytes) -> str:
    return hashlib.sha256(model).hexdigest()


@cache
def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
