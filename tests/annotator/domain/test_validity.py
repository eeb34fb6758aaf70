from __future__ import annotations

import pytest

from annotator.domain.errors import (
    HoleOutsideError,
    OutsideImageError,
    Place,
    SelfCrossingError,
    TooFewPointsError,
    ZeroAreaError,
)
from annotator.domain.geometry import Polygon, polygon
from annotator.domain.validity import polygon_problems, require_valid

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]


def test_a_square_is_valid_up_to_the_outermost_pixel_edges() -> None:
    assert polygon_problems(polygon(SQUARE), (11, 11)) == []
    assert polygon_problems(polygon([[-0.5, -0.5], [10.5, -0.5], [10.5, 10.5]]), (11, 11)) == []


@pytest.mark.parametrize(
    ("shape", "error", "place"),
    [
        (polygon([[0, 0], [10, 10], [10, 0], [0, 10]]), SelfCrossingError, Place(5, 5)),
        (polygon([[0, 0], [5, 5], [10, 10]]), ZeroAreaError, Place(0, 0)),
        (polygon([[0, 0], [5, 5], [0, 0], [5, 5], [0.0, 0.0], [5, 5]]), TooFewPointsError, Place(0, 0)),
        (polygon([[0, 0], [30, 0], [30, 5]]), OutsideImageError, Place(30, 0)),
        (polygon([[-1, 0], [5, 0], [5, 5]]), OutsideImageError, Place(-1, 0)),
        (polygon(SQUARE, [[8, 8], [15, 8], [15, 9], [8, 9]]), HoleOutsideError, None),
        (polygon(SQUARE, [[1, 1], [5, 1], [5, 5], [1, 5]], [[4, 4], [8, 4], [8, 8], [4, 8]]), HoleOutsideError, None),
    ],
)
def test_each_problem_is_a_typed_error_with_a_place(
    shape: Polygon, error: type[Exception], place: Place | None
) -> None:
    problem = polygon_problems(shape, (20, 20))[0]
    assert type(problem) is error
    assert problem.place is not None
    if place is not None:
        assert problem.place == place
    with pytest.raises(error):
        require_valid(shape, (20, 20))


@pytest.mark.parametrize(
    ("vertex", "place"),
    [((-0.51, 5), "-1, 5"), ((5, -0.51), "5, -1"), ((19.51, 5), "20, 5"), ((5, 14.51), "5, 15"), ((25, 30), "25, 30")],
)
def test_a_vertex_beyond_any_side_of_the_image_is_told(vertex: tuple[float, float], place: str) -> None:
    (problem,) = polygon_problems(polygon([[6, 6], vertex, [8, 9]]), (20, 15))
    assert str(problem) == f"vertex 2 lies outside the image at {place}"


def test_the_outermost_edges_of_the_image_are_inside() -> None:
    assert polygon_problems(polygon([[-0.5, -0.5], [19.5, -0.5], [19.5, 14.5], [-0.5, 14.5]]), (20, 15)) == []


def test_what_is_wrong_with_a_hole_is_told_with_a_place_in_the_wrong_part() -> None:
    (leaves,) = polygon_problems(polygon(SQUARE, [[8, 4], [14, 4], [14, 6], [8, 6]]))
    assert "a hole leaves its polygon at" in str(leaves)
    assert leaves.place is not None
    assert 10 <= leaves.place.x <= 14
    (crosses,) = polygon_problems(polygon(SQUARE, [[1, 1], [5, 1], [5, 5], [1, 5]], [[4, 4], [8, 4], [8, 8], [4, 8]]))
    assert "a hole crosses another hole at" in str(crosses)
    assert crosses.place is not None
    assert 4 <= crosses.place.x <= 5
    assert 4 <= crosses.place.y <= 5


def test_holes_that_touch_are_no_problem_and_a_crossing_hole_is_told_alone() -> None:
    touching = polygon(SQUARE, [[1, 1], [5, 1], [5, 5], [1, 5]], [[5, 1], [8, 1], [8, 5], [5, 5]])
    assert polygon_problems(touching) == []
    assert polygon_problems(polygon(SQUARE, SQUARE)) == []
    bow_tie_outside = polygon(SQUARE, [[20, 20], [30, 30], [30, 20], [20, 30]])
    assert [type(problem) for problem in polygon_problems(bow_tie_outside)] == [SelfCrossingError]


def test_the_first_ring_vertex_stands_for_a_problem_without_a_place_of_its_own() -> None:
    (flat,) = polygon_problems(polygon([[3, 7], [5, 7], [9, 7]]))
    assert flat.place == Place(3, 7)


def test_winding_twice_is_a_crossing() -> None:
    twice = polygon([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0.5], [9, 1], [9, 9], [1, 9]])
    assert [type(problem) for problem in polygon_problems(twice)] == [SelfCrossingError]


def test_a_ring_may_touch_itself_and_run_there_and_back() -> None:
    spur = polygon([[0, 0], [4, 0], [4, 2], [8, 2], [4, 2], [4, 4], [0, 4]])
    touching = polygon([[0, 0], [4, 4], [8, 0], [8, 8], [4, 4], [0, 8]])
    key_hole = polygon([[0, 0], [0, 5], [3, 5], [5, 5], [5, 7], [3, 7], [3, 5], [0, 5], [0, 10], [10, 10], [10, 0]])
    assert polygon_problems(spur) == []
    assert polygon_problems(touching) == []
    assert polygon_problems(key_hole) == []
