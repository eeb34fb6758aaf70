"""Polygons that leave the image, as an import or a copied mask brings them: a finding at its place, never a crash."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from qa.checks.finding import Finding, Given, Severity
from qa.checks.registry import findings

SIZE = (64, 48)
OBJECT = Shape("1", Role.OBJECT, polygon([[5, 5], [40, 5], [40, 40], [5, 40]]))


def triangle(role: Role, x: float, y: float) -> Shape:
    kind = None if role is Role.OBJECT else OccluderKind.PERSON
    return Shape("2", role, polygon([[x, y], [x + 6, y], [x + 6, y + 6]]), kind)


def found(*shapes: Shape) -> tuple[Finding, ...]:
    image = np.full((SIZE[1], SIZE[0], 3), 120, dtype=np.uint8)
    return findings(Given(Annotation(SIZE, shapes), image=image, expected=np.ones((SIZE[1], SIZE[0]), dtype=bool)))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("place", [(100, 10), (10, 100), (-100, 10), (10, -100), (64, 48), (61, 10), (-3, -3)])
def test_a_polygon_beyond_any_side_is_one_error(role: Role, place: tuple[int, int]) -> None:
    (error,) = found(OBJECT, triangle(role, *place))
    assert (error.check, error.severity, error.shape_id) == ("broken polygon", Severity.ERROR, "2")
    assert "lies outside the image" in error.sentence


def test_an_object_that_lies_outside_altogether_leaves_no_mask_either() -> None:
    assert {error.check for error in found(triangle(Role.OBJECT, 100, 10))} == {"empty mask", "broken polygon"}


Corners = list[tuple[int, int]]
corners = st.lists(st.tuples(st.integers(-90, 150), st.integers(-90, 150)), min_size=3, max_size=6, unique=True)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(list(Role)), corners), max_size=4))
def test_whatever_is_drawn_anywhere_errors_come_first_and_nothing_fails(drawn: list[tuple[Role, Corners]]) -> None:
    shapes = [
        Shape(str(number), role, polygon(points), None if role is Role.OBJECT else OccluderKind.OTHER)
        for number, (role, points) in enumerate(drawn)
    ]
    severities = [finding.severity for finding in found(*shapes)]
    assert severities == sorted(severities, key=lambda severity: severity is not Severity.ERROR)
