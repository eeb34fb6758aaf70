from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import NotFiniteError, TooFewPointsError
from annotator.domain.geometry import Ring, as_points, polygon

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]


def test_a_ring_drops_the_repeated_first_vertex_and_is_read_only() -> None:
    ring = Ring(as_points([*SQUARE, [0, 0]]))
    assert len(ring) == 4
    with pytest.raises(ValueError, match="read-only"):
        ring.points[0, 0] = 5


def test_a_ring_does_not_share_memory_with_what_it_was_made_of() -> None:
    source = np.array(SQUARE, dtype=np.float64)
    ring = Ring(source)
    source[0] = 99
    assert ring.points[0].tolist() == [0, 0]


@pytest.mark.parametrize("points", [[], [[1, 1]], [[1, 1], [2, 2]], [[1, 1], [2, 2], [1, 1]]])
def test_fewer_than_three_vertices_are_refused(points: list[list[float]]) -> None:
    with pytest.raises(TooFewPointsError, match="at least 3"):
        Ring(as_points(points))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e9])
def test_coordinates_that_are_no_place_are_refused_and_named(wrong: float) -> None:
    with pytest.raises(NotFiniteError, match="vertex 3"):
        as_points([[0, 0], [1, 0], [1, wrong]])


@pytest.mark.parametrize("wrong", [[1, 2, 3], [[1, 2, 3]], [["a", "b"]], [[1, 2], [3]], None])
def test_what_is_no_list_of_x_y_is_refused(wrong: object) -> None:
    with pytest.raises(NotFiniteError, match="x, y"):
        as_points(wrong)  # type: ignore[arg-type]  # the wrong type is what is tested


def test_area_and_bounds_by_hand() -> None:
    shape = polygon(SQUARE, [[2, 2], [4, 2], [4, 4], [2, 4]])
    assert shape.area == 100 - 4
    assert shape.bounds == (0, 0, 10, 10)
    assert shape.vertices == 8
    assert [len(ring) for ring in shape] == [4, 4]


def test_rings_are_numbered_outer_first_and_replaced_by_number() -> None:
    shape = polygon(SQUARE, [[2, 2], [4, 2], [4, 4]], [[6, 6], [8, 6], [8, 8]])
    other = Ring(as_points([[1, 1], [9, 1], [9, 9]]))
    assert shape.with_ring(0, other).outer is other
    assert shape.with_ring(0, other).holes == shape.holes
    assert shape.with_ring(2, other).holes == (shape.holes[0], other)


@given(st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_moving_keeps_area_and_moves_holes_along(dx: float, dy: float) -> None:
    shape = polygon(SQUARE, [[2, 2], [4, 2], [4, 4], [2, 4]])
    moved = shape.moved(dx, dy)
    assert moved.area == pytest.approx(shape.area, abs=1e-6)
    np.testing.assert_allclose(moved.holes[0].points - shape.holes[0].points, np.tile([dx, dy], (4, 1)), atol=1e-9)


def test_equal_rings_are_equal_and_hash_alike() -> None:
    assert Ring(as_points(SQUARE)) == Ring(as_points(SQUARE))
    assert hash(Ring(as_points(SQUARE))) == hash(Ring(as_points(SQUARE)))
    assert Ring(as_points(SQUARE)) != Ring(as_points(SQUARE[::-1]))
