"""A local-feature model as an extractor: the image is brought to its input, its answers back to the image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Features, Floats, Pixels
from annotator.premask.models.dense import peaks, read_at
from annotator.premask.models.description import ImageInput
from annotator.premask.models.outputs import Found, Layout, read_dense, read_sparse
from annotator.premask.models.session import open_session
from annotator.premask.models.tiles import Tile, merged, tiles
from annotator.premask.rootsift import no_features
from annotator.premask.sampling import resized

LONGEST = 1280
"""Long side to which an image is brought for a model with a free input: bounds memory for any image."""

MULTIPLE = 32
"""Sides of a free input are multiples of this, which every published network divides."""

USUAL = (640, 480)
"""Width and height that stand for a free side where the other is fixed."""

SCALE = 24.0
"""Pixels of the input that a descriptor of a sparse model sees; learned features have no scale of their own."""

CELLS = 4
"""Cells of a dense model that a descriptor sees."""

EDGE = 2
"""Pixels at the right and lower border of what the image fills of the input, where nothing is believed."""


@dataclass(frozen=True, slots=True)
class LocalFeatures:
    """Features of a model file. A fixed input is laid over the image in tiles, and once over the whole.

    The same file gives the same features on any number of `threads`, to 1e-4.
    """

    path: Path
    sha256: str
    taken: ImageInput
    layout: Layout
    threads: int = 1

    @property
    def key(self) -> str:
        """The model's checksum, for the cache."""
        return f"model-{self.sha256[:32]}-{LONGEST}"

    def detect(self, image: Pixels, limit: int) -> Features:
        """At most `limit` features of the image, best scores first; upright."""
        height, width = image.shape[:2]
        places, size = self._places(width, height)
        parts, pixels = [], []
        for place in places:
            part, factor = self._of_tile(image, place, size, limit)
            parts.append(part)
            pixels.append(factor)
        found = merged(parts, places, pixels)
        return found.take(np.argsort(-found.scores, kind="stable")[:limit])

    def _places(self, width: int, height: int) -> tuple[list[Tile], tuple[int, int]]:
        """Tiles of an image, and width and height of the input for them."""
        if self.taken.width is None and self.taken.height is None:
            factor = min(1.0, LONGEST / max(width, height))
            across, down = (-(-max(1, round(side * factor)) // MULTIPLE) * MULTIPLE for side in (width, height))
            return [(0, 0, width, height)], (across, down)
        size = self.taken.width or USUAL[0], self.taken.height or USUAL[1]
        return tiles(width, height, *size), size

    def _of_tile(self, image: Pixels, place: Tile, size: tuple[int, int], limit: int) -> tuple[Features, float]:
        """Features of a tile brought to the input without changing its shape, and image pixels in one of the input."""
        x1, y1, x2, y2 = place
        factor = min(size[0] / (x2 - x1), size[1] / (y2 - y1))
        if self.taken.width is None and self.taken.height is None:
            factor = min(1.0, factor)
        filled = max(1, round((x2 - x1) * factor)), max(1, round((y2 - y1) * factor))
        seen = resized(image[y1:y2, x1:x2], filled)
        below, right = size[1] - filled[1], size[0] - filled[0]
        canvas = cv2.copyMakeBorder(seen, 0, below, 0, right, cv2.BORDER_REPLICATE)
        outputs = open_session(self.path, self.sha256, self.threads).run(
            {self.taken.name: as_input(self.taken, np.asarray(canvas, dtype=np.uint8))}
        )
        found = self._read(outputs, size, filled, limit)
        lengths = np.linalg.norm(found.descriptors, axis=1, keepdims=True)
        within = (found.points >= 0).all(axis=1) & (found.points < np.array(filled) - EDGE).all(axis=1)
        rows = np.flatnonzero(within & (found.scores > 0) & (lengths[:, 0] > 0))
        if not len(rows):
            return no_features(self.layout.numbers), 1 / factor
        factors = np.array([(x2 - x1) / filled[0], (y2 - y1) / filled[1]])
        sees = CELLS * self.layout.stride if self.layout.dense else SCALE
        features = Features(
            points=((found.points[rows] + 0.5) * factors - 0.5 + [x1, y1]).astype(np.float32),
            scales=np.full(len(rows), sees / factor, dtype=np.float32),
            angles=np.zeros(len(rows), dtype=np.float32),
            descriptors=(found.descriptors[rows] / lengths[rows]).astype(np.float32),
            scores=found.scores[rows],
        )
        return features, 1 / factor

    def _read(
        self, outputs: dict[str, NDArray[Any]], size: tuple[int, int], filled: tuple[int, int], limit: int
    ) -> Found:
        if not self.layout.dense:
            found = read_sparse(self.path, self.layout, outputs, size)
            if (found.scores < 0).any():  # logits
                return Found(found.points, found.descriptors, _logistic(found.scores))
            return found
        scores, descriptors = read_dense(self.layout, outputs)
        points, best = peaks(np.ascontiguousarray(scores[: filled[1], : filled[0]]), limit)
        return Found(points, read_at(descriptors, points, self.layout.stride), best)


def as_input(taken: ImageInput, image: Pixels) -> NDArray[Any]:
    """An image of the input's size `(height, width, 3)` as the array that the model takes; floats are in 0 to 1."""
    grey = taken.channels == 1
    plain: NDArray[Any] = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))[..., None] if grey else image
    if taken.order == "CHW":
        plain = plain.transpose(2, 0, 1)
    elif taken.order == "HW":
        plain = plain[..., 0]
    if taken.batched:
        plain = plain[None]
    if taken.numbers == "uint8":
        return np.ascontiguousarray(plain)
    return (np.ascontiguousarray(plain, dtype=np.float32) / np.float32(255)).astype(taken.numbers)


def _logistic(numbers: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(numbers, -60, 60))), dtype=np.float32)
