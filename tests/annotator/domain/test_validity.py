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
