"""What a stroke of the remark tool means: a point or a region, at every zoom."""

from __future__ import annotations

import math

import pytest

from annotator.domain.errors import Place
from annotator.domain.remarks import MOST_VERTICES, RemarkPlace
from annotator.editing.drawing.remark_region import RemarkStroke

SIZE = (400, 300)


def stroke(scale: float, *points: tuple[float, float], query: int | None = None) -> RemarkStroke:
    made = RemarkStroke(points[0], SIZE, scale, query)
    for point in points[1:]:
        made.add(point)
    return made


def circle(radius: float, count: int, wobble: float = 0.0) -> list[tuple[float, float]]:
    turns = [2 * math.pi * number / count for number in range(count)]
    reach = [radius + wobble * (number % 2) for number in range(count)]
    return [(200 + r * math.cos(turn), 150 + r * math.sin(turn)) for turn, r in zip(turns, reach, strict=True)]


@pytest.mark.parametrize(
    ("scale", "moved", "drawn"),
    [
        (1.0, 4.0, False),
        (1.0, 4.5, True),
        (8.0, 0.5, False),  # four pixels of the screen
        (8.0, 1.0, True),
        (0.25, 15.0, False),
        (0.25, 17.0, True),
    ],
)
def test_a_click_is_told_from_a_drag_by_pixels_of_the_screen(scale: float, moved: float, drawn: bool) -> None:
    assert stroke(scale, (100, 100), (100 + moved, 100)).drawn is drawn


def test_a_click_is_a_point_and_stays_on_its_query() -> None:
    assert stroke(1.0, (100, 100), (102, 101)).place() == RemarkPlace(Place(100, 100))
    assert stroke(1.0, (100, 100), query=3).place() == RemarkPlace(Place(100, 100), query=3)


def test_a_stroke_around_something_is_a_region() -> None:
    place = stroke(1.0, *circle(60, 40), query=2).place()
    assert place.region is not None
    assert place.query == 2
    assert place.region.bounds == pytest.approx((140, 90, 260, 210), abs=2)
    assert abs(place.region.signed_area) == pytest.approx(math.pi * 60**2, rel=0.05)


def test_a_stroke_that_went_far_and_came_back_along_itself_is_its_first_point() -> None:
    assert stroke(1.0, (100, 100), (200, 100), (100, 100)).place() == RemarkPlace(Place(100, 100))


def test_a_trembling_stroke_keeps_no_more_vertices_than_a_remark_may_have() -> None:
    made = stroke(16.0, *circle(120, 3000, wobble=1.5))
    assert len(made.lasso.points) > MOST_VERTICES
    region = made.place().region
    assert region is not None
    assert 3 <= len(region) <= MOST_VERTICES
    assert region.bounds == pytest.approx((80, 30, 320, 270), abs=6)


def test_what_is_drawn_beyond_the_image_ends_at_its_border() -> None:
    place = stroke(1.0, (350, 250), (700, 250), (700, 900), (350, 900)).place()
    assert place.region is not None
    assert place.region.bounds == (350, 250, 399, 299)
    assert stroke(1.0, (-40, 1000)).place() == RemarkPlace(Place(0, 299))
