"""The tree of cheapest paths along edges."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.premask.click.magnetic import edge_near, tree_at

SIZE = (160, 120)


def corner() -> np.ndarray:
    """A bright block whose edges run between columns 59 and 60 and between rows 39 and 40."""
    image = np.full((120, 160, 3), 60, dtype=np.uint8)
    image[40:, 60:] = 200
    return image


def disc(size: tuple[int, int] = SIZE) -> np.ndarray:
    image = np.full((size[1], size[0], 3), 50, dtype=np.uint8)
    cv2.circle(image, (80, 60), 40, (190, 160, 120), -1)
    return image


def test_the_path_goes_round_the_corner_on_the_edge() -> None:
    tree = tree_at(corner(), SIZE, (60.0, 100.0))
    path = tree.path((130.0, 40.0))
    assert path[0].tolist() == [60.0, 100.0]
    assert path[-1].tolist() == [130.0, 40.0]
    on_edge = np.minimum(np.abs(path[:, 0] - 59.5), np.abs(path[:, 1] - 39.5))
    assert on_edge.max() <= 1.5
    assert len(path) < 12


def test_the_path_follows_a_curve() -> None:
    tree = tree_at(disc(), SIZE, (40.0, 60.0))
    path = tree.path((80.0, 20.0))
    assert np.abs(np.hypot(path[:, 0] - 80, path[:, 1] - 60) - 40).max() <= 2


def test_at_a_smaller_level_the_path_is_in_pixels_of_the_image() -> None:
    half = cv2.resize(corner(), (80, 60), interpolation=cv2.INTER_AREA)
    path = tree_at(half, SIZE, (60.0, 100.0)).path((130.0, 40.0))
    on_edge = np.minimum(np.abs(path[:, 0] - 59.5), np.abs(path[:, 1] - 39.5))
    assert on_edge.max() <= 3


def test_the_same_picture_gives_the_same_path() -> None:
    first, second = (tree_at(disc(), SIZE, (40.0, 60.0)).path((118.0, 66.0)) for _ in range(2))
    assert np.array_equal(first, second)


def test_what_lies_beyond_the_window_is_told_and_the_path_ends_at_its_border() -> None:
    image = np.zeros((100, 600, 3), dtype=np.uint8)
    image[50:] = 255
    tree = tree_at(image, (600, 100), (20.0, 50.0))
    assert tree.reaches((100.0, 50.0))
    assert not tree.reaches((400.0, 50.0))
    end = tree.path((400.0, 50.0))[-1]
    assert 110 <= end[0] <= 121
    part = tree.part((400.0, 50.0))
    assert part[0].tolist() == [20.0, 50.0]
    assert 70 <= part[-1, 0] <= 100


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 159), st.floats(0, 119), st.floats(0, 159), st.floats(0, 119))
def test_every_path_joins_its_ends_inside_the_image(ax: float, ay: float, bx: float, by: float) -> None:
    tree = tree_at(disc(), SIZE, (ax, ay))
    path = tree.path((bx, by))
    assert path.shape[1] == 2
    assert len(path) >= 2
    assert path[0].tolist() == [ax, ay]
    assert (path >= 0).all()
    assert (path <= [159, 119]).all()
    if tree.reaches((bx, by)):
        assert path[-1].tolist() == [bx, by]


@pytest.mark.parametrize("shape", [(2, 2), (3, 40), (40, 2)])
def test_tiny_images_have_paths_too(shape: tuple[int, int]) -> None:
    image = np.zeros((*shape, 3), dtype=np.uint8)
    size = shape[1], shape[0]
    path = tree_at(image, size, (0.0, 0.0)).path((shape[1] - 1.0, shape[0] - 1.0))
    assert len(path) >= 2


def test_a_click_goes_to_the_edge_nearby_and_nowhere_where_there_is_none() -> None:
    x, y = edge_near(corner(), SIZE, (56.0, 90.0), 6.0)
    assert 58 <= x <= 61
    assert abs(y - 90) <= 3
    assert edge_near(corner(), SIZE, (20.0, 20.0), 6.0) == (20.0, 20.0)
    assert edge_near(np.full((120, 160, 3), 99, np.uint8), SIZE, (60.0, 60.0), 6.0) == (60.0, 60.0)


def test_the_tree_snaps_as_a_click_does() -> None:
    tree = tree_at(corner(), SIZE, (60.0, 100.0))
    assert tree.snapped((56.0, 90.0), 6.0) == edge_near(corner(), SIZE, (56.0, 90.0), 6.0)
