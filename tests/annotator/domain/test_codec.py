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
        '{"size":[5,5,5],"shapes":[]}',
        '{"size":[0,5],"shapes":[]}',
        '{"size":["a",5],"shapes":[]}',
        '{"size":[NaN,5],"shapes":[]}',
        '{"size":[Infinity,5],"shapes":[]}',
        '{"size":[10000000,5],"shapes":[]}',
        '{"size":5,"shapes":[]}',
        '{"size":[5,5],"shapes":5}',
        '{"size":[5,5],"shapes":[5]}',
        '{"size":[5,5],"shapes":["x"]}',
        '{"size":[5,5],"shapes":[{"id":"","role":"object","rings":[[[0,0],[1,0],[1,1]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":[],"rings":[[[0,0],[1,0],[1,1]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","kind":"person","rings":[[[0,0],[1,0],[1,1]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"occluder","kind":"cat","rings":[[[0,0],[1,0],[1,1]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":5}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":{"a":1}}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[[[0,0],[1,0]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[[[0,0],[1,0],[1,null]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[[[0,0],[1,0],[1,1e9]]]}]}',
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[[[0,0],[1,0],[1,1%s]]]}]}' % ("0" * 400),
        '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[[[0,0],[1,0],[1,1]]]},'
        '{"id":"1","role":"object","rings":[[[0,0],[1,0],[1,1]]]}]}',
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


def test_the_stored_form_is_the_one_that_histories_are_hashed_over() -> None:
    """Changed by no version: every link of every project's chain depends on it."""
    shapes = (
        Shape("1", Role.OBJECT, polygon([[0, 0], [10.25, 0], [10, 10.1254]], [[5, 1], [6, 1], [6, 2]])),
        Shape("é", Role.OCCLUDER, polygon([[1, 1], [2, 1], [2, 2]]), OccluderKind.STREET_FURNITURE, locked=True),
    )
    assert annotation_text(Annotation((20, 30), shapes)) == (
        '{"shapes":[{"id":"1","kind":null,"locked":false,"rings":[[[0.0,0.0],[10.25,0.0],[10.0,10.125]],'
        '[[5.0,1.0],[6.0,1.0],[6.0,2.0]]],"role":"object"},{"id":"é","kind":"street furniture","locked":true,'
        '"rings":[[[1.0,1.0],[2.0,1.0],[2.0,2.0]]],"role":"occluder"}],"size":[20,30]}'
    )


def test_what_an_older_program_did_not_write_has_its_default() -> None:
    text = '{"size":[5,5],"shapes":[{"id":"1","role":"object","rings":[[[0,0],[1,0],[1,1]]]}]}'
    (shape,) = annotation_from_text(text).shapes
    assert (shape.kind, shape.locked) == (None, False)
