"""Windows of zoom levels and the way between their pixels and those of the image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.premask.click.picture import window_of_level

SIZE = (400, 200)


def level(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (height, width, 4), dtype=np.uint8)


def test_a_window_of_the_full_image_is_its_pixels_in_rgb() -> None:
    pixels = level(400, 200)
    window = window_of_level(pixels, SIZE, (10.0, 20.0, 49.0, 59.0))
    assert (window.x, window.y, window.size) == (10, 20, (40, 40))
    assert np.array_equal(window.pixels, pixels[20:60, 10:50, 2::-1])
    assert window.to_image(np.array([(0.0, 0.0)])).tolist() == [[10.0, 20.0]]
    assert window.step == 1.0


def test_a_level_without_a_fourth_channel_is_taken_as_it_is() -> None:
    pixels = level(400, 200)[:, :, :3]
    assert np.array_equal(window_of_level(pixels, SIZE, (0, 0, 399, 199)).pixels, pixels)


def test_at_half_size_a_pixel_lies_between_two_of_the_image() -> None:
    window = window_of_level(level(200, 100), SIZE, (0.0, 0.0, 399.0, 199.0))
    assert window.size == (200, 100)
    assert window.to_image(np.array([(0.0, 0.0), (10.0, 4.0)])).tolist() == [[0.5, 0.5], [20.5, 8.5]]
    assert window.step == 2.0


@given(
    st.floats(-50, 450),
    st.floats(-50, 250),
    st.floats(0, 300),
    st.sampled_from([(400, 200), (200, 100), (50, 25), (13, 7)]),
)
def test_windows_lie_in_the_level_and_the_way_back_is_the_way_there(x: float, y: float, side: float, shape) -> None:
    window = window_of_level(np.zeros((shape[1], shape[0], 3), np.uint8), SIZE, (x, y, x + side, y + side))
    width, height = window.size
    assert width >= 2
    assert height >= 2
    assert 0 <= window.x <= shape[0] - width
    assert 0 <= window.y <= shape[1] - height
    inside = np.array([(width / 2, height / 2)])
    assert window.to_window(window.to_image(inside)) == pytest.approx(inside)
    assert window.holds(tuple(window.to_image(inside)[0].tolist()))
    assert not window.holds((window.to_image(inside)[0, 0] + 1e4, 0.0))
