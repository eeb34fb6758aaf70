"""A small ground truth and masks that the label tests share."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.domain.dataset import GroundTruth, Query
from annotator.domain.raster import Mask


@pytest.fixture
def truth() -> GroundTruth:
    """Two groups: tower (queries 0 and 1; gate, wall, both) and hall (query 2; door, both)."""
    box = (0.0, 0.0, 50.0, 50.0)
    names = ("gate", "wall", "door", "both", "junk")
    tower = [Query(number, f"tower{number}", box, (0, 3), (1,), (4,)) for number in (0, 1)]
    hall = Query(2, "hall", box, (2,), (3,), (4,))
    return GroundTruth("oxford", (*tower, hall), names)


@pytest.fixture
def mask() -> Mask:
    """Two components, one with two holes, an island, a one-pixel line and a single pixel: `(60, 90)`."""
    canvas = np.zeros((60, 90), dtype=np.uint8)
    cv2.circle(canvas, (28, 30), 24, 1, -1)
    cv2.circle(canvas, (20, 28), 8, 0, -1)
    cv2.circle(canvas, (20, 28), 3, 1, -1)
    cv2.rectangle(canvas, (34, 20), (44, 40), 0, -1)
    cv2.line(canvas, (60, 5), (80, 50), 1, 1)
    canvas[55, 2] = 1
    return canvas.view(np.bool_)
