"""Every action of the window with its key; a person can change each key, and the change is kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from annotator.ui.settings import Settings
from annotator.ui.tools.registry import TOOLS

PAIRS, BLIND, QUERIES, DISPUTES, DASHBOARD = "pairs", "blind", "queries", "disputes", "dashboard"
REMARKS = "remarks"
DRAWING = (PAIRS, BLIND, QUERIES)
EVERYWHERE = (PAIRS, BLIND, QUERIES, DISPUTES, DASHBOARD, REMARKS)


@dataclass(frozen=True, slots=True)
class KeyAction:
    """An action: stable name, what it does, the heading of the key sheet, default key, modes in which it works."""

    name: str
    title: str
    heading: str
    key: str
    modes: tuple[str, ...] = DRAWING


ON_CANVAS = (*DRAWING, DISPUTES)
_TAKEN_IN_DISPUTES = ("G", "R")

_TOOLS = tuple(
    KeyAction(
        f"tool.{tool.name}",
        tool.title,
        "Tools",
        tool.default_key,
        DRAWING if tool.default_key in _TAKEN_IN_DISPUTES else ON_CANVAS,
    )
    for tool in TOOLS.values()
)

ACTIONS = (
    *_TOOLS,
    KeyAction("brush.smaller", "Smaller brush", "Drawing", "[", ON_CANVAS),
    KeyAction("brush.larger", "Larger brush", "Drawing", "]", ON_CANVAS),
    KeyAction("edit.undo", "Undo", "Drawing", "Ctrl+Z", ON_CANVAS),
    KeyAction("edit.redo", "Redo", "Drawing", "Ctrl+Shift+Z", ON_CANVAS),
    KeyAction("edit.save", "Save a revision", "Drawing", "Ctrl+S"),
    KeyAction("view.fit", "Fit the image", "View", "F", ON_CANVAS),
    KeyAction("view.zoom-in", "Zoom in", "View", "Ctrl++", ON_CANVAS),
    KeyAction("view.zoom-out", "Zoom out", "View", "Ctrl+-", ON_CANVAS),
    KeyAction("view.edges", "Edge view", "View", "Shift+E", ON_CANVAS),
    KeyAction("view.loupe", "Loupe", "View", "Shift+L", ON_CANVAS),
    KeyAction("view.navigator", "Navigator", "View", "Shift+N", ON_CANVAS),
    KeyAction("view.blink", "Hold to blink", "View", "Z"),
    KeyAction("finding.next", "Next finding", "Pass", "F8"),
    KeyAction("premask.take", "Take the pre-mask", "Pass", "T", (PAIRS,)),
    KeyAction("premask.next", "Next pre-mask", "Pass", "Shift+T", (PAIRS,)),
    KeyAction("premask.dismiss", "Dismiss the pre-mask", "Pass", "Alt+T", (PAIRS,)),
    KeyAction("place.next", "Next place that changed", "Pass", "J", (PAIRS,)),
    KeyAction("place.previous", "Place before", "Pass", "Shift+J", (PAIRS,)),
    KeyAction("pass.submit", "Submit", "Pass", "Ctrl+Return"),
    KeyAction("pass.approve", "Approve unchanged", "Pass", "Y", (PAIRS,)),
    KeyAction("pass.return", "Return", "Pass", "N", (PAIRS,)),
    KeyAction("remark.pair", "Remark on the pair as a whole", "Pass", "Shift+W", (PAIRS,)),
    KeyAction("pass.escalate", "Escalate", "Pass", "Ctrl+E", (PAIRS,)),
    KeyAction("go.previous", "Previous image", "Go to", "A", (PAIRS, QUERIES, DISPUTES)),
    KeyAction("go.next", "Next image", "Go to", "D", (PAIRS, QUERIES, DISPUTES)),
    KeyAction("go.queue", "Next in the queue", "Go to", "Ctrl+D", (PAIRS,)),
    KeyAction("go.group", "Choose the query group", "Go to", "Ctrl+G", EVERYWHERE),
    KeyAction("mode.pairs", "Pairs", "Go to", "Ctrl+1", EVERYWHERE),
    KeyAction("mode.queries", "Queries", "Go to", "Ctrl+2", EVERYWHERE),
    KeyAction("mode.disputes", "Disputes", "Go to", "Ctrl+3", EVERYWHERE),
    KeyAction("mode.dashboard", "Dashboard", "Go to", "Ctrl+4", EVERYWHERE),
    KeyAction("mode.remarks", "Remarks", "Go to", "Ctrl+5", EVERYWHERE),
    KeyAction("dispute.1", "Choose pass 1", "Disputes", "1", (DISPUTES,)),
    KeyAction("dispute.2", "Choose pass 2", "Disputes", "2", (DISPUTES,)),
    KeyAction("dispute.3", "Choose pass 3", "Disputes", "3", (DISPUTES,)),
    KeyAction("dispute.merge", "Merge: in most of the passes", "Disputes", "G", (DISPUTES,)),
    KeyAction("dispute.redraw", "Redraw on the canvas", "Disputes", "R", (DISPUTES,)),
    KeyAction("dispute.settle", "Settle", "Disputes", "Ctrl+Return", (DISPUTES,)),
    KeyAction("window.keys", "Keys", "Window", "F1", EVERYWHERE),
    KeyAction("window.rules", "Rules", "Window", "F2", EVERYWHERE),
    KeyAction("window.theme", "Dark or light", "Window", "Ctrl+T", EVERYWHERE),
    KeyAction("window.start", "Start page", "Window", "Ctrl+W", EVERYWHERE),
    KeyAction("window.quit", "Quit", "Window", "Ctrl+Q", EVERYWHERE),
)

BY_NAME = {action.name: action for action in ACTIONS}


class Keys(QObject):
    """The keys in force: defaults and what the person changed."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._own = {name: key for name, key in settings.keys().items() if name in BY_NAME}

    def key(self, name: str) -> str:
        """The key of an action as portable text (`Ctrl+Return`); raises KeyError for an unknown action."""
        return self._own.get(name, BY_NAME[name].key)

    def shown(self, name: str) -> str:
        """The key as people read it (`Ctrl+Enter`)."""
        text = QKeySequence(self.key(name)).toString(QKeySequence.SequenceFormat.NativeText)
        return text.replace("Return", "Enter")

    def is_own(self, name: str) -> bool:
        """True when the person changed this key."""
        return name in self._own

    def clash(self, name: str, key: str) -> KeyAction | None:
        """The other action that uses `key` in a mode that the action `name` shares; None when it is free."""
        wanted = QKeySequence(key).toString()
        modes = set(BY_NAME[name].modes)
        for action in ACTIONS:
            same = QKeySequence(self.key(action.name)).toString() == wanted
            if action.name != name and same and modes & set(action.modes):
                return action
        return None

    def set_key(self, name: str, key: str | None) -> None:
        """Change a key and keep it; None goes back to the default."""
        if key is None or key == BY_NAME[name].key:
            self._own.pop(name, None)
            self._settings.set_key(name, None)
        else:
            self._own[name] = key
            self._settings.set_key(name, key)
        self.changed.emit()

    def reset(self) -> None:
        """All keys back to their defaults."""
        for name in list(self._own):
            self._settings.set_key(name, None)
        self._own.clear()
        self.changed.emit()
