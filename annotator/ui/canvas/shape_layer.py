"""Committed shapes in a cached layer of device pixels; it is redrawn when they, the view or the selection change."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPolygonF

from annotator.domain.geometry import Points, Polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.ui import theme
from annotator.ui.canvas.layers import CanvasLayers, DifferenceLayer
from annotator.ui.canvas.strokes import (
    DASHED,
    DOTTED,
    LONG_DASHES,
    SOLID,
    draw_lines,
    hatch,
    path_of,
    qpolygon,
    visible_runs,
)
from annotator.ui.canvas.view_transform import ViewTransform

LINES: dict[Role, tuple[str, tuple[float, ...]]] = {
    Role.OBJECT: ("overlay_object", SOLID),
    Role.OCCLUDER: ("overlay_occluder", SOLID),
    Role.KEPT: ("overlay_kept", DOTTED),
}

PREMASK = "overlay_premask"


class ShapeLayer:
    """A transparent image of the canvas's size in device pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
        self.image.fill(0)

    def begin(self, rect: QRect) -> QPainter:
        """A painter on `rect`, which it has cleared."""
        whole = rect.contains(self.image.rect())
        if whole:
            self.image.fill(0)
        painter = QPainter(self.image)
        if not whole:
            painter.setClipRect(rect)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.fillRect(rect, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter


def paint_shapes(painter: QPainter, shapes: Iterable[Shape], view: ViewTransform, ratio: float, rect: QRect) -> None:
    """Outlines and hatches of shapes, in drawing order."""
    for shape in shapes:
        paint_shape(painter, shape, view, ratio, rect)


def paint_shape(painter: QPainter, shape: Shape, view: ViewTransform, ratio: float, rect: QRect) -> None:
    """One shape: hatch of occluders, outer ring, holes."""
    if not shows(shape.polygon, view, ratio, rect):
        return
    token, dashes = LINES[shape.role]
    rings = [view.points_to_device(ring.points, ratio) for ring in shape.polygon.rings]
    if shape.role is Role.OCCLUDER:
        _fill(painter, rings, hatch(theme.current().colour(token), ratio))
    for number, points in enumerate(rings):
        colour = theme.current().colour("overlay_hole" if number else token)
        style = DASHED if number else dashes
        lines = [(qpolygon(points), True)] if style else visible_runs(points, rect)
        draw_lines(painter, lines, colour, ratio, style)


def _fill(painter: QPainter, rings: list[Points], brush: QBrush) -> None:
    """Fill rings given in device pixels; without antialiasing, since their outlines cover the steps."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawPath(path_of(rings))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def shows(polygon: Polygon, view: ViewTransform, ratio: float, rect: QRect, margin: int = 12) -> bool:
    """True when the polygon may be seen in `rect` (device pixels)."""
    x1, y1, x2, y2 = (value * ratio for value in view.box_to_widget(polygon.bounds))
    return bool(
        x2 >= rect.left() - margin
        and x1 <= rect.right() + margin
        and y2 >= rect.top() - margin
        and y1 <= rect.bottom() + margin
    )


def paint_backings(painter: QPainter, layers: CanvasLayers, view: ViewTransform, ratio: float, rect: QRect) -> None:
    """What lies under the shapes: the difference, the pre-mask's outline and the query box."""
    if layers.difference is not None:
        _paint_difference(painter, layers.difference, view, ratio, rect)
    if layers.premask:
        paint_outlines(painter, layers.premask, PREMASK, LONG_DASHES, view, ratio, rect)
    if layers.query_box is not None:
        x1, y1, x2, y2 = layers.query_box
        corners = view.box_to_widget((x1 - 0.5, y1 - 0.5, x2 + 0.5, y2 + 0.5))
        box = QRect(round(corners[0] * ratio), round(corners[1] * ratio), 0, 0)
        box.setRight(round(corners[2] * ratio))
        box.setBottom(round(corners[3] * ratio))
        draw_lines(painter, [(box_line(box), True)], theme.current().colour("overlay_query_box"), ratio, LONG_DASHES)


def paint_outlines(
    painter: QPainter,
    polygons: Iterable[Polygon],
    token: str,
    dashes: tuple[float, ...],
    view: ViewTransform,
    ratio: float,
    rect: QRect,
) -> None:
    """All rings of polygons in one colour and form."""
    for polygon in polygons:
        if shows(polygon, view, ratio, rect):
            lines = [(qpolygon(view.points_to_device(ring.points, ratio)), True) for ring in polygon.rings]
            draw_lines(painter, lines, theme.current().colour(token), ratio, dashes, faint=token == PREMASK)


def paint_annotation_outline(
    painter: QPainter, annotation: Annotation, view: ViewTransform, ratio: float, rect: QRect
) -> None:
    """An annotation as white lines, for comparing."""
    polygons = [shape.polygon for shape in annotation.shapes if shape.role is not Role.KEPT]
    paint_outlines(painter, polygons, "overlay_hole", SOLID, view, ratio, rect)


def _paint_difference(
    painter: QPainter, layer: DifferenceLayer, view: ViewTransform, ratio: float, rect: QRect
) -> None:
    added = theme.current().colour("overlay_added", 0.62)
    removed = theme.current().colour("overlay_removed")
    for polygons, brush, line in (
        (layer.added, QBrush(added), theme.current().colour("overlay_added")),
        (layer.removed, hatch(removed, ratio), removed),
    ):
        for polygon in polygons:
            _paint_region(painter, polygon, brush, line, view, ratio, rect)
    if layer.outline is not None:
        paint_annotation_outline(painter, layer.outline, view, ratio, rect)


def _paint_region(
    painter: QPainter, polygon: Polygon, brush: QBrush, line: QColor, view: ViewTransform, ratio: float, rect: QRect
) -> None:
    if not shows(polygon, view, ratio, rect):
        return
    rings = [view.points_to_device(ring.points, ratio) for ring in polygon.rings]
    _fill(painter, rings, brush)
    draw_lines(painter, [(qpolygon(points), True) for points in rings], line, ratio)


def box_line(box: QRect) -> QPolygonF:
    """The outline of a box, on whole device pixels."""
    return QPolygonF(QRectF(box))
