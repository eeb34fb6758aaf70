"""The cut from strokes and from boxes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.premask.click.picture import PictureWindow, window_of_level
from annotator.premask.click.stroke_cut import Stroke, box_cut, cut


def scene(factor: int = 1) -> tuple[PictureWindow, np.ndarray]:
    """A red disc and a red block of the same colour, apart, on a blue ground; the disc's mask."""
    width, height = 200 * factor, 150 * factor
    image = np.full((height, width, 3), (90, 140, 200), dtype=np.uint8)
    disc = np.zeros((height, width), dtype=np.uint8)
    cv2.circle(disc, (70 * factor, 75 * factor), 40 * factor, 1, -1)
    image[disc.astype(bool)] = (180, 90, 60)
    image[40 * factor : 100 * factor, 140 * factor : 180 * factor] = (180, 90, 60)
    noise = np.random.default_rng(5).integers(-8, 9, image.shape)
    pixels = np.clip(image + noise, 0, 255).astype(np.uint8)
    window = window_of_level(pixels, (width, height), (0, 0, width - 1, height - 1))
    return window, disc.astype(bool)


def stroke(*points: tuple[float, float], inside: bool = True, radius: float = 2.0) -> Stroke:
    return Stroke(np.array(points, dtype=np.float64), inside, radius)


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def test_a_click_gives_the_connected_object_only() -> None:
    window, disc = scene()
    assert iou(cut(window, [stroke((70, 75))]), disc) > 0.98


def test_strokes_on_both_give_both() -> None:
    window, _ = scene()
    found = cut(window, [stroke((70, 75)), stroke((160, 50), (160, 90))])
    assert found[75, 70]
    assert found[70, 160]


def test_a_large_window_is_cut_as_exactly() -> None:
    window, disc = scene(4)
    found = cut(window, [stroke((280, 300), radius=6)])
    assert found.shape == disc.shape
    assert iou(found, disc) > 0.97


def test_without_a_stroke_of_the_object_there_is_nothing() -> None:
    window, _ = scene()
    assert not cut(window, [stroke((70, 75), inside=False)]).any()
    assert not cut(window, []).any()


def test_strokes_beside_the_object_win_where_they_are() -> None:
    window, _ = scene()
    found = cut(window, [stroke((70, 60)), stroke((60, 95), (85, 95), inside=False)])
    assert found[60, 70]
    assert not found[95, 60:86].any()


def test_a_mask_to_start_from_is_mended() -> None:
    window, disc = scene()
    half = disc.copy()
    half[:, 70:] = False
    assert iou(cut(window, [stroke((90, 60), (90, 90))], half), disc) > 0.95
    too_much = disc.copy()
    too_much[60:90, 100:135] = True
    mended = cut(window, [stroke((125, 65), (125, 85), inside=False)], too_much)
    assert iou(mended, disc) > 0.95


def test_the_same_strokes_give_the_same_cut() -> None:
    window, _ = scene()
    first, second = (cut(window, [stroke((70, 75)), stroke((20, 20), inside=False)]) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("factor", [1, 3])
def test_a_box_around_the_object_gives_it(factor: int) -> None:
    window, disc = scene(factor)
    box = tuple(float(value * factor) for value in (22, 28, 118, 122))
    assert iou(box_cut(window, box), disc) > 0.96


def test_a_box_never_gives_what_lies_outside_it() -> None:
    window, _ = scene()
    found = box_cut(window, (22.0, 28.0, 118.0, 122.0))
    assert not found[:, 120:].any()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_uniform_picture_gives_some_answer(value: int) -> None:
    image = np.full((60, 80, 3), value, dtype=np.uint8)
    window = window_of_level(image, (80, 60), (0, 0, 79, 59))
    assert cut(window, [stroke((40, 30))]).shape == (60, 80)
    assert box_cut(window, (10.0, 10.0, 40.0, 40.0)).shape == (60, 80)


def test_tiny_windows_and_strokes_outside_are_no_mistake() -> None:
    image = np.zeros((2, 3, 3), dtype=np.uint8)
    window = window_of_level(image, (3, 2), (0, 0, 2, 1))
    assert cut(window, [stroke((1, 1), radius=0.1)]).shape == (2, 3)
    larger, _ = scene()
    assert not cut(larger, [stroke((900, 900))]).any()
    assert not box_cut(larger, (900.0, 900.0, 950.0, 950.0)).any()
