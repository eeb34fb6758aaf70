"""The geometry between two images that a mask is copied with."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.domain.errors import GeometryError
from annotator.premask.click.copy_geometry import matched_mapping


def texture(seed: int, width: int = 360, height: int = 280) -> np.ndarray:
    """Blocks and blotches that features hold on to."""
    source = np.random.default_rng(seed)
    image = cv2.resize(source.integers(0, 255, (35, 45, 3), dtype=np.uint8), (width, height))
    for _ in range(60):
        x, y = int(source.integers(0, width)), int(source.integers(0, height))
        w, h = (int(v) for v in source.integers(6, 30, 2))
        cv2.rectangle(image, (x, y), (x + w, y + h), source.integers(0, 255, 3).tolist(), -1)
    return np.asarray(image, dtype=np.uint8)


@pytest.fixture
def mask() -> np.ndarray:
    found = np.zeros((280, 360), dtype=bool)
    found[60:220, 80:280] = True
    return found


def test_a_moved_and_scaled_object_is_found(mask: np.ndarray) -> None:
    source = texture(1)
    change = np.array([[0.9, 0.05, 30.0], [-0.05, 0.9, 25.0]])
    target = cv2.warpAffine(source, change, (360, 280), borderMode=cv2.BORDER_REPLICATE)
    mapping = matched_mapping(source, mask, target, "hall_1")
    points = np.array([(80.0, 60.0), (280.0, 60.0), (280.0, 220.0), (80.0, 220.0), (180.0, 140.0)])
    expected = points @ change[:, :2].T + change[:, 2]
    assert np.abs(mapping(points) - expected).max() < 3.0


def test_another_picture_is_refused_with_a_sentence(mask: np.ndarray) -> None:
    with pytest.raises(GeometryError, match="the object of hall_1 was not found in this image"):
        matched_mapping(texture(1), mask, texture(2), "hall_1")


def test_pictures_without_anything_in_them_are_refused(mask: np.ndarray) -> None:
    empty = np.full((280, 360, 3), 90, dtype=np.uint8)
    with pytest.raises(GeometryError):
        matched_mapping(empty, mask, texture(2), "hall_1")
    with pytest.raises(GeometryError):
        matched_mapping(texture(1), mask, empty, "hall_1")


def test_a_mask_that_is_too_small_is_refused(mask: np.ndarray) -> None:
    tiny = np.zeros_like(mask)
    tiny[10:14, 10:14] = True
    with pytest.raises(GeometryError, match="too small"):
        matched_mapping(texture(1), tiny, texture(1), "hall_1")
