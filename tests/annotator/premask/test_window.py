"""The part of the index image where the object is expected, with the reference seen beside it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.premask.warp import Geometry
from annotator.premask.window import OBJECT_SIZE, SCENE_SIZE, box_size, scene_of, window_of


def picture(width: int, height: int) -> np.ndarray:
    """Smooth colours, so that a window at any size shows nearly the same."""
    x, y = np.meshgrid(np.linspace(0, 6, width), np.linspace(0, 5, height))
    planes = [np.sin(x) * 90 + 120, np.cos(y) * 90 + 120, np.sin(x + y) * 90 + 120]
    return np.stack(planes, axis=2).astype(np.uint8)


def box_mask(width: int, height: int, x1: int, y1: int, x2: int, y2: int) -> np.ndarray:
    mask = np.zeros((height, width), dtype=bool)
    mask[y1:y2, x1:x2] = True
    return mask


def plain(factor: float, x: float, y: float, width: int, height: int) -> Geometry:
    homography = np.array([[factor, 0, x], [0, factor, y], [0, 0, 1.0]])
    return Geometry(homography, (0.0, 0.0, float(width), float(height)), np.zeros((2, 2, 2)))


def corners(mask: np.ndarray, geometry: Geometry) -> np.ndarray:
    y, x = np.nonzero(mask)
    box = np.array([[x.min(), y.min()], [x.max() + 1, y.min()], [x.max() + 1, y.max() + 1], [x.min(), y.max() + 1]])
    return geometry.forward(box - 0.5)


def test_a_small_reference_is_a_scene_as_it_is():
    image, mask = picture(300, 200), box_mask(300, 200, 50, 40, 200, 160)
    scene = scene_of(image, mask)
    assert scene.size == (300, 200)
    assert np.array_equal(scene.image, image)
    assert np.array_equal(scene.mask, mask.astype(np.float32))


def test_a_large_reference_is_brought_down_to_what_a_window_shows():
    image, mask = picture(2400, 1600), box_mask(2400, 1600, 300, 200, 1900, 1400)
    scene = scene_of(image, mask)
    assert box_size(scene.mask > 0.5) == pytest.approx(SCENE_SIZE, rel=0.01)
    assert scene.size == (2400, 1600)
    assert scene.image.shape[:2] == scene.mask.shape
    assert scene.mask.mean() == pytest.approx(mask.mean(), rel=0.01)


@pytest.mark.parametrize("enlarged", [1, 4])
def test_a_window_shows_the_same_of_a_reference_of_any_size(enlarged: int):
    """The same photograph with four times the pixels, and a geometry that undoes it."""
    width, height = 500, 400
    image, mask = picture(width, height), box_mask(width, height, 120, 90, 380, 300)
    large = cv2.resize(image, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_LINEAR)
    large_mask = np.repeat(np.repeat(mask, enlarged, axis=0), enlarged, axis=1)
    shift = (1 / enlarged - 1) / 2
    geometry = plain(1 / enlarged, shift, shift, width * enlarged, height * enlarged)
    window = window_of(scene_of(large, large_mask), image, geometry, corners(large_mask, geometry))
    assert window is not None
    assert window.size == pytest.approx(OBJECT_SIZE, rel=0.05)
    off = np.abs(window.reference.astype(int) - window.image.astype(int))
    assert off[window.known].mean() < 2.0, "reference and index image are one photograph"
    truth = cv2.resize(mask.astype(np.float32), None, fx=window.factor, fy=window.factor) > 0.5
    x, y = (round(value * window.factor) for value in window.origin)
    rows, columns = window.expected.shape
    assert ((window.expected > 0.5) != truth[y : y + rows, x : x + columns]).mean() < 0.02


def test_beyond_the_reference_nothing_is_known_or_expected():
    image, mask = picture(300, 240), box_mask(300, 240, 0, 0, 150, 240)
    geometry = plain(1.0, 200.0, 100.0, 300, 240)
    window = window_of(scene_of(image, mask), picture(700, 600), geometry, corners(mask, geometry))
    assert window is not None
    place = window.inwards(np.array([[150.0, 200.0]]))[0].astype(int)  # left of where the reference begins
    assert not window.known[place[1], place[0]]
    assert window.expected[place[1], place[0]] == 0


def test_a_reference_of_a_single_pixel_row_is_no_error():
    image, mask = picture(400, 1), box_mask(400, 1, 100, 0, 300, 1)
    geometry = plain(1.0, 20.0, 50.0, 400, 1)
    assert window_of(scene_of(image, mask), picture(500, 300), geometry, corners(mask, geometry)) is not None


def test_an_object_outside_the_index_image_has_no_window():
    image, mask = picture(300, 240), box_mask(300, 240, 50, 50, 200, 200)
    geometry = plain(1.0, 5000.0, 0.0, 300, 240)
    assert window_of(scene_of(image, mask), picture(300, 240), geometry, corners(mask, geometry)) is None
