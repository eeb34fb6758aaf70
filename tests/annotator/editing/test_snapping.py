"""Where a drawn point goes, at the borders of every rule of snapping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.hit_testing import shape_at
from annotator.editing.snapping import Snap, SnapKind, inside_image, snapped

SIZE = (100, 80)
TRIANGLE = Shape("1", Role.OBJECT, polygon([(20, 20), (60, 20), (20, 60)]))
DRAWN = Annotation(SIZE, (TRIANGLE,))


@pytest.mark.parametrize(
    ("at", "snap"),
    [
        ((23, 16), Snap((20, 20), SnapKind.VERTEX)),  # 5 away
        ((23, 15.9), Snap((23, 20), SnapKind.EDGE)),  # more than 5 from the vertex, 4.1 from the edge
        ((40, 15), Snap((40, 20), SnapKind.EDGE)),
        ((40, 14.9), Snap((40, 14.9))),
        ((45, 45), Snap((45, 45))),  # 7.07 from the slanted edge
        ((5, 40), Snap((0, 40), SnapKind.BORDER)),
        ((5.1, 40), Snap((5.1, 40))),
        ((94, 40), Snap((99, 40), SnapKind.BORDER)),
        ((93.9, 74), Snap((93.9, 79), SnapKind.BORDER)),
    ],
)
def test_each_rule_reaches_as_far_as_the_tolerance(at: tuple[float, float], snap: Snap) -> None:
    assert snapped(DRAWN, at, 5) == snap


@pytest.mark.parametrize("at", [(-5.0, 40.0), (40.0, 300.0), (-1.0, -1.0)])
def test_a_point_outside_goes_to_the_border_even_without_snapping(at: tuple[float, float]) -> None:
    found = snapped(DRAWN, at, 0)
    assert found == Snap(inside_image(at, SIZE), SnapKind.BORDER)


def test_a_vertex_that_lies_outside_draws_to_the_border_beside_it() -> None:
    reaching = Annotation(SIZE, (Shape("1", Role.OBJECT, polygon([(-3, 30), (40, 30), (40, 50)])),))
    assert snapped(reaching, (1, 31), 5) == Snap((0, 30), SnapKind.VERTEX)


def test_of_two_equal_shapes_the_one_on_top_is_met() -> None:
    above = Shape("2", Role.OBJECT, TRIANGLE.polygon)
    found = shape_at(Annotation(SIZE, (TRIANGLE, above)), (25, 25))
    assert found is not None
    assert found.id == "2"
    found = shape_at(Annotation(SIZE, (above, TRIANGLE)), (25, 25))
    assert found is not None
    assert found.id == "1"


@given(st.tuples(st.floats(-50, 150), st.floats(-50, 150)), st.floats(0, 20))
def test_a_second_snap_changes_nothing_at_vertices_and_corners(at: tuple[float, float], tolerance: float) -> None:
    first = snapped(DRAWN, at, tolerance)
    if first.kind is SnapKind.VERTEX:
        assert snapped(DRAWN, first.point, tolerance) == first
    assert inside_image(first.point, SIZE) == first.point
