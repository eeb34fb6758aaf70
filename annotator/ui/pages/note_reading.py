"""Which notes a person has read: kept per person on this computer, so that a changed note is marked until then."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.ui.pages.page import Surroundings
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.views import GroupView

_WRITTEN = "+"
"""Before every remembered note, so that an empty one differs from none."""


def read_note(around: Surroundings, group: int) -> str | None:
    """The note as the person read it last; None where the group was never opened here."""
    text = around.settings.text(_place(around, group))
    return text.removeprefix(_WRITTEN) if text else None


def remember_note(around: Surroundings, group: int, note: str) -> None:
    """The person knows this note."""
    around.settings.set_text(_place(around, group), _WRITTEN + note)


class NoteReading(QObject):
    """Shows a group's note with what is new in it, until the person says that it was read.

    A group that the person opens here for the first time has nothing new.
    """

    def __init__(self, queries: QueriesPanel, around: Surroundings) -> None:
        super().__init__(queries)
        self._panel, self._around = queries.note, around
        self._view: GroupView | None = None
        self._panel.read.connect(self._read)
        queries.shown.connect(self.show)

    def show(self, view: GroupView | None) -> None:
        """Another group, or the same one read anew."""
        self._view = view
        if view is None:
            self._panel.set_note(None, None)
            return
        before = read_note(self._around, view.number)
        if before is None:
            remember_note(self._around, view.number, view.note)
        self._panel.set_note(view.note, before)

    def _read(self) -> None:
        if self._view is not None:
            remember_note(self._around, self._view.number, self._view.note)
            self.show(self._view)


def _place(around: Surroundings, group: int) -> str:
    return f"note/{around.project.folder}/{around.person.name}/{group}"
