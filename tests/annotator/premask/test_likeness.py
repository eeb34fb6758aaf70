"""How alike learned features find what a geometry lays upon each other, on drawn photographs."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from annotator.premask.features import Pixels
from annotator.premask.learned import CELL, described
from annotator.premask.likeness import likeness
from annotator.premask.window import Window
from resources.demo.render import truth


@pytest.fixture(scope="module")
def photograph() -> Pixels:
    return truth("gate_000005", 0.6).image


def window(image: Pixels, reference: Pixels, expected: np.ndarray | None = None) -> Window:
    height, width = image.shape[:2]
    if expected is None:
        expected = np.zeros((height, width), np.float32)
        expected[height // 6 : -height // 6, width // 6 : -width // 6] = 1
    return Window((0.0, 0.0), 1.0, image, reference, expected, np.ones((height, width), dtype=bool))


@pytest.fixture(scope="module")
def part(photograph: Pixels) -> Pixels:
    height, width = photograph.shape[:2]
    middle = photograph[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4]
    return cv2.resize(middle, (224, 192), interpolation=cv2.INTER_AREA)


def test_an_image_is_like_itself(part: Pixels) -> None:
    same, near = likeness(window(part, part))
    assert same == pytest.approx(1.0, abs=1e-4)
    assert near == pytest.approx(1.0, abs=1e-4)


def test_darker_and_blurred_it_is_still_like_itself(part: Pixels) -> None:
    night = cv2.GaussianBlur((part * 0.4).astype(np.uint8), (0, 0), 1.0)
    same, near = likeness(window(part, night))
    assert same > 0.7
    assert near >= same


def test_the_farther_the_geometry_is_off_the_less_alike(part: Pixels) -> None:
    found = [likeness(window(part, np.roll(part, shift, axis=1)))[0] for shift in (0, 6, 20, 60)]
    assert found == sorted(found, reverse=True)
    assert found[-1] < 0.6


def test_one_cell_off_is_forgiven_by_the_neighbours_only(part: Pixels) -> None:
    """The window is brought down to some 112 pixels for the object, so that 12 of its pixels are about a cell."""
    same, near = likeness(window(part, np.roll(part, 10, axis=1)))
    assert near > same + 0.05


def test_another_building_is_not_like_it(part: Pixels) -> None:
    stranger = cv2.resize(truth("museum_000009", 0.6).image, (part.shape[1], part.shape[0]))
    assert likeness(window(part, stranger))[1] < likeness(window(part, np.roll(part, 10, axis=1)))[1]


def test_only_what_the_mask_expects_counts(part: Pixels) -> None:
    """The right half shows something else: it matters only to a mask that reaches there."""
    height, width = part.shape[:2]
    spoilt = part.copy()
    spoilt[:, width // 2 :] = np.random.default_rng(0).integers(0, 255, (height, width - width // 2, 3), dtype=np.uint8)
    left, right = np.zeros((2, height, width), np.float32)
    left[20:-20, 10 : width // 2 - 30] = 1
    right[20:-20, width // 2 + 30 : -10] = 1
    assert likeness(window(part, spoilt, left))[0] > likeness(window(part, spoilt, right))[0] + 0.2


def test_an_empty_mask_is_like_nothing(part: Pixels) -> None:
    assert likeness(window(part, part, np.zeros(part.shape[:2], np.float32))) == (0.0, 0.0)


@pytest.mark.parametrize("shape", [(8, 8), (9, 360), (360, 9), (33, 31)])
def test_windows_of_any_shape_have_an_answer(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 255, (*shape, 3), dtype=np.uint8)
    same, near = likeness(window(image, image, np.ones(shape, np.float32)))
    assert same == pytest.approx(1.0, abs=1e-4)
    assert near == pytest.approx(1.0, abs=1e-4)


def test_the_same_window_gives_the_same_numbers(part: Pixels) -> None:
    one = window(part, np.roll(part, 7, axis=0))
    assert likeness(one) == likeness(replace(one))


def test_descriptors_of_every_cell_are_of_unit_length(part: Pixels) -> None:
    found = described(part)
    assert found.shape[:2] == (part.shape[0] // CELL, part.shape[1] // CELL)
    assert np.allclose(np.linalg.norm(found, axis=2), 1, atol=1e-4)
