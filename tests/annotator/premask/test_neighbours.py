"""Nearest neighbours against a search by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.premask.neighbours import nearest


@given(seed=st.integers(0, 10_000), size=st.integers(1, 200), count=st.integers(1, 12))
def test_neighbours_are_those_of_a_plain_search(seed: int, size: int, count: int) -> None:
    points = np.random.default_rng(seed).random((size, 2)) * 1000
    found = nearest(points, count)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    assert found.shape == (size, min(count, size))
    by_hand = np.sort(apart, axis=1)[:, : min(count, size)]
    assert np.allclose(np.sort(np.take_along_axis(apart, found, axis=1), axis=1), by_hand, atol=1e-2)


def test_a_point_is_its_own_nearest() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    assert nearest(points, 1)[:, 0].tolist() == [0, 1, 2]


def test_the_nearest_two_of_a_row_by_hand() -> None:
    points = np.array([[0.0, 5.0], [1.0, 5.0], [3.0, 5.0], [7.0, 5.0]])
    assert [set(row) for row in nearest(points, 2).tolist()] == [{0, 1}, {0, 1}, {1, 2}, {2, 3}]


def test_points_in_one_place_are_neighbours_of_each_other() -> None:
    points = np.array([[2.0, 2.0]] * 12 + [[90.0, 90.0]])
    found = nearest(points, 9)
    assert found[:12].max() < 12
    assert 12 in found[12]


def test_the_same_points_give_the_same_rows() -> None:
    points = np.random.default_rng(3).random((500, 2))
    assert np.array_equal(nearest(points, 9), nearest(points, 9))


@pytest.mark.parametrize("count", [1, 9])
def test_no_points_have_no_neighbours(count: int) -> None:
    assert nearest(np.zeros((0, 2)), count).shape == (0, 0)
