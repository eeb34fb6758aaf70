"""The open pair: its annotation, what was done to it, and its mask. No Qt, no database, no files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.errors import GeometryError
from annotator.domain.raster import Mask
from annotator.domain.shapes import Annotation
from annotator.editing.edits import Edit
from annotator.editing.history import History, Step
from annotator.editing.raster_cache import RasterCache
from annotator.editing.windows import Window, changed_window


class Action(StrEnum):
    """What happened in a session."""

    APPLIED = "applied"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    REDONE = "redone"


@dataclass(frozen=True, slots=True)
class Change:
    """What a listener is told: `window` is where polygons differ now (empty for a change of names and locks).

    `live` is true inside a gesture that is not finished; a gesture ends with one SETTLED or CANCELLED.
    """

    action: Action
    label: str
    window: Window
    shape_ids: frozenset[str]
    live: bool = False


Listener = Callable[[Change], None]


class LockedShapeError(GeometryError):
    """An edit of a locked polygon."""


class EditingSession:
    """Holds the annotation of one image while a person works on it.

    Every change goes through `apply`. Edits with the same `merge_key` are one gesture and one undo step; the gesture
    ends with `settle` or `cancel`, or by itself when anything else happens.
    """

    def __init__(self, annotation: Annotation) -> None:
        self._annotation = annotation
        self._history = History()
        self._base: Step | None = None
        self._gesture: str | None = None
        self._before_gesture = annotation
        self._raster: RasterCache | None = None
        self._listeners: list[Listener] = []
        self._revision = 0

    @property
    def annotation(self) -> Annotation:
        """What is drawn now."""
        return self._annotation

    @property
    def revision(self) -> int:
        """A number that grows with every change, undo and redo included: compare it to see if anything happened."""
        return self._revision

    @property
    def changed(self) -> bool:
        """True when the annotation is not at the place of the last `mark_saved` (or the start)."""
        return self._history.last is not self._base

    @property
    def can_undo(self) -> bool:
        """True when there is a step to undo."""
        return self._history.last is not None

    @property
    def can_redo(self) -> bool:
        """True when there is a step to do again."""
        return self._history.next is not None

    @property
    def undo_label(self) -> str:
        """What undo would take back, empty when nothing."""
        return self._history.last.forward.label if self._history.last else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again, empty when nothing."""
        return self._history.next.forward.label if self._history.next else ""

    @property
    def in_gesture(self) -> bool:
        """True while a gesture is not finished."""
        return self._gesture is not None

    @property
    def raster(self) -> RasterCache:
        """The rasters of the shapes and the mask, made at first use and then updated in dirty windows."""
        if self._raster is None:
            self._raster = RasterCache(self._annotation)
        return self._raster

    @property
    def mask(self) -> Mask:
        """The mask of the annotation, `bool (height, width)`, to be read only and until the next change."""
        return self.raster.mask

    def changed_since(self, revision: int) -> bool:
        """True when anything happened after `revision` was read."""
        return self._revision != revision

    def mark_saved(self) -> None:
        """Take the present place as the one that `changed` compares with."""
        self.settle()
        self._base = self._history.last

    def apply(self, edit: Edit, merge_key: str | None = None) -> Change:
        """Do `edit` and tell the listeners.

        Raises LockedShapeError for a locked shape, KeyError for an unknown one and GeometryError where the result
        cannot stand; nothing has changed then.
        """
        self._refuse_locked(edit)
        after = edit.apply(self._annotation)
        backward = edit.inverse(self._annotation)
        if merge_key != self._gesture:
            self.settle()
        last = self._history.last
        if merge_key is not None and self._gesture == merge_key and last is not None:
            self._history.replace_last(last.extended(edit, backward))
        else:
            self._before_gesture = self._annotation
            self._history.push(Step(edit, backward, merge_key))
            self._gesture = merge_key
        return self._become(after, Action.APPLIED, edit, live=merge_key is not None)

    def settle(self) -> None:
        """End the gesture: what follows is a step of its own."""
        if self._gesture is None:
            return
        self._gesture = None
        last = self._history.last
        if last is not None:
            self._history.replace_last(last.exact(self._before_gesture, self._annotation))
            window = changed_window(self._before_gesture, self._annotation)
            self._tell(Change(Action.SETTLED, last.forward.label, window, last.forward.shape_ids))

    def cancel(self) -> None:
        """Give the gesture up: everything is as before it, and it is no step."""
        if self._gesture is None:
            return
        self._gesture = None
        step = self._history.drop_last()
        self._become(self._before_gesture, Action.CANCELLED, step.forward)

    def undo(self) -> Change | None:
        """Take the last step back; None when there is none."""
        self.settle()
        if not self.can_undo:
            return None
        step = self._history.undo()
        return self._become(step.backward.apply(self._annotation), Action.UNDONE, step.forward)

    def redo(self) -> Change | None:
        """Do the step again that was undone last; None when there is none."""
        self.settle()
        if not self.can_redo:
            return None
        step = self._history.redo()
        return self._become(step.forward.apply(self._annotation), Action.REDONE, step.forward)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change; returns what ends that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def _refuse_locked(self, edit: Edit) -> None:
        if edit.changes_lock:
            return
        for shape in self._annotation.shapes:
            if shape.locked and shape.id in edit.shape_ids:
                raise LockedShapeError("this polygon is locked; unlock it in the list of polygons to change it.")

    def _become(self, after: Annotation, action: Action, edit: Edit, *, live: bool = False) -> Change:
        if self._raster is not None:
            window = self._raster.update(after)
        else:
            window = changed_window(self._annotation, after).clipped(after.size)
        self._annotation = after
        self._revision += 1
        change = Change(action, edit.label, window, edit.shape_ids, live)
        self._tell(change)
        return change

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)
