"""Regions brought into an annotation, and masks carried from another image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.raster import fill, mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.drawing.carrying import carried
from annotator.editing.drawing.region import (
    changed_shape,
    met_shape,
    new_objects,
    new_occluders,
    replaced_shape,
    taken_away,
)

SIZE = (100, 80)


def block(x1: float, y1: float, x2: float, y2: float):
    return polygon([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])


@pytest.fixture
def drawn() -> Annotation:
    return Annotation(
        SIZE,
        (
            Shape("1", Role.OBJECT, block(10, 10, 40, 40)),
            Shape("2", Role.OBJECT, block(50, 10, 80, 40), locked=True),
            Shape("3", Role.OCCLUDER, block(20, 50, 60, 70), OccluderKind.PERSON),
        ),
    )


def test_the_shape_that_is_met(drawn: Annotation) -> None:
    assert met_shape(drawn, (), [block(30, 30, 60, 35)]).id == "1"
    assert met_shape(drawn, (), [block(60, 20, 70, 35)]) is None
    assert met_shape(drawn, (), [block(20, 60, 30, 65)]) is None
    assert met_shape(drawn, ("3",), [block(30, 30, 60, 65)]).id == "3"
    assert met_shape(drawn, (), []) is None


def test_a_shape_grows_and_shrinks_in_one_edit(drawn: Annotation) -> None:
    edit = changed_shape(drawn, drawn.shape("1"), [block(35, 20, 48, 30)], [block(5, 5, 20, 20)], "mend")
    after = edit.apply(drawn)
    assert edit.label == "mend"
    mask = mask_of(after)
    assert mask[25, 45]
    assert not mask[15, 15]
    assert edit.inverse(drawn).apply(after) == drawn
    assert changed_shape(drawn, drawn.shape("1"), [], [], "mend") is None


def test_what_falls_apart_keeps_its_id_for_the_largest_piece(drawn: Annotation) -> None:
    edit = changed_shape(drawn, drawn.shape("1"), [], [block(18, 0, 22, 50)], "cut")
    after = edit.apply(drawn)
    assert [shape.id for shape in after.shapes] == ["1", "4", "2", "3"]
    assert after.shape("1").polygon.area > after.shape("4").polygon.area
    assert edit.inverse(drawn).apply(after) == drawn


def test_taking_away_meets_only_what_it_overlaps(drawn: Annotation) -> None:
    edit = taken_away(drawn, list(drawn.shapes[:1]), [block(0, 0, 45, 45)], "remove")
    assert [shape.id for shape in edit.apply(drawn).shapes] == ["2", "3"]
    assert taken_away(drawn, list(drawn.shapes), [block(85, 60, 95, 70)], "remove") is None
    assert taken_away(drawn, [drawn.shape("1")], [block(40, 10, 50, 40)], "remove") is None  # an edge in common


def test_new_shapes(drawn: Annotation) -> None:
    after = new_objects(drawn, [block(1, 1, 5, 5), block(90, 70, 95, 75)], "find").apply(drawn)
    assert [(shape.id, shape.role) for shape in after.shapes[3:]] == [("4", Role.OBJECT), ("5", Role.OBJECT)]
    assert new_objects(drawn, [], "find") is None


def test_occluders_take_the_side_of_the_rules(drawn: Annotation) -> None:
    rules = Rules(share=0.05, thickness=0.2)
    large, small = block(10, 10, 30, 30), block(12, 12, 14, 14)
    after = new_occluders(drawn, [large, small], OccluderKind.VEHICLE, rules).apply(drawn)
    assert [shape.role for shape in after.shapes[3:]] == [Role.OCCLUDER, Role.KEPT]
    turned = new_occluders(drawn, [large, small], OccluderKind.VEHICLE, rules, overridden=True).apply(drawn)
    assert [shape.role for shape in turned.shapes[3:]] == [Role.KEPT, Role.OCCLUDER]
    assert new_occluders(drawn, [], OccluderKind.VEHICLE, rules) is None


@given(st.integers(-20, 40), st.integers(-20, 30))
def test_a_mask_is_carried_with_its_holes_and_cut_at_the_border(dx: int, dy: int) -> None:
    outer, hole = [(10, 10), (50, 10), (50, 50), (10, 50)], [(20, 20), (30, 20), (30, 30), (20, 30)]
    source = Annotation((60, 60), (Shape("1", Role.OBJECT, polygon(outer, hole)),))
    found = carried(source, lambda points: points + np.array([dx, dy]), SIZE)
    expected = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    mask = mask_of(source)
    rows, columns = np.nonzero(mask)
    rows, columns = rows + dy, columns + dx
    inside = (rows >= 0) & (rows < SIZE[1]) & (columns >= 0) & (columns < SIZE[0])
    expected[rows[inside], columns[inside]] = True
    wrong = fill(found, SIZE) != expected
    assert wrong.sum() <= 22  # where the border runs along the edge of the hole, its row or column is lost


def test_occluders_are_not_carried() -> None:
    pole = Shape("2", Role.OCCLUDER, block(20, 20, 25, 40), OccluderKind.OTHER)
    source = Annotation((60, 60), (Shape("1", Role.OBJECT, block(10, 10, 50, 50)), pole))
    (found,) = carried(source, lambda points: points, SIZE)
    assert found.bounds == (10, 10, 50, 50)
    assert found.holes == ()
    with pytest.raises(GeometryError, match="no object polygon"):
        carried(Annotation((60, 60), (pole,)), lambda points: points, SIZE)


def test_straight_edges_may_bend_on_their_way() -> None:
    source = Annotation((60, 60), (Shape("1", Role.OBJECT, block(10, 10, 50, 50)),))

    def bent(points: np.ndarray) -> np.ndarray:
        return points + np.column_stack([np.zeros(len(points)), 5 * np.sin(points[:, 0] / 40 * np.pi)])

    (found,) = carried(source, bent, SIZE)
    assert found.vertices >= 8


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (lambda points: points + 1000.0 * 0.35, "outside this image"),
        (lambda points: points * np.nan, "too different sides"),
        (lambda points: points * 1e5, "too different sides"),
        (lambda points: points + np.array([5.0 * max(SIZE), 0.0]), "too different sides"),
        (lambda points: points + np.array([3.0 * max(SIZE), 0.0]), "outside this image"),
    ],
)
def test_mappings_that_lead_nowhere_are_refused(mapping, words: str) -> None:
    source = Annotation((60, 60), (Shape("1", Role.OBJECT, block(10, 10, 50, 50)),))
    with pytest.raises(GeometryError, match=words):
        carried(source, mapping, SIZE)


def test_a_shape_is_replaced_and_keeps_what_it_was(drawn: Annotation) -> None:
    edit = replaced_shape(drawn, drawn.shape("3"), [block(10, 45, 70, 75), block(80, 60, 90, 70)], "click-to-mask")
    after = edit.apply(drawn)
    assert after.shape("3").polygon == block(10, 45, 70, 75)
    added = [shape for shape in after.shapes if shape.id not in ("1", "2", "3")]
    assert [(shape.role, shape.kind) for shape in added] == [(Role.OCCLUDER, OccluderKind.PERSON)]
    assert edit.label == "click-to-mask"
    assert edit.inverse(drawn).apply(after) == drawn
    assert replaced_shape(drawn, drawn.shape("3"), [], "click-to-mask") is None
