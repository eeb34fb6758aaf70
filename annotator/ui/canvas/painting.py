"""One repaint of the canvas: cached layers, live shapes, the tool's own, marks, insets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QRegion

from annotator.domain.geometry import Size
from annotator.editing.hit_testing import Point
from annotator.ui import theme
from annotator.ui.canvas.active_layer import Emphasis, paint_active
from annotator.ui.canvas.frame import Frame
from annotator.ui.canvas.insets import FRAME, Loupe, Navigator, loupe_rect, navigator_rect
from annotator.ui.canvas.limit_panel import paint_limit
from annotator.ui.canvas.marks import paint_marks
from annotator.ui.tools.base import Paint

if TYPE_CHECKING:
    from annotator.ui.canvas.widget import CanvasWidget


class Insets:
    """Loupe and navigator: whether they are on, and where they are."""

    def __init__(self) -> None:
        self.loupe_on = True
        self.navigator_on = True
        self.dragging = False
        self.loupe = Loupe()
        self.navigator = Navigator()

    def forget(self) -> None:
        """Another image or theme."""
        self.navigator = Navigator()

    def loupe_shown(self, canvas: CanvasWidget) -> bool:
        """The loupe shows while the cursor is on the canvas and not under the loupe."""
        at = canvas.cursor_at
        on = self.loupe_on and at is not None and canvas.scene.image is not None and canvas.width() > 480
        return on and at is not None and not loupe_rect(canvas.size()).contains(at.toPoint())

    def navigator_rect(self, canvas: CanvasWidget) -> QRect:
        """Where the navigator is; empty when it is off or the whole image shows anyway."""
        image = canvas.scene.image
        if not self.navigator_on or image is None or canvas.width() <= 480 or _shows_whole(canvas, image.size):
            return QRect()
        return navigator_rect(canvas.size(), image.size, below_loupe=self.loupe_on)

    def image_point(self, canvas: CanvasWidget, at: QPointF) -> Point:
        """The point of the image at a place of the navigator."""
        frame = self.navigator_rect(canvas)
        size = canvas.scene.image.size if canvas.scene.image else (1, 1)
        scale = max(frame.width() - 2 * FRAME, 1) / size[0]
        return (at.x() - frame.left() - FRAME) / scale - 0.5, (at.y() - frame.top() - FRAME) / scale - 0.5

    def live_rects(self, canvas: CanvasWidget) -> list[QRect]:
        """What must be repainted when the cursor moves or a shape changes."""
        return [loupe_rect(canvas.size())] if self.loupe_on else []


MOST_PIECES = 6
"""Rectangles of a repaint above which their bounding box is cheaper."""


def _shows_whole(canvas: CanvasWidget, size: Size) -> bool:
    """True when no part of the image lies outside the canvas."""
    x1, y1, x2, y2 = canvas.view.box_to_widget((-0.5, -0.5, size[0] - 0.5, size[1] - 0.5))
    return x1 >= 0 and y1 >= 0 and x2 <= canvas.width() and y2 <= canvas.height()


def paint_canvas(canvas: CanvasWidget, frame: Frame, region: QRegion) -> None:
    """Paint a region (widget pixels), each of its rectangles on its own: the one around the cursor stays small."""
    pieces = list(cast("Iterable[QRect]", region))  # Qt's stubs do not say that a region is iterable
    rects = pieces if len(pieces) <= MOST_PIECES else [region.boundingRect()]
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rect in rects:
        _paint_rect(painter, canvas, frame, rect)
    painter.end()


def _paint_rect(painter: QPainter, canvas: CanvasWidget, frame: Frame, rect: QRect) -> None:
    ratio = frame.ratio
    painter.setClipRect(rect)
    area = QRectF(rect.left() * ratio, rect.top() * ratio, rect.width() * ratio, rect.height() * ratio)
    for layer in (frame.backdrop.image, frame.shapes.image):
        layer.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(rect.topLeft()), layer, area)
        layer.setDevicePixelRatio(1.0)
    if canvas.scene.image is None:
        _paint_placeholder(painter, canvas)
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    if not canvas.scene.blinking:
        paint_active(painter, canvas.scene.active, canvas.view, ratio, area.toAlignedRect(), emphasis_of(canvas))
        if canvas.tool is not None:
            canvas.tool.paint(Paint(painter, canvas.view, ratio))
    painter.restore()
    paint_marks(painter, canvas.layers, canvas.view)
    _paint_insets(painter, canvas, frame, rect)
    if canvas.limit is not None and not canvas.scene.blinking:
        paint_limit(painter, canvas.limit, canvas.view, canvas.size())


def emphasis_of(canvas: CanvasWidget) -> Emphasis:
    """Which vertices stand out now."""
    tool, at = canvas.tool, canvas.cursor_at
    active = frozenset((*canvas.selection.vertices, *(tool.active_vertices if tool else ())))
    near = None if at is None or tool is None or tool.hides_cursor_markers() else (at.x(), at.y())
    return Emphasis(near, active)


def _paint_insets(painter: QPainter, canvas: CanvasWidget, frame: Frame, rect: QRect) -> None:
    image, insets, scene = canvas.scene.image, canvas.insets, canvas.scene
    if image is None:
        return
    shapes = list(scene.shapes)
    place = loupe_rect(canvas.size())
    if insets.loupe_shown(canvas) and canvas.cursor_at is not None and place.intersects(rect):
        at = canvas.view.to_image((canvas.cursor_at.x(), canvas.cursor_at.y()))
        inside = -0.5 <= at[0] <= image.size[0] - 0.5 and -0.5 <= at[1] <= image.size[1] - 0.5
        if inside:
            insets.loupe.paint(
                painter, place, at, image, canvas.view, frame.ratio, scene.style(), shapes, emphasis_of(canvas)
            )
    place = insets.navigator_rect(canvas)
    if not place.isEmpty() and place.intersects(rect):
        insets.navigator.paint(painter, place, image, canvas.view, canvas.size(), frame.ratio, scene.style(), shapes)


def _paint_placeholder(painter: QPainter, canvas: CanvasWidget) -> None:
    if canvas.layers.placeholder is None:
        return
    heading, sentence = canvas.layers.placeholder
    shown = theme.current()
    room = QRectF(canvas.rect()).adjusted(24, 0, -24, 0)
    top = room.center().y() - 40
    for text, font, token, height in (
        (heading, theme.text_font(20, 600), "text1", 32),
        (sentence, theme.text_font(13), "text2", 60),
    ):
        painter.setFont(font)
        painter.setPen(shown.colour(token))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        area = QRectF(room.left(), top, room.width(), height)
        painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), text)
        top += height
