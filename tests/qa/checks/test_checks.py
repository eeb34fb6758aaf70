from __future__ import annotations

import numpy as np
import pytest

from annotator.domain.geometry import Polygon, polygon
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from qa.checks.finding import Finding, Given, Severity
from qa.checks.registry import CHECKS, findings

SIZE = (400, 300)


def box(x1: float, y1: float, x2: float, y2: float, *holes: list[list[float]]) -> Polygon:
    return polygon([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], *holes)


def drawing(*objects: Polygon, occluders: tuple[Polygon, ...] = (), kept: tuple[Polygon, ...] = ()) -> Annotation:
    shapes = [Shape(f"o{k}", Role.OBJECT, shape) for k, shape in enumerate(objects)]
    shapes += [Shape(f"c{k}", Role.OCCLUDER, shape, OccluderKind.PERSON) for k, shape in enumerate(occluders)]
    shapes += [Shape(f"k{k}", Role.KEPT, shape, OccluderKind.OTHER) for k, shape in enumerate(kept)]
    return Annotation(SIZE, tuple(shapes))


def names(given: Given) -> list[str]:
    return [finding.check for finding in findings(given)]


GOOD = box(50, 40, 250, 240)


def test_a_good_annotation_with_everything_known_has_no_findings() -> None:
    annotation = drawing(box(50, 40, 250, 240, [[100, 100], [120, 100], [120, 130]]), occluders=(box(60, 60, 110, 90),))
    rng = np.random.default_rng(0)
    given = Given(
        annotation,
        image=rng.integers(90, 130, (300, 400, 3), dtype=np.uint8),
        group_areas=(0.2, 0.3, 0.4, 0.25, 0.3),
        expected=mask_of(drawing(GOOD)),
        premask=drawing(GOOD),
        other_groups=(("g07", np.zeros((300, 400), bool)),),
        active_seconds=90,
    )
    assert findings(given) == ()


def one(given: Given) -> Finding:
    (finding,) = findings(given)
    return finding


def test_no_object_and_an_object_that_is_all_covered_are_errors() -> None:
    nothing = one(Given(drawing()))
    assert (nothing.check, nothing.severity) == ("empty mask", Severity.ERROR)
    covered = findings(Given(drawing(box(10, 10, 90, 90), occluders=(box(0, 0, 99, 99),))))
    assert "cover the whole object" in covered[0].sentence


def test_a_crossing_ring_is_an_error_with_its_place_and_nothing_else_is_said() -> None:
    crossing = polygon([[50, 40], [250, 240], [250, 40], [50, 240]])
    finding = one(Given(drawing(crossing, box(300, 10, 302, 12))))
    assert finding.severity is Severity.ERROR
    assert finding.place is not None
    assert (finding.place.x, finding.place.y) == pytest.approx((150, 140))
    assert finding.shape_id == "o0"
    assert finding.sentence.startswith("Object 1: ")


def test_specks_are_found_as_polygons_and_as_parts_of_the_mask() -> None:
    assert "speck" in names(Given(drawing(GOOD, box(300, 10, 302, 12))))
    # The second occluder leaves a strip of the object's corner that is 2 pixels wide and 5 high.
    covering = (box(53, 40, 120, 240), box(40, 45, 60, 260))
    sliver = findings(Given(drawing(GOOD, occluders=covering)))
    assert any("sliver" in finding.sentence for finding in sliver)


def test_a_small_hole() -> None:
    finding = one(Given(drawing(box(50, 40, 250, 240, [[100, 100], [104, 100], [104, 104], [100, 104]]))))
    assert finding.check == "small hole"
    assert "16 px" in finding.sentence


def test_what_is_just_below_a_size_is_not_said_to_have_that_size() -> None:
    nearly = [[100, 100], [105, 100], [105, 104.9], [100, 104.9]]  # 24.5 px; the rules ask for 25
    assert "has 24 px, fewer than the 25 px" in one(Given(drawing(box(50, 40, 250, 240, nearly)))).sentence
    told = findings(Given(drawing(GOOD, box(300, 10, 309, 11.75))))  # 15.75 px; the rules ask for 16
    assert "has 15 px, fewer than the 16 px" in next(found for found in told if found.shape_id == "o1").sentence


def test_a_polygon_inside_another_is_named_with_the_larger_one() -> None:
    finding = one(Given(drawing(GOOD, box(60, 60, 120, 120))))
    assert finding.check == "duplicate polygon"
    assert finding.shape_id == "o1"
    assert "Object 2 lies inside Object 1" in finding.sentence


def test_occluders_on_the_wrong_side_of_the_limits() -> None:
    thin = box(100, 60, 102, 90)
    assert "keep it" in one(Given(drawing(GOOD, occluders=(thin,)))).sentence
    assert "cut it out" in one(Given(drawing(GOOD, kept=(box(100, 60, 140, 140),)))).sentence
    assert findings(Given(drawing(GOOD, kept=(thin,)))) == ()


def test_an_occluder_beside_the_object_changes_nothing() -> None:
    found = findings(Given(drawing(GOOD, occluders=(box(300, 50, 380, 200),))))
    assert any("outside the object" in finding.sentence for finding in found)


def test_a_tree_left_inside_is_found_at_its_place() -> None:
    image = np.full((300, 400, 3), 120, np.uint8)
    image[100:160, 80:140] = (60, 140, 50)
    finding = one(Given(drawing(GOOD), image=image))
    assert finding.check == "occluder left in"
    assert finding.place is not None
    assert abs(finding.place.x - 110) < 6
    assert abs(finding.place.y - 130) < 6
    cut = Given(drawing(GOOD, occluders=(box(78, 98, 142, 162),)), image=image)
    assert findings(cut) == ()


@pytest.mark.parametrize(
    ("shape", "side"),
    [
        (box(2, 40, 250, 240), "left"),
        (box(50, 3, 250, 240), "top"),
        (box(50, 40, 397, 240), "right"),
        (box(50, 40, 250, 297), "bottom"),
    ],
)
def test_a_mask_that_stops_just_short_of_the_border(shape: Polygon, side: str) -> None:
    assert f"short of the {side} border" in one(Given(drawing(shape))).sentence


def test_a_mask_that_reaches_the_border_is_fine() -> None:
    assert findings(Given(drawing(box(0, 0, 399, 299)))) == ()


def test_an_area_far_from_the_group() -> None:
    finding = one(Given(drawing(box(10, 10, 30, 30)), group_areas=(0.3, 0.35, 0.28, 0.4, 0.31)))
    assert finding.check == "area in group"
    assert "smaller" in finding.sentence
    assert findings(Given(drawing(box(10, 10, 30, 30)), group_areas=(0.3, 0.35))) == ()


def test_a_mask_where_geometry_expects_nothing() -> None:
    expected = mask_of(drawing(box(260, 40, 390, 240)))
    assert one(Given(drawing(GOOD), expected=expected)).check == "against geometry"


def test_the_same_image_in_another_group() -> None:
    nearly = mask_of(drawing(box(50, 40, 250, 190)))
    finding = one(Given(drawing(GOOD), other_groups=(("g07", nearly), ("g08", mask_of(drawing(GOOD))))))
    assert finding.check == "across groups"
    assert "g07" in finding.sentence


def test_too_fast_and_unchanged() -> None:
    assert one(Given(drawing(GOOD), active_seconds=1.5)).check == "too fast"
    assert one(Given(drawing(GOOD), premask=drawing(GOOD))).check == "unchanged pre-mask"


def test_every_check_says_what_it_means_and_how_to_mend() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS) == 13
    for check in CHECKS:
        assert check.meaning.endswith(".")
        assert check.remedy.endswith(".")
