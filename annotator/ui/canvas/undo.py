"""The one QUndoCommand adapter: steps of an editing session on a QUndoStack, one gesture one step."""

from __future__ import annotations

from PySide6.QtGui import QUndoCommand, QUndoStack

from annotator.editing.session import Action, Change, EditingSession


class UndoBridge:
    """Keeps a QUndoStack in step with a session, whichever of the two is asked to undo or redo."""

    def __init__(self, session: EditingSession, stack: QUndoStack) -> None:
        self._session = session
        self._stack = stack
        self._busy = False
        stack.clear()
        self._leave = session.listen(self._follow)

    def close(self) -> None:
        """Let go of the session and empty the stack."""
        self._leave()
        self._stack.clear()

    def run(self, action: Action) -> None:
        """Undo or redo in the session because the stack did."""
        if self._busy:
            return
        self._busy = True
        try:
            if action is Action.UNDONE:
                self._session.undo()
            else:
                self._session.redo()
        finally:
            self._busy = False

    def _follow(self, change: Change) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            if change.action is Action.SETTLED or (change.action is Action.APPLIED and not change.live):
                self._stack.push(_StepCommand(self, change.label))
            elif change.action is Action.UNDONE:
                self._stack.undo()
            elif change.action is Action.REDONE:
                self._stack.redo()
        finally:
            self._busy = False


class _StepCommand(QUndoCommand):
    """One step of the session's history; the session holds what it does."""

    def __init__(self, bridge: UndoBridge, label: str) -> None:
        super().__init__(label[:1].upper() + label[1:])
        self._bridge = bridge

    def undo(self) -> None:
        self._bridge.run(Action.UNDONE)

    def redo(self) -> None:
        self._bridge.run(Action.REDONE)
