"""Marks at places of the image: remarks, numbered places, the linked cursor, the query box's label."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from annotator.domain.geometry import Box
from annotator.editing.hit_testing import nearest_vertex
from annotator.editing.session import EditingSession
from annotator.ui import theme
from annotator.ui.canvas.layers import CanvasLayers, PlaceMark
from annotator.ui.canvas.pins import paint_pins, pin_at
from annotator.ui.canvas.strokes import LONG_DASHES, casing_colour, thin_pen
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.wording import tr

TAG_SIDE = 20.0
VERTEX_REACH = 8.0
"""Widget pixels around a vertex that belong to it."""
LINK_RADIUS = 10.0


def paint_marks(painter: QPainter, layers: CanvasLayers, view: ViewTransform) -> None:
    """All marks, in widget pixels."""
    if layers.query_box is not None:
        _paint_box_label(painter, layers.query_box, view)
    if layers.difference is not None:
        for place in layers.difference.places:
            _paint_place(painter, place, view, current=place.number == layers.difference.current)
    paint_pins(painter, layers.remarks, view.to_widget)
    if layers.linked is not None:
        _paint_link(painter, QPointF(*view.to_widget(layers.linked)))


def place_tag(place: PlaceMark, view: ViewTransform) -> QRectF:
    """Where the number of a place stands: at the right of its box, near the top."""
    _, y1, x2, y2 = view.box_to_widget(place.box)
    return QRectF(x2 + 6, min(y1 + 6, max(y1, (y1 + y2) / 2 - TAG_SIDE / 2)), TAG_SIDE, TAG_SIDE)


def mark_at(layers: CanvasLayers, view: ViewTransform, at: QPointF) -> tuple[str, int] | None:
    """("remark", id) or ("place", number) under a point of the widget."""
    remark = pin_at(layers.remarks, view.to_widget, at)
    if remark is not None:
        return "remark", remark
    for place in layers.difference.places if layers.difference else ():
        if place_tag(place, view).adjusted(-3, -3, 3, 3).contains(at):
            return "place", place.number
    return None


def vertex_near(session: EditingSession | None, selected: Collection[str], view: ViewTransform, at: QPointF) -> bool:
    """Whether a vertex of the selected polygons lies under a point of the widget: it takes the click from a remark."""
    if session is None or not selected:
        return False
    spot = view.to_image((at.x(), at.y()))
    return nearest_vertex(session.annotation, spot, VERTEX_REACH / view.scale, selected) is not None


def _paint_place(painter: QPainter, place: PlaceMark, view: ViewTransform, *, current: bool) -> None:
    tag = place_tag(place, view)
    dark = theme.theme_named(theme.DARK)
    if current:
        x1, y1, x2, y2 = (round(value) for value in view.box_to_widget(place.box))
        for rect, colour in ((QRectF(x1 - 5, y1 - 5, x2 - x1 + 10, y2 - y1 + 10), casing_colour()),):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(thin_pen(colour))
            painter.drawRect(rect)
            painter.setPen(thin_pen(QColor(255, 255, 255)))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
    painter.setPen(thin_pen(QColor(16, 16, 16)))
    painter.setBrush(QColor(255, 255, 255) if current else dark.colour("panel", 0.94))
    painter.drawRoundedRect(tag, 4, 4)
    painter.setFont(theme.text_font(12, 600))
    painter.setPen(QColor(16, 16, 16) if current else dark.colour("text1"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, str(place.number))


def _paint_link(painter: QPainter, centre: QPointF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((casing_colour(), 3.5), (QColor(255, 255, 255), 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(centre, LINK_RADIUS, LINK_RADIUS)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            start = centre + QPointF(dx, dy) * (LINK_RADIUS - 4)
            painter.drawLine(start, centre + QPointF(dx, dy) * (LINK_RADIUS + 4))


def _paint_box_label(painter: QPainter, box: Box, view: ViewTransform) -> None:
    dark = theme.theme_named(theme.DARK)
    x1, y1, _, _ = view.box_to_widget(box)
    name, measure = tr("Query box"), f"{round(box[2] - box[0])} × {round(box[3] - box[1])}"
    bold, plain = theme.text_font(12), theme.text_font(11)
    widths = QFontMetricsF(bold).horizontalAdvance(name), QFontMetricsF(plain).horizontalAdvance(measure)
    frame = QRectF(round(x1), round(y1) - 30, 12 + 16 + 8 + widths[0] + 8 + widths[1] + 12, 24)
    if frame.top() < 4:
        frame.moveTop(round(y1) + 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dark.colour("canvas", 0.92))
    painter.drawRoundedRect(frame, 4, 4)
    painter.setPen(thin_pen(QColor(255, 255, 255), tuple(length / 3 for length in LONG_DASHES)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(frame.left() + 12, frame.top() + 7, 14, 10))
    for text, font, token, left in (
        (name, bold, "text1", frame.left() + 36),
        (measure, plain, "text3", frame.left() + 44 + widths[0]),
    ):
        painter.setFont(font)
        painter.setPen(dark.colour(token))
        area = QRectF(left, frame.top(), 400, frame.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
