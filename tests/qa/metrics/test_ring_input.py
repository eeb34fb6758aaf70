"""Rings from files of others: what is taken, what is left to others, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qa.metrics.ring_input import MOST_POINTS, TooLargeError, json_points, require_modest, ring_points


@pytest.mark.parametrize(
    "value",
    [[[1, 2], [3.5, 4]], ((1, 2), (3.5, 4)), np.array([[1, 2], [3.5, 4]]), [[np.int64(1), 2], (3.5, np.float32(4))]],
)
def test_lists_tuples_and_arrays_of_points_are_taken(value: Any) -> None:
    found = ring_points(value)
    assert found is not None
    assert found.tolist() == [[1.0, 2.0], [3.5, 4.0]]


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "ab",
        [],
        {},
        [1, 2],
        [[1]],
        [[1, 2], [3]],
        [[1, 2, 3]],
        [["1", "2"]],
        [[None, 1]],
        [[[1, 2]]],
        np.zeros(3),
    ],
)
def test_everything_else_is_left_to_others(value: Any) -> None:
    assert ring_points(value) is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 2e6, 10**400, -(10**7)])
def test_numbers_of_no_photograph_are_refused(bad: Any) -> None:
    for read in (ring_points, json_points):
        with pytest.raises(TooLargeError):
            read([[1, bad], [3, 4]])


def test_too_many_points_are_refused() -> None:
    for read in (ring_points, json_points):
        with pytest.raises(TooLargeError):
            read([[1, 2]] * (MOST_POINTS + 1))


def test_json_points_agree_with_ring_points() -> None:
    for value in ([[1, 2], [3, 4]], [[0.5, 1], [2, 3]], [[1, 2], [3]], [], None, [["a", "b"]], [[None, 1]], "text"):
        one, other = ring_points(value), json_points(value)
        assert (one is None) == (other is None)
        assert one is None or other is None or one.tolist() == other.tolist()


def test_nesting_without_end_is_refused_and_modest_nesting_is_not() -> None:
    nested: Any = [1, 2]
    for _ in range(6):
        nested = [nested] * 12
    with pytest.raises(TooLargeError, match="points"):
        require_modest(nested)
    deep: Any = []
    for _ in range(20):
        deep = [deep]
    with pytest.raises(TooLargeError, match="deeper"):
        require_modest(deep)
    require_modest([[[1, 2], [3, 4]]])
