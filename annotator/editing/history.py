"""Undo and redo without limit: a list of steps, each an edit and its inverse."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.shapes import Annotation
from annotator.editing.edits import Compound, Edit, PlacePolygon, combined


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One gesture: how to do it again and how to undo it. `key` joins the edits of one gesture while it lasts."""

    forward: Edit
    backward: Edit
    key: str | None

    def extended(self, forward: Edit, backward: Edit) -> Step:
        """The step with a further edit of the same gesture."""
        return Step(combined(self.forward, forward), combined(backward, self.backward), self.key)

    def exact(self, before: Annotation, after: Annotation) -> Step:
        """The same step, leading to the same bits: the sum of many shifts may be rounded otherwise than the shifts."""
        return Step(_exact(self.forward, before, after), _exact(self.backward, after, before), self.key)


def _exact(edit: Edit, start: Annotation, end: Annotation) -> Edit:
    in_both = {shape.id for shape in start.shapes} & {shape.id for shape in end.shapes}
    if edit.apply(start) == end or not edit.shape_ids <= in_both:
        return edit
    places = tuple(PlacePolygon(shape_id, end.shape(shape_id).polygon) for shape_id in sorted(edit.shape_ids))
    return Compound(places, edit.label)


class History:
    """Steps done and steps undone. `position` names the present place: equal places hold equal annotations."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._put_aside: list[Step] = []

    @property
    def last(self) -> Step | None:
        """The step that undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Step | None:
        """The step that redo would do again."""
        return self._undone[-1] if self._undone else None

    def __len__(self) -> int:
        return len(self._done)

    def push(self, step: Step) -> None:
        """Add a step; what was undone is gone, unless this step is dropped again."""
        self._done.append(step)
        self._put_aside, self._undone = self._undone, []

    def replace_last(self, step: Step) -> None:
        """Exchange the last step, which was just pushed, for one that goes on from it."""
        self._done[-1] = step

    def undo(self) -> Step:
        """Take the last step off and keep it for redo; raises IndexError when there is none."""
        step = self._done.pop()
        self._undone.append(step)
        self._put_aside = []
        return step

    def redo(self) -> Step:
        """The step to do again; raises IndexError when there is none."""
        step = self._undone.pop()
        self._done.append(step)
        return step

    def drop_last(self) -> Step:
        """Take off the step that was just pushed, as if it had never been; raises IndexError when there is none."""
        step = self._done.pop()
        self._undone, self._put_aside = self._put_aside, []
        return step
