"""The session: steps, gestures, locks, listeners."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import TooFewPointsError
from annotator.domain.geometry import polygon
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.edits import (
    AddShape,
    DeleteVertices,
    Edit,
    InsertVertex,
    MoveShape,
    MoveVertices,
    RemoveShape,
    SetLocked,
    SetRole,
)
from annotator.editing.session import Action, Change, EditingSession, LockedShapeError
from annotator.editing.windows import Window


def square(x: float = 10, y: float = 10, side: float = 20) -> Shape:
    return Shape("1", Role.OBJECT, polygon([(x, y), (x + side, y), (x + side, y + side), (x, y + side)]))


def session() -> EditingSession:
    return EditingSession(Annotation((80, 60), (square(),)))


def test_undo_and_redo_without_limit() -> None:
    work = session()
    states = [work.annotation]
    for step in range(300):
        work.apply(MoveVertices("1", 0, (step % 4,), 0.1, -0.05))
        states.append(work.annotation)
    for state in reversed(states[:-1]):
        work.undo()
        assert work.annotation == state
    assert not work.can_undo
    assert not work.changed
    for state in states[1:]:
        work.redo()
        assert work.annotation == state
    assert not work.can_redo
    assert work.undo() is not None
    assert work.redo_label == "move a vertex"


def test_nothing_to_undo_or_redo_is_no_change() -> None:
    work = session()
    assert work.undo() is None
    assert work.redo() is None
    assert work.revision == 0
    assert work.undo_label == work.redo_label == ""


def test_one_gesture_is_one_step() -> None:
    work = session()
    before = work.annotation
    for _ in range(50):
        work.apply(MoveVertices("1", 0, (0,), 0.3, 0.1), merge_key="drag")
    assert work.in_gesture
    work.settle()
    after = work.annotation
    work.apply(MoveVertices("1", 0, (0,), 1, 1), merge_key="drag")
    work.undo()
    assert work.annotation == after
    work.undo()
    assert work.annotation == before
    assert not work.can_undo
    work.redo()
    assert work.annotation.shape("1").polygon.outer.points[0] == pytest.approx([25, 15])


def test_a_cancelled_gesture_is_no_step() -> None:
    work = session()
    work.apply(MoveShape("1", 1, 1))
    before = work.annotation
    work.apply(MoveShape("1", 5, 5), merge_key="drag")
    work.apply(MoveShape("1", 5, 5), merge_key="drag")
    work.cancel()
    assert work.annotation == before
    work.undo()
    assert not work.can_undo
    work.cancel()
    assert not work.in_gesture


def test_another_gesture_ends_the_first() -> None:
    work = session()
    work.apply(MoveShape("1", 1, 0), merge_key="first")
    work.apply(MoveShape("1", 0, 1), merge_key="second")
    work.settle()
    work.undo()
    assert work.annotation.shape("1").polygon.bounds == (11, 10, 31, 30)


def test_changed_is_measured_from_the_saved_place() -> None:
    work = session()
    revision = work.revision
    work.apply(MoveShape("1", 1, 0))
    assert work.changed
    assert work.changed_since(revision)
    work.mark_saved()
    assert not work.changed
    work.undo()
    assert work.changed
    work.redo()
    assert not work.changed


def test_a_new_step_forgets_what_was_undone() -> None:
    work = session()
    work.apply(MoveShape("1", 1, 0))
    work.undo()
    work.apply(MoveShape("1", 0, 1))
    assert not work.can_redo


def test_a_locked_shape_refuses_edits_and_nothing_changes() -> None:
    work = session()
    work.apply(SetLocked("1", True))
    before, revision = work.annotation, work.revision
    for edit in (MoveShape("1", 1, 1), RemoveShape("1"), SetRole("1", Role.KEPT, OccluderKind.OTHER)):
        with pytest.raises(LockedShapeError, match="unlock"):
            work.apply(edit)
    assert (work.annotation, work.revision) == (before, revision)
    work.apply(SetLocked("1", False))
    work.apply(MoveShape("1", 1, 1))
    assert work.annotation != before


def test_a_refused_edit_changes_nothing() -> None:
    work = EditingSession(Annotation((80, 60), (Shape("1", Role.OBJECT, polygon([(1, 1), (9, 1), (9, 9)])),)))
    with pytest.raises(TooFewPointsError):
        work.apply(DeleteVertices("1", 0, (0,)))
    with pytest.raises(KeyError):
        work.apply(MoveShape("2", 1, 1))
    assert not work.can_undo
    assert not work.changed


def test_listeners_hear_what_changed_and_where() -> None:
    work = session()
    heard: list[Change] = []
    leave = work.listen(heard.append)
    work.apply(MoveVertices("1", 0, (0,), -2, -3), merge_key="drag")
    work.settle()
    work.undo()
    work.redo()
    leave()
    leave()
    work.undo()
    assert [change.action for change in heard] == [Action.APPLIED, Action.SETTLED, Action.UNDONE, Action.REDONE]
    assert [change.live for change in heard] == [True, False, False, False]
    assert heard[0].window == Window(8, 7, 31, 31)
    assert all(change.shape_ids == {"1"} for change in heard)


def test_a_lock_changes_no_pixel() -> None:
    assert session().apply(SetLocked("1", True)).window.empty


COORDINATES = st.integers(-5, 85)
STEPS = st.one_of(
    st.builds(lambda i, x, y: MoveVertices("1", 0, (i,), x, y), st.integers(0, 3), COORDINATES, COORDINATES),
    st.builds(lambda x, y: InsertVertex("1", 0, 2, x, y), COORDINATES, COORDINATES),
    st.builds(lambda x, y: MoveShape("1", x / 4, y / 4), COORDINATES, COORDINATES),
    st.builds(
        lambda n, x, y: AddShape(Shape(f"new{n}", Role.OCCLUDER, square(x, y, 9).polygon, OccluderKind.OTHER)),
        st.integers(0, 10**9),
        COORDINATES,
        COORDINATES,
    ),
    st.just(SetRole("1", Role.OCCLUDER, OccluderKind.PERSON)),
    st.just(SetRole("1", Role.OBJECT)),
    st.none(),
)


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=14))
def test_the_cached_mask_equals_the_rasterised_annotation_after_any_edits(steps: list[Edit | None]) -> None:
    work = session()
    assert work.mask.sum() == 21 * 21
    for step in steps:
        if step is None:
            work.undo()
        elif not (isinstance(step, AddShape) and step.shape.id in {s.id for s in work.annotation.shapes}):
            work.apply(step)
        assert (work.mask == mask_of(work.annotation)).all()
    assert work.raster.area("1") >= 0
