"""The signals of the canvas."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class CanvasSignals(QWidget):
    """What the canvas tells the window."""

    cursor_moved = Signal(float, float)
    """Image x, y under the cursor."""
    cursor_left = Signal()
    view_changed = Signal(object)
    """The ViewTransform."""
    edited = Signal(object)
    """The session's Change, live ones included."""
    selection_changed = Signal(object)
    """The Selection."""
    tool_changed = Signal(str)
    remark_clicked = Signal(int)
    remark_requested = Signal(object)
    """The RemarkPlace."""
    place_clicked = Signal(int)
    hint_changed = Signal(str)
    refused = Signal(str)
    """The sentence of an edit that was refused."""
    limit_changed = Signal(object)
    """The LimitBox, or None."""
    brush_size_changed = Signal(float)
