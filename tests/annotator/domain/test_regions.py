from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.geometry import Polygon, Ring, as_points, polygon
from annotator.domain.regions import deviation, intersect, overlap_area, simplified, split, subtract, union


def box(x1: float, y1: float, x2: float, y2: float) -> Polygon:
    return polygon([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])


def area(shapes: list[Polygon]) -> float:
    return sum(shape.area for shape in shapes)


boxes = st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 30)] * 2).map(
    lambda v: box(v[0], v[1], v[0] + v[2], v[1] + v[3])
)


@given(boxes, boxes)
def test_union_intersection_and_difference_add_up(first: Polygon, second: Polygon) -> None:
    both = area(intersect(first, second))
    assert area(union([first, second])) == pytest.approx(first.area + second.area - both)
    assert area(subtract(first, [second])) == pytest.approx(first.area - both)
    assert overlap_area(first, [second]) == pytest.approx(both)


def test_subtracting_the_middle_leaves_a_hole() -> None:
    (found,) = subtract(box(0, 0, 10, 10), [box(3, 3, 5, 5)])
    assert found.area == 96
    assert len(found.holes) == 1


def test_subtracting_a_band_leaves_two_pieces_largest_first() -> None:
    pieces = subtract(box(0, 0, 10, 10), [box(2, -1, 4, 11)])
    assert [piece.area for piece in pieces] == [60, 20]


def test_subtracting_everything_leaves_nothing() -> None:
    assert subtract(box(0, 0, 5, 5), [box(-1, -1, 6, 6)]) == []


def test_a_line_across_splits_and_a_line_that_ends_inside_does_not() -> None:
    assert sorted(piece.area for piece in split(box(0, 0, 10, 10), as_points([[-1, 4], [11, 4]]))) == [40, 60]
    assert split(box(0, 0, 10, 10), as_points([[-1, 4], [5, 4]])) == [box(0, 0, 10, 10)]


def test_splitting_keeps_holes_out() -> None:
    holed = polygon([[0, 0], [10, 0], [10, 10], [0, 10]], [[4, 4], [6, 4], [6, 6], [4, 6]])
    pieces = split(holed, as_points([[-1, 5], [11, 5]]))
    assert area(pieces) == pytest.approx(96)
    assert len(pieces) == 2


def test_a_crossing_ring_covers_what_even_odd_covers() -> None:
    bow_tie = polygon([[0, 0], [10, 10], [10, 0], [0, 10]])
    assert area(union([bow_tie])) == pytest.approx(50)


def test_simplifying_stays_within_its_tolerance_and_says_how_far() -> None:
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = Ring(as_points(np.column_stack([50 + 40 * np.cos(angles), 50 + 40 * np.sin(angles)])))
    fewer = simplified(ring, 0.5)
    assert len(fewer) < 60
    assert 0 < deviation(ring, fewer) <= 0.5 + 1e-9


def test_simplifying_never_eats_the_ring() -> None:
    triangle = Ring(as_points([[0, 0], [2, 0], [1, 1]]))
    assert simplified(triangle, 100) == triangle
