"""How alike reference and index image are where a geometry lays one upon the other, seen by the learned features."""

from __future__ import annotations

import cv2
import numpy as np

from annotator.premask.features import Floats, Pixels
from annotator.premask.learned import CELL, described
from annotator.premask.models.local_features import MULTIPLE
from annotator.premask.sampling import resized, resized_floats
from annotator.premask.window import Window

OBJECT_SIZE = 112.0
"""Pixels to which the square root of the expected box's area is brought: 14 cells across."""

MARGIN = 0.1
"""Share of the object's size around the expected mask that the network sees besides."""


def likeness(window: Window) -> tuple[float, float]:
    """Mean cosine of the descriptors of both images over the expected mask, -1 to 1: in the same cell, and with the
    best of the reference's nine cells there. A geometry that is right within a cell has a high second and first; one
    that lays other parts upon each other has neither.
    """
    if not (window.expected > 0.5).any():
        return 0.0, 0.0
    ours, theirs, expected = _parts(window)
    weight = resized_floats(expected, (ours.shape[1] // CELL, ours.shape[0] // CELL))
    total = float(weight.sum())
    one, other = described(ours), described(theirs)
    rows, columns = one.shape[:2]
    around = np.pad(other, ((1, 1), (1, 1), (0, 0)), mode="edge")
    near = np.stack(
        [
            np.einsum("ijk,ijk->ij", one, around[down : down + rows, right : right + columns])
            for down in range(3)
            for right in range(3)
        ]
    )
    return float((near[4] * weight).sum() / total), float((near.max(axis=0) * weight).sum() / total)


def _parts(window: Window) -> tuple[Pixels, Pixels, Floats]:
    """Index image, reference and expected mask around the object: the images at sides that the network divides, so
    that both are squeezed alike, the mask as it is.
    """
    x, y, width, height = cv2.boundingRect((window.expected > 0.5).astype(np.uint8))
    size = max(1.0, float(np.sqrt(width * height)))
    margin = round(MARGIN * size)
    rows = slice(max(0, y - margin), y + height + margin)
    columns = slice(max(0, x - margin), x + width + margin)
    expected = np.ascontiguousarray(window.expected[rows, columns])
    factor = min(1.0, OBJECT_SIZE / size)
    down, across = (MULTIPLE * max(1, round(side * factor / MULTIPLE)) for side in expected.shape)
    images = (np.ascontiguousarray(image[rows, columns]) for image in (window.image, window.reference))
    ours, theirs = (resized(image, (across, down)) for image in images)
    return ours, theirs, expected
