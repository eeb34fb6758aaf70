"""One-pixel lines that part sections, boxes without margins, columns that scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget


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


class FittingScroll(QScrollArea):
    """As tall as what it holds where there is room; where there is none it scrolls, `least` pixels at least."""

    def __init__(self, inner: QWidget, least: int) -> None:
        super().__init__()
        self._inner, self._least = inner, least
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(inner)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(self._inner.minimumSizeHint().width(), min(self._inner.sizeHint().height(), self._least))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def emptied(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout; widgets in it are deleted."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            removed(layout, widget)


def removed(layout: QVBoxLayout | QHBoxLayout, widget: QWidget) -> None:
    """Take a widget out of a layout and delete it."""
    layout.removeWidget(widget)
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
