"""Training views: points go where the pixels go, and weather changes the light but not the place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.premask.training.views import HEIGHT, WIDTH, project, random_homography, warp, weathered

CENTRE = np.array([400.0, 300.0], dtype=np.float32)


def random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def corner(side: int) -> np.ndarray:
    """The middle of the photograph, and the places beside and below it."""
    return (CENTRE + np.array([[0, 0], [side, 0], [0, side]])).astype(np.float32)


@pytest.mark.parametrize("scale", [0.4, 1.0, 2.5])
def test_without_strength_a_view_is_the_photograph_at_its_scale(scale: float) -> None:
    middle, right, below = project(corner(10), random_homography(random(1), CENTRE, scale, 0.0))
    np.testing.assert_allclose(right - middle, [10 * scale, 0], atol=1e-3)
    np.testing.assert_allclose(below - middle, [0, 10 * scale], atol=1e-3)
    assert (np.abs(middle / [WIDTH, HEIGHT] - 0.5) <= 0.15).all()


@pytest.mark.parametrize("strength", [0.3, 0.6, 1.0, 1.3])
def test_the_middle_of_a_view_is_never_mirrored_or_turned_over(strength: float) -> None:
    for seed in range(40):
        homography = random_homography(random(seed), CENTRE, 1.0, strength)
        middle, right, below = project(corner(20), homography)
        assert np.linalg.det(np.stack([right - middle, below - middle])) > 0
        assert (middle > 0).all()
        assert (middle < [WIDTH, HEIGHT]).all()


def test_pixels_and_points_go_the_same_way() -> None:
    image = np.zeros((600, 800), dtype=np.uint8)
    cv2.circle(image, (420, 280), 3, 255, -1)
    for seed in range(10):
        homography = random_homography(random(seed), CENTRE, 1.2, 1.0)
        view = cv2.GaussianBlur(warp(image, homography, 1.2), (0, 0), 2)
        row, column = np.unravel_index(int(view.argmax()), view.shape)
        (expected,) = project(np.array([[420, 280]], dtype=np.float32), homography)
        np.testing.assert_allclose([column, row], expected, atol=1.5)


def test_a_view_that_shrinks_is_smoothed_first() -> None:
    """A board of single pixels has no pattern left at a quarter of its size, where sampling alone would keep one."""
    board = ((np.indices((600, 800)).sum(axis=0) % 2) * 255).astype(np.uint8)
    view = warp(board, random_homography(random(2), CENTRE, 0.25, 0.0), 0.25)
    inside = view[HEIGHT // 2 - 30 : HEIGHT // 2 + 30, WIDTH // 2 - 40 : WIDTH // 2 + 40]
    assert inside.mean() == pytest.approx(0.5, abs=0.02)
    assert inside.std() < 0.02


def test_no_points_stay_no_points() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    assert project(nothing, np.eye(3)).shape == (0, 2)


def test_weather_keeps_the_size_and_the_range_and_follows_its_seed() -> None:
    view = warp(random(0).integers(0, 256, (600, 800), dtype=np.uint8), random_homography(random(3), CENTRE, 1, 0.5), 1)
    seen = []
    for seed in range(25):
        found = weathered(random(seed), view)
        assert (found.shape, found.dtype) == ((HEIGHT, WIDTH), np.float32)
        assert np.isfinite(found).all()
        assert 0 <= found.min() <= found.max() <= 1
        np.testing.assert_array_equal(found, weathered(random(seed), view))
        seen.append(float(found.mean()))
    assert np.std(seen) > 0.05
