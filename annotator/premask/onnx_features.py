"""A user's own local-feature model: an ONNX file of keypoints, descriptors and scores (ALIKED and its like)."""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.features import Features, Pixels, joined
from annotator.premask.sampling import resized

OVERLAP = 48
"""Pixels by which tiles of a model with a fixed input overlap."""

MOST_TILES = 12

SCALE = 24.0
"""Pixels of the model's input that a descriptor sees; learned features have no scale of their own."""


@dataclass(frozen=True, slots=True)
class OnnxFeatures:
    """Features of a model file. An input of fixed size is laid over the image in tiles, and once over the whole."""

    path: Path
    sha256: str
    height: int
    width: int

    @property
    def key(self) -> str:
        """The model's checksum, for the cache."""
        return f"onnx-{self.sha256[:24]}"

    def detect(self, image: Pixels, limit: int) -> Features:
        """At most `limit` features of all tiles, best scores first; upright."""
        parts = [self._of_tile(image, tile) for tile in _tiles(image.shape[1], image.shape[0], self.width, self.height)]
        found = joined(parts)
        return found.take(np.argsort(-found.scores, kind="stable")[:limit])

    def _of_tile(self, image: Pixels, tile: tuple[int, int, int, int]) -> Features:
        """Features of a tile (x1, y1, x2, y2) brought to the model's input without changing its shape."""
        x1, y1, x2, y2 = tile
        factor = min(self.width / (x2 - x1), self.height / (y2 - y1))
        size = max(1, round((x2 - x1) * factor)), max(1, round((y2 - y1) * factor))
        canvas = np.zeros((self.height, self.width, 3), dtype=np.uint8)
        canvas[: size[1], : size[0]] = resized(image[y1:y2, x1:x2], size)
        given = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], dtype=np.float32) * np.float32(1 / 255)
        points, descriptors, scores = self._run(given)
        places = (points + 1) / 2 * [self.width - 1, self.height - 1]
        within = np.flatnonzero((places < np.array(size) - 2).all(axis=1) & (scores > 0))
        factors = np.array([(x2 - x1) / size[0], (y2 - y1) / size[1]])
        moved = (places[within] + 0.5) * factors - 0.5 + [x1, y1]
        lengths = np.linalg.norm(descriptors[within], axis=1, keepdims=True)
        return Features(
            points=moved.astype(np.float32),
            scales=np.full(len(within), SCALE / factor, dtype=np.float32),
            angles=np.zeros(len(within), dtype=np.float32),
            descriptors=(descriptors[within] / np.maximum(lengths, 1e-6)).astype(np.float32),
            scores=scores[within].astype(np.float32),
        )

    def _run(self, given: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        session = _session(self.path, self.sha256)
        outputs = session.run(["keypoints", "descriptors", "scores"], {session.get_inputs()[0].name: given})
        points, descriptors, scores = (np.asarray(part, dtype=np.float32) for part in outputs)
        return points.reshape(-1, 2), descriptors.reshape(-1, descriptors.shape[-1]), scores.reshape(-1)


def load_features(path: Path, sha256: str | None = None) -> OnnxFeatures:
    """The features of a model file.

    It has one input `(1, 3, height, width)` of RGB in 0 to 1 and the outputs `keypoints` (n, 2) in -1 to 1 over the
    input, `descriptors` (n, d), `scores` (n). Raises BadFileError for anything else and for another checksum than
    `sha256`, EnvironmentFault where ONNX Runtime is missing.
    """
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise BadFileError(path, "it cannot be read", "name an ONNX file of local features") from error
    if sha256 is not None and found != sha256:
        raise BadFileError(path, f"its SHA-256 is {found[:12]}…, not {sha256[:12]}…", "get the model file again")
    session = _session(path, found)
    inputs, outputs = session.get_inputs(), {output.name for output in session.get_outputs()}
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or not {"keypoints", "descriptors", "scores"} <= outputs:
        raise BadFileError(
            path,
            "it is no model of local features with one image input and keypoints, descriptors and scores",
            "export the model with these names",
        )
    height, width = (side if isinstance(side, int) else 480 + 160 * k for k, side in enumerate(inputs[0].shape[2:]))
    return OnnxFeatures(path, found, height, width)


@cache
def _session(path: Path, sha256: str) -> Any:
    """The loaded model, once per process; `sha256` keeps two contents of one path apart."""
    try:
        runtime: Any = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise EnvironmentFault("ONNX Runtime is not installed; install 'onnxruntime' to use model files.") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises many classes of its own for files that are no models
        raise BadFileError(path, "ONNX Runtime cannot load it", f"check the file ({sha256[:12]}…)") from error


def _tiles(width: int, height: int, tile_width: int, tile_height: int) -> list[tuple[int, int, int, int]]:
    """The whole image, and where it is larger than the input, tiles (x1, y1, x2, y2) that overlap."""
    tiles = [(0, 0, width, height)]
    columns = 1 if width <= tile_width * 1.2 else -(-(width - OVERLAP) // (tile_width - OVERLAP))
    rows = 1 if height <= tile_height * 1.2 else -(-(height - OVERLAP) // (tile_height - OVERLAP))
    while rows * columns > MOST_TILES:
        rows, columns = max(1, rows - 1), max(1, columns - 1)
    if rows * columns == 1:
        return tiles
    for row in range(rows):
        for column in range(columns):
            x1, x2 = _span(column, columns, width)
            y1, y2 = _span(row, rows, height)
            tiles.append((x1, y1, x2, y2))
    return tiles


def _span(number: int, count: int, side: int) -> tuple[int, int]:
    step = side / count
    return max(0, round(number * step - OVERLAP / 2)), min(side, round((number + 1) * step + OVERLAP / 2))
