from __future__ import annotations

import pytest

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape

TRIANGLE = polygon([[0, 0], [5, 0], [5, 5]])


def test_occluders_have_a_kind_and_objects_have_none() -> None:
    with pytest.raises(GeometryError, match="kind"):
        Shape("1", Role.OCCLUDER, TRIANGLE)
    with pytest.raises(GeometryError, match="kind"):
        Shape("1", Role.OBJECT, TRIANGLE, OccluderKind.PERSON)


def test_ids_are_unique_and_fresh_ids_unused() -> None:
    first, second = Shape("1", Role.OBJECT, TRIANGLE), Shape("3", Role.OBJECT, TRIANGLE)
    assert Annotation((9, 9), (first, second)).fresh_id() == "2"
    assert Annotation((9, 9)).fresh_id() == "1"
    with pytest.raises(GeometryError, match="same id"):
        Annotation((9, 9), (first, first))


def test_changing_one_shape_leaves_the_order_and_the_others() -> None:
    shapes = tuple(Shape(name, Role.OBJECT, TRIANGLE) for name in "abc")
    other = TRIANGLE.moved(1, 1)
    changed = Annotation((9, 9), shapes).mapped("b", lambda shape: shape.with_polygon(other))
    assert [shape.id for shape in changed.shapes] == ["a", "b", "c"]
    assert changed.shape("b").polygon is other
    assert changed.shapes[0] is shapes[0]
    with pytest.raises(KeyError):
        changed.index("d")


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, 5)])
def test_an_image_has_pixels(size: tuple[int, int]) -> None:
    with pytest.raises(GeometryError, match="pixels"):
        Annotation(size)
