"""Every edit and its inverse lead back to the same bits, and hold no more than what they change."""

from __future__ import annotations

import pickle
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.codec import annotation_text
from annotator.domain.errors import GeometryError, TooFewPointsError
from annotator.domain.geometry import Polygon, Ring, as_points, polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.edits import (
    AddHole,
    AddShape,
    Compound,
    DeleteVertices,
    Edit,
    InsertVertex,
    MoveShape,
    MoveVertices,
    PlacePolygon,
    PlaceVertices,
    RemoveHole,
    RemoveShape,
    Reorder,
    ReplaceShapes,
    SetAnnotation,
    SetKind,
    SetLocked,
    SetRole,
    SpliceVertices,
    combined,
    reshaped,
)

SQUARE = [(10, 10), (60, 10), (60, 60), (10, 60)]
HOLE = [(20, 20), (40, 20), (40, 40)]
SECOND_HOLE = Ring(as_points([(45, 45), (55, 45), (55, 55)]))


def example() -> Annotation:
    return Annotation(
        (100, 80),
        (
            Shape("a", Role.OBJECT, polygon(SQUARE, HOLE)),
            Shape("b", Role.OCCLUDER, polygon([(5, 5), (30, 5), (30, 30)]), OccluderKind.PERSON),
            Shape("c", Role.KEPT, polygon([(1.25, 70), (9, 70), (9, 79)]), OccluderKind.OTHER),
        ),
    )


NEW = Shape("n", Role.OBJECT, polygon([(70, 10), (90, 10), (90, 30)]))
EDITS: list[Edit] = [
    AddShape(NEW),
    AddShape(NEW, 1),
    RemoveShape("b"),
    ReplaceShapes(("a", "c"), ((0, NEW), (1, Shape("m", Role.OBJECT, NEW.polygon)))),
    ReplaceShapes(("b",), ((2, NEW),)),
    MoveVertices("a", 0, (0, 2), 0.1, -0.3),
    MoveVertices("a", 1, (1,), 5, 5),
    PlaceVertices("a", 0, (3,), as_points([(11, 62)])),
    SpliceVertices("a", 0, 1, 2, as_points([(61, 11), (70, 30), (61, 59)])),
    InsertVertex("a", 0, 4, 10, 35),
    InsertVertex("a", 0, 1, 35, 9),
    DeleteVertices("a", 0, (2,)),
    DeleteVertices("a", 0, (0,)),
    MoveShape("a", 0.1, 0.2),
    MoveShape("a", 3, -4),
    PlacePolygon("c", polygon(SQUARE)),
    AddHole("a", SECOND_HOLE),
    AddHole("a", SECOND_HOLE, 0),
    RemoveHole("a", 0),
    SetRole("a", Role.OCCLUDER, OccluderKind.BUILDING),
    SetRole("b", Role.OBJECT),
    SetKind("b", OccluderKind.VEHICLE),
    SetLocked("a", True),
    Reorder("a", 2),
    Reorder("c", 0),
    SetAnnotation(Annotation((100, 80), (NEW,))),
    Compound((MoveShape("a", 1, 1), RemoveShape("a"), AddShape(NEW, 0))),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: type(edit).__name__)
def test_the_inverse_leads_back_to_the_same_bits(edit: Edit) -> None:
    before = example()
    after = edit.apply(before)
    assert after != before
    back = edit.inverse(before)
    assert back.apply(after) == before
    assert back.inverse(after).apply(before) == after
    assert edit.label == edit.label.strip() != ""


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: type(edit).__name__)
def test_an_edit_names_the_shapes_that_it_needs(edit: Edit) -> None:
    ids = {shape.id for shape in example().shapes}
    assert edit.shape_ids - {"n"} <= ids


def test_what_each_edit_does() -> None:
    before = example()
    assert [s.id for s in AddShape(NEW, 1).apply(before).shapes] == ["a", "n", "b", "c"]
    assert [s.id for s in Reorder("a", 2).apply(before).shapes] == ["b", "c", "a"]
    moved = MoveVertices("a", 0, (0, 2), 1, 2).apply(before).shape("a").polygon.outer.points
    assert moved.tolist() == [[11, 12], [60, 10], [61, 62], [10, 60]]
    inserted = InsertVertex("a", 0, 1, 35, 9).apply(before).shape("a").polygon.outer.points
    assert inserted.tolist() == [[10, 10], [35, 9], [60, 10], [60, 60], [10, 60]]
    assert SetLocked("b", True).apply(before).shape("b").locked
    assert len(AddHole("a", SECOND_HOLE).apply(before).shape("a").polygon.holes) == 2


@pytest.mark.parametrize(
    "edit",
    [
        RemoveShape("x"),
        MoveShape("x", 1, 1),
        SetLocked("x", True),
        ReplaceShapes(("x",), ()),
        AddHole("x", SECOND_HOLE),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_an_unknown_shape_is_a_key_error(edit: Edit) -> None:
    with pytest.raises(KeyError):
        edit.apply(example())


def test_edits_that_cannot_stand_are_refused() -> None:
    with pytest.raises(TooFewPointsError):
        DeleteVertices("b", 0, (0,)).apply(example())
    with pytest.raises(GeometryError, match="same id"):
        AddShape(example().shapes[0]).apply(example())
    with pytest.raises(GeometryError, match="another image"):
        SetAnnotation(Annotation((5, 5))).apply(example())


def test_moves_of_one_gesture_become_one_edit() -> None:
    one = combined(MoveVertices("a", 0, (1,), 1, 2), MoveVertices("a", 0, (1,), 3, 4))
    assert one == MoveVertices("a", 0, (1,), 4, 6)
    assert combined(MoveShape("a", 1, 0), MoveShape("a", 0, 1)) == MoveShape("a", 1, 1)
    different = combined(MoveVertices("a", 0, (1,), 1, 2), MoveVertices("a", 0, (2,), 3, 4))
    assert isinstance(different, Compound)
    assert len(different.parts) == 2


@pytest.mark.parametrize("second", EDITS, ids=lambda edit: type(edit).__name__)
@pytest.mark.parametrize("first", EDITS, ids=lambda edit: type(edit).__name__)
def test_two_edits_as_one_do_what_they_do_one_after_the_other(first: Edit, second: Edit) -> None:
    before = example()
    between = first.apply(before)
    try:
        after = second.apply(between)
    except (GeometryError, KeyError, IndexError):
        return  # the first took away what the second needs
    one = combined(first, second)
    assert annotation_text(one.apply(before)) == annotation_text(after)  # what is kept of it
    back = combined(second.inverse(between), first.inverse(before)).apply(after)
    assert annotation_text(back) == annotation_text(before)


def test_parts_that_meet_the_same_polygon_keep_their_order() -> None:
    placed_and_moved = Compound((PlaceVertices("a", 0, (0,), as_points([(1, 1)])), MoveVertices("a", 0, (0,), 5, 0)))
    twice = combined(placed_and_moved, placed_and_moved)
    assert twice.apply(example()).shape("a").polygon.outer.points[0].tolist() == [6, 1]


def test_an_unlocking_beside_a_change_is_no_mere_unlocking() -> None:
    assert Compound((SetLocked("a", False), SetLocked("b", False))).changes_lock
    assert not Compound((SetLocked("a", False), MoveShape("a", 1, 1))).changes_lock


def test_drags_of_several_shapes_combine_part_by_part() -> None:
    step = Compound((MoveShape("a", 1, 0), MoveShape("b", 1, 0)))
    whole = combined(combined(step, step), step)
    assert isinstance(whole, Compound)
    assert whole.parts == (MoveShape("a", 3, 0), MoveShape("b", 3, 0))


def test_a_delta_is_as_large_as_the_change_and_not_as_the_polygon() -> None:
    turns = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
    large = polygon(np.stack((500 + 400 * np.cos(turns), 500 + 400 * np.sin(turns)), axis=1))
    before = Annotation((1000, 1000), (Shape("a", Role.OBJECT, large),))
    for edit in (
        MoveVertices("a", 0, (7, 8), 0.3, 0.7),
        InsertVertex("a", 0, 9, 1, 1),
        DeleteVertices("a", 0, (4, 5)),
        MoveShape("a", 2, 3),
        SetLocked("a", True),
    ):
        back = edit.inverse(before)
        if not isinstance(back, PlacePolygon):
            assert len(pickle.dumps((edit, back))) < 2000
    assert sys.getsizeof(before.shapes[0].polygon.outer.points) < 200_000


def test_reshaping_holds_only_the_run_that_differs() -> None:
    turns = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    points = np.stack((500 + 400 * np.cos(turns), 500 + 400 * np.sin(turns)), axis=1)
    before = polygon(points)
    changed = points.copy()
    changed[100:110] += 1.5
    after = polygon(np.roll(changed[::-1], 321, axis=0))
    edit = reshaped("a", before, after)
    annotation = Annotation((1000, 1000), (Shape("a", Role.OBJECT, before),))
    assert isinstance(edit, Compound)
    assert len(edit.parts) == 1
    assert len(pickle.dumps(edit)) < 2000
    result = edit.apply(annotation).shape("a").polygon
    assert np.array_equal(result.outer.points, changed)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=12, unique=True),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=12, unique=True),
)
def test_reshaping_gives_the_ring_whatever_its_start_and_direction(
    old: list[tuple[int, int]], new: list[tuple[int, int]]
) -> None:
    annotation = Annotation((60, 60), (Shape("a", Role.OBJECT, polygon(old)),))
    edit = reshaped("a", polygon(old), polygon(new))
    after = edit.apply(annotation)
    assert _as_cycle(after.shape("a").polygon.outer) == _as_cycle(polygon(new).outer)
    assert edit.inverse(annotation).apply(after) == annotation


def test_another_number_of_rings_replaces_the_polygon() -> None:
    before = example()
    after = Polygon(before.shape("a").polygon.outer)
    edit = reshaped("a", before.shape("a").polygon, after)
    assert edit.apply(before).shape("a").polygon == after
    assert edit.inverse(before).apply(edit.apply(before)) == before


def _as_cycle(ring: Ring) -> set[tuple[bytes, bytes]]:
    following = np.roll(ring.points, -1, axis=0)
    pairs = {(a.tobytes(), b.tobytes()) for a, b in zip(ring.points, following, strict=True)}
    return pairs | {(b, a) for a, b in pairs}
