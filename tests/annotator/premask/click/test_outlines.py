"""From the mask of a window to polygons of the image."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.raster import fill
from annotator.domain.validity import polygon_problems
from annotator.premask.click.outlines import Smallest, image_polygons, window_polygons
from annotator.premask.click.picture import PictureWindow, window_of_level

SIZE = (120, 90)


def whole(scale: int = 1) -> PictureWindow:
    shape = (SIZE[1] // scale, SIZE[0] // scale, 3)
    return window_of_level(np.zeros(shape, np.uint8), SIZE, (0, 0, SIZE[0] - 1, SIZE[1] - 1))


def block(x1: int, y1: int, x2: int, y2: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    mask = np.zeros((size[1], size[0]), dtype=bool)
    mask[y1 : y2 + 1, x1 : x2 + 1] = True
    return mask


def test_a_block_comes_back_as_its_four_corners() -> None:
    mask = block(10, 20, 50, 60)
    (found,) = window_polygons(mask, whole(), Smallest())
    assert sorted(found.outer.points.tolist()) == [[10, 20], [10, 60], [50, 20], [50, 60]]
    assert np.array_equal(fill([found], SIZE), mask)


def test_small_holes_are_filled_and_large_ones_stay() -> None:
    mask = block(10, 10, 80, 80)
    mask[20:23, 20:23] = False
    mask[40:60, 40:60] = False
    (found,) = window_polygons(mask, whole(), Smallest(hole=25, part=16))
    assert len(found.holes) == 1
    drawn = fill([found], SIZE)
    assert drawn[21, 21]
    assert not drawn[50, 50]


def test_small_parts_are_dropped() -> None:
    mask = block(10, 10, 40, 40) | block(60, 60, 62, 62)
    assert len(window_polygons(mask, whole(), Smallest())) == 1
    assert len(window_polygons(mask, whole(), Smallest(part=1))) == 2


def test_an_empty_mask_gives_nothing() -> None:
    assert window_polygons(np.zeros((90, 120), bool), whole(), Smallest()) == ()


def test_a_window_inside_the_image_is_put_in_its_place() -> None:
    window = window_of_level(np.zeros((90, 120, 3), np.uint8), SIZE, (30, 40, 79, 79))
    mask = np.zeros(window.size[::-1], dtype=bool)
    mask[5:21, 10:31] = True
    (found,) = window_polygons(mask, window, Smallest())
    assert found.bounds == (40, 45, 60, 60)


@pytest.mark.parametrize("scale", [2, 3])
def test_below_full_size_a_pixel_of_the_level_is_as_wide_as_it_is_shown(scale: int) -> None:
    size = SIZE[0] // scale, SIZE[1] // scale
    mask = block(5, 5, 20, 15, size)
    (found,) = window_polygons(mask, whole(scale), Smallest())
    expected = block(5 * scale, 5 * scale, 21 * scale - 1, 16 * scale - 1)
    drawn = fill([found], SIZE)
    assert (drawn & expected).sum() / (drawn | expected).sum() > 0.94


@pytest.mark.parametrize("scale", [1, 2])
def test_what_reaches_the_border_reaches_it_in_the_image(scale: int) -> None:
    size = SIZE[0] // scale, SIZE[1] // scale
    mask = np.ones((size[1], size[0]), dtype=bool)
    (found,) = window_polygons(mask, whole(scale), Smallest())
    assert found.bounds == (0, 0, SIZE[0] - 1, SIZE[1] - 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]))
def test_any_mask_gives_valid_polygons_near_it(seed: int, scale: int) -> None:
    rough = np.random.default_rng(seed).normal(size=(90 // scale, 120 // scale)).astype(np.float32)
    mask = cv2.GaussianBlur(rough, (0, 0), 4) > 0.01
    found = window_polygons(mask, whole(scale), Smallest(hole=1, part=1))
    assert [problem for polygon in found for problem in polygon_problems(polygon, SIZE)] == []
    drawn = fill(found, SIZE)
    full = cv2.resize(mask.astype(np.uint8), SIZE, interpolation=cv2.INTER_NEAREST).astype(bool)
    near = cv2.dilate(full.astype(np.uint8), np.ones((2 * scale + 1, 2 * scale + 1), np.uint8)).astype(bool)
    assert not (drawn & ~near).any()
    assert (drawn != full).mean() < 0.06 * scale


def test_a_mask_of_the_whole_image_gives_what_its_window_gives() -> None:
    mask = block(30, 20, 70, 60)
    mask[30:50, 40:60] = False
    mask |= block(0, 80, 119, 89)
    pieces = image_polygons(mask, 1.0, Smallest())
    assert pieces == window_polygons(mask, whole(), Smallest())
    assert np.array_equal(fill(pieces, SIZE), mask)
    assert image_polygons(np.zeros((90, 120), bool), 1.0, Smallest()) == ()


def test_the_coarser_the_source_of_a_mask_the_smoother_its_outline() -> None:
    x, y = np.meshgrid(np.arange(120), np.arange(90))
    slope = (x > 20) & (x < 100) & (y > 20 + x // 4 * 3 % 7) & (y < 80)
    (fine,), (coarse,) = (image_polygons(slope, step, Smallest()) for step in (1.0, 8.0))
    assert len(coarse.outer) < len(fine.outer) / 3
    assert (fill([coarse], SIZE) ^ slope).mean() < 0.06
