"""How shapes look on pictures outside the canvas: queries, thumbnails, disputes. Never colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from annotator.domain.geometry import Box, Polygon
from annotator.domain.raster import Mask
from annotator.domain.shapes import Annotation, Role
from annotator.ui import theme

TOKENS = {Role.OBJECT: "overlay_object", Role.OCCLUDER: "overlay_occluder", Role.KEPT: "overlay_kept"}
TINT = 0.16


def path_of(polygon: Polygon) -> QPainterPath:
    """All rings of a polygon as one even-odd path in pixels of the image, a pixel's corner at integers."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in polygon.rings:
        points = [QPointF(x + 0.5, y + 0.5) for x, y in ring.points.tolist()]
        path.addPolygon(QPolygonF(points))
        path.closeSubpath()
    return path


def draw_shapes(painter: QPainter, annotation: Annotation, to_screen: QTransform, tint: float = TINT) -> None:
    """Objects tinted and solid, occluders hatched, kept occlusions dotted; 1-px lines with a dark casing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = theme.current()
    ordered: Iterable[Role] = (Role.OBJECT, Role.OCCLUDER, Role.KEPT)
    for role in ordered:
        colour = shown.colour(TOKENS[role])
        for shape in annotation.of_role(role):
            path = to_screen.map(path_of(shape.polygon))
            if role is Role.OBJECT and tint:
                painter.fillPath(path, shown.colour(TOKENS[role], tint))
            elif role is Role.OCCLUDER:
                painter.fillPath(path, QBrush(colour, Qt.BrushStyle.BDiagPattern))
            draw_line(painter, path, TOKENS[role], Qt.PenStyle.DotLine if role is Role.KEPT else Qt.PenStyle.SolidLine)


def draw_line(painter: QPainter, path: QPainterPath, token: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
    """A cosmetic 1-px line with its casing shifted by one pixel."""
    shown = theme.current()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(shown.colour("overlay_casing", 0.7), 1, style))
    painter.translate(1, 1)
    painter.drawPath(path)
    painter.translate(-1, -1)
    painter.setPen(QPen(shown.colour(token), 1, style))
    painter.drawPath(path)


def draw_mark(painter: QPainter, at: QPointF) -> None:
    """The cross-hair that marks the same place in every picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((theme.current().colour("overlay_casing", 0.8), 3.0), (Qt.GlobalColor.white, 1.25)):
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 8, 8)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(5 * dx, 5 * dy), at + QPointF(12 * dx, 12 * dy))


def object_box(annotation: Annotation) -> Box | None:
    """The box around all object polygons, None without any."""
    boxes = [shape.polygon.bounds for shape in annotation.of_role(Role.OBJECT)]
    if not boxes:
        return None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def tinted(mask: Mask, token: str, alpha: float) -> QImage:
    """A mask as an image of one colour with an opacity, transparent elsewhere."""
    colour = theme.current().colour(token, alpha)
    height, width = mask.shape
    image = QImage(mask.astype("uint8").tobytes(), width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable([0, colour.rgba()])
    return image


def box_rect(box: Box) -> QRectF:
    """A box of pixels, both corners inside, as a rectangle of the image."""
    return QRectF(box[0], box[1], box[2] - box[0] + 1, box[3] - box[1] + 1)
