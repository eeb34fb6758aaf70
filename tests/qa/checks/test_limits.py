"""Every check on both sides of its limit, and the place that it sends a person to."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from annotator.domain.geometry import Polygon, polygon
from annotator.domain.raster import Mask, mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from qa.checks.finding import Finding, Given, centre_of, name_of
from qa.checks.registry import findings

SIZE = (400, 300)


def box(x1: float, y1: float, x2: float, y2: float, *holes: list[list[float]]) -> Polygon:
    return polygon([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], *holes)


def drawing(*objects: Polygon, occluders: tuple[Polygon, ...] = ()) -> Annotation:
    shapes = [Shape(f"o{k}", Role.OBJECT, shape) for k, shape in enumerate(objects)]
    shapes += [Shape(f"c{k}", Role.OCCLUDER, shape, OccluderKind.PERSON) for k, shape in enumerate(occluders)]
    return Annotation(SIZE, tuple(shapes))


GOOD = box(50, 40, 250, 240)
"""201 by 201 pixels."""


def rows_of_good(rows: int) -> Mask:
    """The first rows of GOOD: their share of 201 is the IoU with it."""
    mask = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    mask[40 : 40 + rows, 50:251] = True
    return mask


def told(given: Given, check: str) -> list[Finding]:
    return [finding for finding in findings(given) if finding.check == check]


@pytest.mark.parametrize(("rows", "warned"), [(110, False), (111, True), (170, True), (171, False), (0, False)])
def test_masks_of_two_groups_that_mean_the_same_and_differ(rows: int, warned: bool) -> None:
    """0.55 and 0.85 of 201 rows are 110.55 and 170.85."""
    found = told(Given(drawing(GOOD), other_groups=(("g07", rows_of_good(rows)),)), "across groups")
    assert bool(found) == warned
    if found:
        assert f"IoU {rows / 201:.2f}" in found[0].sentence
        assert found[0].place is not None
        assert 40 + rows <= found[0].place.y <= 240  # where they differ


@pytest.mark.parametrize(("rows", "warned"), [(70, True), (71, False), (0, False)])
def test_a_mask_that_is_mostly_elsewhere_than_geometry_expects(rows: int, warned: bool) -> None:
    """0.35 of 201 rows are 70.35."""
    found = told(Given(drawing(GOOD), expected=rows_of_good(rows)), "against geometry")
    assert bool(found) == warned


def test_a_person_is_sent_to_where_geometry_expects_the_object() -> None:
    expected = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    expected[100:121, 300:341] = True
    (found,) = told(Given(drawing(GOOD), expected=expected), "against geometry")
    assert found.place is not None
    assert (found.place.x, found.place.y) == (320, 110)
    (inside,) = told(Given(drawing(GOOD), expected=rows_of_good(30)), "against geometry")
    assert inside.place is not None  # nothing is missing, so to the middle of the mask
    assert (inside.place.x, inside.place.y) == (150, 140)


@pytest.mark.parametrize("gap", [0, 1, 4, 5])
@pytest.mark.parametrize(("wide", "warned"), [(32, False), (33, True)])
def test_a_gap_of_one_to_four_pixels_along_more_than_a_twelfth_of_the_border(gap: int, wide: int, warned: bool) -> None:
    """0.08 of 400 columns are 32."""
    given = Given(drawing(box(50, gap, 50 + wide - 1, 200)))
    assert bool(told(given, "along the border")) == (warned and 1 <= gap <= 4)


@pytest.mark.parametrize(
    ("side", "word"), [(112, "smaller"), (113, ""), (150, ""), (300, "")]
)  # 0.3 / e^1.05 of the image are 12,598 pixels: between 112² and 113²
def test_an_area_is_compared_with_the_middle_of_its_group(side: int, word: str) -> None:
    given = Given(drawing(box(20, 0, 20 + side - 1, side - 1)), group_areas=(0.3,) * 5)
    found = told(given, "area in group")
    assert [word in finding.sentence for finding in found] == ([True] if word else [])


def test_an_area_may_be_larger_than_the_group_too_and_four_others_are_too_few() -> None:
    whole = drawing(box(0, 0, 399, 299))
    (found,) = told(Given(whole, group_areas=(0.3,) * 5), "area in group")
    assert found.sentence == "The mask covers 100.0% of the image, far larger than others of the group (30.0%)"
    assert told(Given(whole, group_areas=(0.3,) * 4), "area in group") == []
    spread = (0.05, 0.1, 0.3, 0.8, 0.9)  # a group that varies much says little
    assert told(Given(whole, group_areas=spread), "area in group") == []


def test_a_pass_may_take_just_as_long_as_the_rules_ask() -> None:
    rules = Rules(minimum_seconds=8)
    assert told(Given(drawing(GOOD), rules, active_seconds=8.0), "too fast") == []
    (found,) = told(Given(drawing(GOOD), rules, active_seconds=7.96), "too fast")
    assert "took 7.9 s of work, less than the 8 s" in found.sentence
    assert told(Given(drawing(GOOD), rules), "too fast") == []


def test_several_small_holes_are_told_once_with_the_largest() -> None:
    small = [[100, 100], [103, 100], [103, 103], [100, 103]]
    larger = [[150, 100], [154, 100], [154, 104], [150, 104]]
    large = [[180, 100], [190, 100], [190, 110], [180, 110]]
    (found,) = told(Given(drawing(box(50, 40, 250, 240, small, larger, large))), "small hole")
    assert found.sentence == "2 holes of Object 1 have 16 px at most, fewer than the 25 px of the rules"
    assert found.place is not None
    assert (found.place.x, found.place.y) in {(150, 100), (154, 100), (154, 104), (150, 104)}


def test_an_empty_premask_that_was_taken_is_told_as_an_empty_mask_alone() -> None:
    assert [finding.check for finding in findings(Given(drawing(), premask=drawing()))] == ["empty mask"]


def textured(patch: tuple[slice, slice], value: int) -> NDArray[np.uint8]:
    """Masonry with an even patch of one grey."""
    image = np.random.default_rng(3).integers(70, 190, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    image[patch] = value
    return image


@pytest.mark.parametrize(
    ("value", "look", "side", "warned"),
    [
        (215, "flat", 100, True),
        (215, "flat", 30, False),  # 2 % of the mask: a window
        (10, "dark", 110, True),
        (10, "dark", 60, False),  # 9 %: a door
    ],
)
def test_large_even_regions_are_worth_a_look(value: int, look: str, side: int, warned: bool) -> None:
    image = textured((slice(80, 80 + side), slice(90, 90 + side)), value)
    found = told(Given(drawing(GOOD), image=image), "occluder left in")
    assert [finding.sentence.split()[1] for finding in found] == ([look] if warned else [])
    for finding in found:
        assert finding.place is not None
        assert abs(finding.place.x - (90 + side / 2)) < 8
        assert abs(finding.place.y - (80 + side / 2)) < 8


def test_what_lies_outside_the_mask_is_no_occluder_left_in() -> None:
    image = textured((slice(0, 300), slice(270, 400)), 215)
    assert told(Given(drawing(GOOD), image=image), "occluder left in") == []


def test_a_polygon_is_called_by_its_role_and_its_number_in_it() -> None:
    drawn = drawing(GOOD, box(300, 10, 340, 60), occluders=(box(60, 60, 110, 90), box(120, 60, 150, 90)))
    assert [name_of(drawn, shape) for shape in ("o0", "o1", "c0", "c1")] == [
        "Object 1",
        "Object 2",
        "Occluder 1",
        "Occluder 2",
    ]


def test_the_centre_of_a_mask_is_one_of_its_pixels() -> None:
    ring = mask_of(drawing(box(50, 40, 250, 240, [[60, 50], [240, 50], [240, 230], [60, 230]])))
    place = centre_of(ring)
    assert place is not None
    assert ring[int(place.y), int(place.x)]
    assert centre_of(np.zeros((4, 5), dtype=bool)) is None
