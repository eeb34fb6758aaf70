"""Undo and redo against the simplest model: a list of annotations and a place in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.edits import AddShape, MoveShape, MoveVertices
from annotator.editing.session import Action, EditingSession

START = Annotation((100, 80), (Shape("1", Role.OBJECT, polygon([(10, 10), (30, 10), (30, 30), (10, 30)])),))
STEPS = st.lists(st.sampled_from(["step", "drag", "given up", "undo", "redo", "settle"]), max_size=30)


@dataclass
class Model:
    """Every state that a person can go back or forward to."""

    states: list[Annotation] = field(default_factory=lambda: [START])
    place: int = 0

    def add(self, state: Annotation) -> None:
        self.states = [*self.states[: self.place + 1], state]
        self.place += 1


def drag(session: EditingSession) -> None:
    for _ in range(3):
        session.apply(MoveShape("1", 0.25, 0.5), merge_key="drag")


def do(session: EditingSession, model: Model, step: str) -> None:
    """One thing that a person does, in both."""
    if step == "step":
        session.apply(MoveShape("1", 1, 0))
        model.add(session.annotation)
    elif step == "drag":
        drag(session)
        session.settle()
        model.add(session.annotation)
    elif step == "given up":
        drag(session)
        session.cancel()
    elif step == "settle":
        session.settle()
    elif step == "undo":
        session.undo()
        model.place = max(0, model.place - 1)
    else:
        session.redo()
        model.place = min(len(model.states) - 1, model.place + 1)


@given(STEPS)
def test_every_state_can_be_gone_back_and_forward_to(steps: list[str]) -> None:
    session, model = EditingSession(START), Model()
    for step in steps:
        do(session, model, step)
        assert session.annotation == model.states[model.place]
        assert session.can_undo == (model.place > 0)
        assert session.can_redo == (model.place < len(model.states) - 1)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=2, max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_a_long_drag_leads_back_and_forward_to_the_same_bits(
    moves: list[tuple[float, float]], whole: bool, given_up: bool
) -> None:
    session = EditingSession(START)
    for dx, dy in moves:
        session.apply(MoveShape("1", dx, dy) if whole else MoveVertices("1", 0, (1,), dx, dy), merge_key="drag")
    if given_up:
        session.cancel()
        assert session.annotation == START
        return
    session.settle()
    after = session.annotation
    session.undo()
    assert session.annotation == START
    session.redo()
    assert session.annotation == after
    assert session.undo_label == ("move a polygon" if whole else "move a vertex")


def test_a_gesture_that_is_given_up_leaves_what_can_be_done_again() -> None:
    session = EditingSession(START)
    session.apply(MoveShape("1", 1, 0))
    moved = session.annotation
    session.undo()
    drag(session)
    assert not session.can_redo  # while the gesture lasts, it is the newest
    session.cancel()
    assert session.can_redo
    session.redo()
    assert session.annotation == moved


def test_a_gesture_that_ends_forgets_what_was_undone() -> None:
    session = EditingSession(START)
    session.apply(MoveShape("1", 1, 0))
    session.undo()
    drag(session)
    session.settle()
    assert not session.can_redo
    session.undo()
    assert session.annotation == START
    drag(session)
    session.cancel()
    assert session.redo() is not None  # the drag before, not the first move
    assert session.annotation.shape("1").polygon.bounds == (10.75, 11.5, 30.75, 31.5)


@pytest.mark.parametrize("saved_at", [0, 1, 2])
def test_changed_comes_and_goes_with_undo_and_redo(saved_at: int) -> None:
    session = EditingSession(START)
    for done in range(3):
        if done == saved_at:
            session.mark_saved()
        session.apply(MoveShape("1", 1, 0))
    told = []
    for _ in range(3):
        session.undo()
        told.append(session.changed)
    assert told == [saved_at != 2, saved_at != 1, saved_at != 0]
    drag(session)
    assert session.changed
    session.cancel()
    assert session.changed == (saved_at != 0)


def test_saving_in_the_middle_of_a_gesture_ends_it_there() -> None:
    session = EditingSession(START)
    drag(session)
    session.mark_saved()
    saved = session.annotation
    assert not session.changed
    drag(session)  # the hand goes on with the same gesture
    assert session.changed
    session.undo()
    assert session.annotation == saved
    assert not session.changed


def test_a_listener_that_undoes_hears_of_both_changes_in_order() -> None:
    session = EditingSession(START)
    heard: list[Action] = []

    def listen(change: object) -> None:
        heard.append(change.action)  # type: ignore[attr-defined]
        if heard == [Action.APPLIED]:
            session.undo()

    leave = session.listen(listen)
    session.apply(AddShape(Shape("2", Role.OBJECT, polygon([(50, 50), (60, 50), (60, 60)]))))
    assert heard == [Action.APPLIED, Action.UNDONE]
    assert session.annotation == START
    leave()
    leave()
    session.redo()
    assert heard == [Action.APPLIED, Action.UNDONE]
