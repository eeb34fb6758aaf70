"""The learned local features that come with the program (resources/premask/features.onnx and its card)."""

from __future__ import annotations

import cv2
import numpy as np

from annotator.premask.features import Extractor, Floats, Pixels
from annotator.premask.models.embedded import embedded_session
from annotator.premask.models.loading import load_features
from resources import accessor

RESOURCE = "premask/features.onnx"

CELL = 8
"""Pixels on the side of a cell of the map of descriptors."""


def embedded() -> Extractor:
    """The embedded model as an extractor; docs/training.md tells how it was trained."""
    return load_features(accessor.path(RESOURCE))


def described(image: Pixels) -> Floats:
    """The embedded model's descriptors of the cells of an image whose sides are multiples of 32.

    `(height / CELL, width / CELL, d)`, of unit length.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    found = embedded_session(RESOURCE).run({"image": grey[None, None]}, wanted=("descriptors",))["descriptors"][0]
    return np.ascontiguousarray(found.transpose(1, 2, 0))
