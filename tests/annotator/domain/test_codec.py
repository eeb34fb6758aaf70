from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.codec import annotation_from, annotation_from_text, annotation_text
from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape

HOLED = polygon([[0, 0], [10.25, 0], [10, 10.125]], [[5, 1], [6, 1], [6, 2]])
EXAMPLE = Annotation(
    (20, 30),
    (Shape("1", Role.OBJECT, HOLED), Shape("2", Role.OCCLUDER, HOLED.moved(1, 1), OccluderKind.VEHICLE, locked=True)),
)


def test_an_annotation_survives() -> None:
    assert annotation_from_text(annotation_text(EXAMPLE)) == EXAMPLE


def test_the_text_is_canonical() -> None:
    text = annotation_text(EXAMPLE)
    assert annotation_text(annotation_from_text(text)) == text
    assert text == json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True)


@given(st.floats(0, 4000, allow_nan=False))
def test_vertices_are_kept_to_a_thousandth_of_a_pixel(x: float) -> None:
    shape = Shape("1", Role.OBJECT, polygon([[x, 0], [x + 10, 0], [x, 10]]))
    again = annotation_from_text(annotation_text(Annotation((9, 9), (shape,))))
    assert abs(again.shapes[0].polygon.outer.points[0, 0] - x) <= 0.0005 + 1e-9


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "[]",
        "null",
        '{"size":[1,2]}',
        '{"size":[1],"shapes":[]}',
        '{"size":[5,5],"shapes":[{}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"x","rings":[[[0,0],[1,0],[1,1]]]}]}',
    ],
)
def test_anything_else_is_no_annotation(wrong: str) -> None:
    with pytest.raises(GeometryError):
        annotation_from_text(wrong)


def test_data_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(GeometryError):
        annotation_from([1, 2])
