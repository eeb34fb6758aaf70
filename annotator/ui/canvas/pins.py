"""Pins of remarks: a numbered disc at the place, and the outline of a region; the same on the canvas and on queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from annotator.domain.geometry import Points
from annotator.editing.hit_testing import Point
from annotator.ui import theme
from annotator.ui.canvas.layers import RemarkPin
from annotator.ui.canvas.strokes import casing_colour

PIN_RADIUS = 9.0
"""Widget pixels: room for two figures."""

ToWidget = Callable[[Point], Point]
"""Where a point of the image is in the widget."""


def paint_pins(painter: QPainter, pins: Sequence[RemarkPin], to_widget: ToWidget) -> None:
    """All regions, then all pins, so that no outline crosses a number; the marked one on top. In widget pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ordered = _bottom_first(pins)
    for pin in ordered:
        if pin.region is not None:
            paint_region(painter, pin.region.points, to_widget, open_=pin.open, marked=pin.marked)
    for pin in ordered:
        _paint_pin(painter, pin, QPointF(*to_widget(pin.place)))


def pin_at(pins: Sequence[RemarkPin], to_widget: ToWidget, at: QPointF) -> int | None:
    """The id of the remark whose pin is under a point of the widget, the one that is painted last first."""
    for pin in reversed(_bottom_first(pins)):
        away = QPointF(*to_widget(pin.place)) - at
        if away.x() ** 2 + away.y() ** 2 <= PIN_RADIUS**2:
            return pin.id
    return None


def paint_region(
    painter: QPainter, points: Points, to_widget: ToWidget, *, open_: bool = True, marked: bool = False
) -> None:
    """The outline of a region in dashes and dots, which no shape has; fainter once settled, filled when marked.

    It is white like the pins: blue and orange say what belongs to the object and what does not.
    """
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*to_widget((x, y))) for x, y in points.tolist()]))
    path.closeSubpath()
    if marked:
        painter.fillPath(path, QColor(255, 255, 255, 44))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ink = QColor(255, 255, 255, 255 if open_ or marked else 150)
    for colour, shift in ((casing_colour(), 1.0), (ink, 0.0)):
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashDotLine))
        painter.drawPath(path.translated(shift, shift))


def _bottom_first(pins: Sequence[RemarkPin]) -> list[RemarkPin]:
    return sorted(pins, key=lambda pin: (pin.marked, pin.open))


_WHITE, _DARK = QColor(255, 255, 255), QColor(16, 16, 16)


def _paint_pin(painter: QPainter, pin: RemarkPin, centre: QPointF) -> None:
    """Open ones are white, settled ones dark with a white rim; a marked one has a ring around it."""
    ground, ink = (_WHITE, _DARK) if pin.open else (QColor(16, 16, 16, 190), _WHITE)
    if pin.marked:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((casing_colour(), 4.0), (_WHITE, 1.75)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(centre, PIN_RADIUS + 4, PIN_RADIUS + 4)
    painter.setPen(QPen(casing_colour(), 1.5))
    painter.setBrush(ground)
    painter.drawEllipse(centre, PIN_RADIUS, PIN_RADIUS)
    if not pin.open:
        painter.setPen(QPen(_WHITE, 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, PIN_RADIUS - 1.5, PIN_RADIUS - 1.5)
    if pin.number:
        painter.setFont(theme.text_font(11 if pin.number < 100 else 8, 600))
        painter.setPen(ink)
        side = 2 * PIN_RADIUS
        frame = QRectF(centre.x() - PIN_RADIUS, centre.y() - PIN_RADIUS, side, side)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, str(pin.number))
