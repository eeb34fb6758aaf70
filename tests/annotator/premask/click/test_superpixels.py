"""Superpixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.raster import fill_rings
from annotator.premask.click.picture import PictureWindow, window_of_level
from annotator.premask.click.superpixels import superpixels

SIZE = (160, 120)


def window(image: np.ndarray) -> PictureWindow:
    height, width = image.shape[:2]
    return window_of_level(image, (width, height), (0, 0, width - 1, height - 1))


def scene(seed: int = 0) -> np.ndarray:
    image = np.full((120, 160, 3), (90, 140, 200), dtype=np.uint8)
    cv2.circle(image, (80, 60), 40, (180, 90, 60), -1)
    noise = np.random.default_rng(seed).integers(-5, 6, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def test_every_pixel_has_a_region_and_every_region_is_in_one_piece() -> None:
    found = superpixels(window(scene()), 16)
    assert found.labels.shape == (120, 160)
    assert found.labels.min() >= 1
    for region in np.unique(found.labels):
        count, _ = cv2.connectedComponents((found.labels == region).astype(np.uint8), connectivity=8)
        assert count == 2


def test_there_are_about_as_many_as_the_spacing_says() -> None:
    found = superpixels(window(scene()), 16)
    assert len(np.unique(found.labels)) == pytest.approx(120 * 160 / 16**2, rel=0.2)


def test_their_borders_follow_the_picture() -> None:
    found = superpixels(window(scene()), 16)
    disc = np.hypot(*(np.mgrid[:120, :160] - np.array([60, 80])[:, None, None])) <= 40
    inside = np.bincount(found.labels[disc], minlength=found.labels.max() + 1)
    whole = np.bincount(found.labels.ravel(), minlength=found.labels.max() + 1)
    mistaken = np.minimum(inside, whole - inside).sum()
    assert mistaken < 0.02 * disc.sum()


@pytest.mark.parametrize("seed", [0, 7])
def test_they_are_the_same_every_time(seed: int) -> None:
    first, second = (superpixels(window(scene(seed)), 14).labels for _ in range(2))
    assert np.array_equal(first, second)


def test_a_line_touches_the_regions_that_it_runs_over() -> None:
    found = superpixels(window(scene()), 16)
    start, end = (10.0, 10.0), (150.0, 100.0)
    steps = np.rint(np.linspace(start, end, 2000)).astype(int)
    expected = set(found.labels[steps[:, 1], steps[:, 0]].tolist())
    assert set(found.along(start, end)) <= expected
    assert len(expected - set(found.along(start, end))) <= 2
    assert found.along((10.0, 10.0), (10.0, 10.0)) == frozenset((found.at((10.0, 10.0)),))
    assert found.along((-50.0, -50.0), (-10.0, -10.0)) == frozenset()
    assert found.at((-3.0, 5.0)) == 0


def test_the_mask_of_regions_is_where_they_are() -> None:
    found = superpixels(window(scene()), 16)
    regions = frozenset((found.at((80.0, 60.0)), found.at((10.0, 10.0)), 0, 10**6))
    assert np.array_equal(found.mask(regions), np.isin(found.labels, sorted(regions)))
    assert not found.mask(frozenset()).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.integers(2, 40), st.floats(0.1, 400))
def test_any_size_and_spacing_gives_regions(width: int, height: int, spacing: float) -> None:
    image = np.random.default_rng(width * 41 + height).integers(0, 255, (height, width, 3), dtype=np.uint8)
    found = superpixels(window(image), spacing)
    assert found.labels.shape == (height, width)
    assert found.labels.min() >= 1


def test_a_uniform_picture_has_regions() -> None:
    found = superpixels(window(np.full((120, 160, 3), 77, np.uint8)), 20)
    assert len(np.unique(found.labels)) > 20


def test_the_outlines_of_regions_are_those_of_their_mask() -> None:
    found = superpixels(window(scene()), 16)
    regions = frozenset((found.at((80.0, 60.0)), found.at((96.0, 60.0)), found.at((10.0, 10.0))))
    canvas = np.zeros((120, 160), dtype=np.uint8)
    fill_rings(canvas, found.rings(regions))
    assert np.array_equal(canvas.astype(bool), found.mask(regions))
    assert found.rings(frozenset()) == []
    assert found.rings(frozenset((0, 10**6))) == []
