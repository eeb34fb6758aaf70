"""One-pixel lines that part sections, boxes without margins, columns that scroll."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


def across(faint: bool = False) -> QFrame:
    """A line from left to right."""
    line = QFrame()
    line.setProperty("divider", "faint" if faint else "line")
    line.setFixedHeight(1)
    return line


def upright(height: int = 0) -> QFrame:
    """A line from top to bottom; `height` 0 fills."""
    line = QFrame()
    line.setProperty("divider", "line")
    line.setFixedWidth(1)
    if height:
        line.setFixedHeight(height)
    return line


def column(
    parent: QWidget | None = None, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """A vertical layout on the 4-px grid; `margins` are left, top, right, bottom."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout


def row(parent: QWidget | None = None, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """A horizontal layout; `margins` are left, top, right, bottom."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout


def area(kind: str, name: str = "") -> QWidget:
    """A plain widget with the ground of an area: bar, panel, canvas or window."""
    widget = QWidget()
    widget.setProperty("area", kind)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if name:
        widget.setObjectName(name)
    return widget


def scrolled(inner: QWidget) -> QScrollArea:
    """A column that scrolls up and down only."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    return scroll


def emptied(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout; widgets in it are deleted."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
