"""Where a remark can be pinned, and where its pin stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import GeometryError, NotFiniteError, OutsideImageError, Place, RefusedError, ZeroAreaError
from annotator.domain.geometry import Ring
from annotator.domain.remarks import MOST_VERTICES, RemarkPlace, pinned

TRIANGLE = Ring([[10, 20], [30, 5], [4, 5]])


def test_a_place_is_a_point_a_region_or_the_whole_image() -> None:
    assert (RemarkPlace().anchor, RemarkPlace().box) == (None, None)
    assert pinned(3, 4.5, query=2) == RemarkPlace(Place(3, 4.5), query=2)
    assert pinned(3, 4.5).anchor == Place(3, 4.5)
    assert pinned(3, 4.5).box == (3, 4.5, 3, 4.5)
    assert RemarkPlace(region=TRIANGLE).box == (4, 5, 30, 20)
    with pytest.raises(RefusedError, match="to a point or to a region; choose one"):
        RemarkPlace(Place(1, 1), TRIANGLE)


def test_the_pin_of_a_region_stands_on_its_topmost_vertex_and_of_several_on_the_leftmost() -> None:
    assert RemarkPlace(region=TRIANGLE).anchor == Place(4, 5)
    assert RemarkPlace(region=Ring([[9, 9], [5, 1], [1, 9]])).anchor == Place(5, 1)


@pytest.mark.parametrize(("x", "y"), [(math.nan, 1), (1, math.inf), (1e7, 1), (1, -1e7)])
def test_a_point_that_is_no_place_is_refused(x: float, y: float) -> None:
    with pytest.raises(NotFiniteError, match="no place in any image; pin it inside"):
        pinned(x, y)


@pytest.mark.parametrize(("x", "y"), [(-0.5, -0.5), (19.5, 14.5), (0, 0), (7, 14.5)])
def test_up_to_the_outermost_edges_a_point_is_inside(x: float, y: float) -> None:
    pinned(x, y).require_inside((20, 15), "gate")


@pytest.mark.parametrize(("x", "y"), [(-0.51, 3), (3, -0.51), (19.51, 3), (3, 14.51)])
def test_beyond_any_side_it_is_outside_and_the_image_is_named(x: float, y: float) -> None:
    with pytest.raises(OutsideImageError, match="lies outside gate, which has 20 × 15 pixels; pin it inside") as caught:
        pinned(x, y).require_inside((20, 15), "gate")
    assert caught.value.place == Place(x, y)


def test_a_region_is_inside_as_a_whole() -> None:
    RemarkPlace(region=TRIANGLE).require_inside((31, 21), "gate")
    with pytest.raises(OutsideImageError) as caught:
        RemarkPlace(region=TRIANGLE).require_inside((30, 21), "gate")
    assert caught.value.place == Place(4, 5)
    RemarkPlace().require_inside((1, 1), "gate")


@pytest.mark.parametrize(
    "points", [[[0, 0], [5, 5], [9, 9]], [[0, 0], [0.0001, 0], [0, 0.0001]], [[0, 0], [4, 4], [4, 0], [0, 4]]]
)
def test_a_region_that_encloses_nothing_is_refused(points: list[list[float]]) -> None:
    with pytest.raises(GeometryError) as caught:
        RemarkPlace(region=Ring(points))
    assert isinstance(caught.value, ZeroAreaError) or "at least 3 vertices" in str(caught.value)


def test_a_region_is_no_outline_of_an_object() -> None:
    angles = np.linspace(0, 2 * np.pi, MOST_VERTICES + 1, endpoint=False)
    points = np.column_stack([100 + 90 * np.cos(angles), 100 + 90 * np.sin(angles)])
    assert len(RemarkPlace(region=Ring(points[:-1])).region or ()) == MOST_VERTICES
    with pytest.raises(RefusedError, match="has 501 vertices and may have 500"):
        RemarkPlace(region=Ring(points))


@given(st.lists(st.tuples(*[st.floats(-1000, 1000)] * 2), min_size=3, max_size=9, unique=True))
def test_a_region_is_kept_to_a_thousandth_of_a_pixel_and_then_stays(points: list[tuple[float, float]]) -> None:
    try:
        region = RemarkPlace(region=Ring(points)).region
    except GeometryError:
        return
    assert region is not None
    assert np.array_equal(region.points, region.points.round(3))
    assert RemarkPlace(region=region).region == region
