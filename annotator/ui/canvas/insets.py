"""Loupe and navigator at the top right of the canvas. Panels over photographs stay dark in both themes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from annotator.domain.geometry import Size
from annotator.domain.shapes import Shape
from annotator.editing.hit_testing import Point
from annotator.ui import theme
from annotator.ui.canvas.active_layer import Emphasis, paint_active
from annotator.ui.canvas.backdrop import Backdrop, BackdropStyle
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.canvas.shape_layer import paint_shapes
from annotator.ui.canvas.strokes import casing_colour, thin_pen
from annotator.ui.canvas.view_transform import ViewTransform

LOUPE_SIDE = 152
CAPTION = 24
FRAME = 4
EDGE = 12
NAVIGATOR_SIDE = 128
LOUPE_SCALE = 4.0


def loupe_rect(canvas: QSize) -> QRect:
    """The loupe with its frame and caption, in widget pixels."""
    width = LOUPE_SIDE + 2 * FRAME
    return QRect(canvas.width() - EDGE - width, EDGE, width, LOUPE_SIDE + FRAME + CAPTION)


def navigator_rect(canvas: QSize, image: Size, *, below_loupe: bool) -> QRect:
    """The navigator with its frame, in widget pixels."""
    scale = NAVIGATOR_SIDE / max(image)
    width, height = max(round(image[0] * scale), 8), max(round(image[1] * scale), 8)
    top = loupe_rect(canvas).bottom() + 1 + EDGE if below_loupe else EDGE
    return QRect(canvas.width() - EDGE - width - 2 * FRAME, top, width + 2 * FRAME, height + 2 * FRAME)


def loupe_scale(view: ViewTransform) -> float:
    """Four times the image; where the canvas shows more than half of that, twice the canvas."""
    return LOUPE_SCALE if view.scale <= LOUPE_SCALE / 2 else view.scale * 2


def paint_panel(painter: QPainter, frame: QRectF) -> None:
    """The ground of a panel over a photograph, on whole widget pixels."""
    rect = frame.toRect()
    painter.drawImage(rect.topLeft(), _panel(rect.width(), rect.height(), painter.device().devicePixelRatio()))


@lru_cache(maxsize=16)
def _panel(width: int, height: int, ratio: float) -> QImage:
    """Rounded corners are slow to paint, so each size is painted once."""
    made = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(ratio)
    made.fill(0)
    dark = theme.theme_named(theme.DARK)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(dark.colour("line"), 1))
    painter.setBrush(dark.colour("window", 0.95))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 4, 4)
    painter.end()
    return made


class Loupe:
    """Shows the surroundings of a point at four times."""

    def __init__(self) -> None:
        self._backdrop: Backdrop | None = None

    def paint(
        self,
        painter: QPainter,
        frame: QRect,
        at: Point,
        image: ImagePyramid,
        view: ViewTransform,
        ratio: float,
        style: BackdropStyle,
        shapes: list[Shape],
        emphasis: Emphasis,
    ) -> None:
        """Paint into `frame` (widget pixels) around `at` (image xy)."""
        paint_panel(painter, QRectF(frame))
        side = round(LOUPE_SIDE * ratio)
        if self._backdrop is None or self._backdrop.rect.width() != side:
            self._backdrop = Backdrop(side, side)
        scale = loupe_scale(view)
        middle = LOUPE_SIDE / 2
        close = ViewTransform(scale, middle - (at[0] + 0.5) * scale, middle - (at[1] + 0.5) * scale).on_pixels(ratio)
        self._backdrop.render(self._backdrop.rect, image, None, close, ratio, style)
        inner = QImage(self._backdrop.image)
        with_lines = QPainter(inner)
        with_lines.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_active(with_lines, shapes, close, ratio, inner.rect(), Emphasis((middle, middle), emphasis.active))
        with_lines.end()
        place = QRectF(frame.left() + FRAME, frame.top() + FRAME, LOUPE_SIDE, LOUPE_SIDE)
        inner.setDevicePixelRatio(ratio)
        painter.drawImage(place.topLeft(), inner)
        _paint_hairs(painter, place)
        self._caption(painter, frame, at, scale)

    def _caption(self, painter: QPainter, frame: QRect, at: Point, scale: float) -> None:
        dark = theme.theme_named(theme.DARK)
        line = QRectF(frame.left() + 9, frame.bottom() - CAPTION + 1, frame.width() - 18, CAPTION)
        painter.setFont(theme.text_font(11))
        painter.setPen(dark.colour("text1"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"{at[0]:.0f}, {at[1]:.0f}")
        painter.setPen(dark.colour("text3"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{scale:g}×")


def _paint_hairs(painter: QPainter, place: QRectF) -> None:
    """Four short hairs that leave the middle free."""
    centre = place.center()
    for colour, shift in ((casing_colour(), 1.0), (QColor(255, 255, 255, 200), 0.0)):
        painter.setPen(thin_pen(colour))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            step = QPointF(dx, dy)
            move = centre + QPointF(shift, shift)
            painter.drawLine(move + step * 12, move + step * 20)


class Navigator:
    """The whole image, small, with the part that the canvas shows."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._of: tuple[int, float, BackdropStyle] | None = None
        self._shapes: list[Shape] = []

    def paint(
        self,
        painter: QPainter,
        frame: QRect,
        image: ImagePyramid,
        view: ViewTransform,
        canvas: QSize,
        ratio: float,
        style: BackdropStyle,
        shapes: list[Shape],
    ) -> None:
        """Paint into `frame` (widget pixels)."""
        paint_panel(painter, QRectF(frame))
        inner = frame.adjusted(FRAME, FRAME, -FRAME, -FRAME)
        small = ViewTransform(inner.width() / image.size[0], 0.0, 0.0)
        if self._image is None or self._of != (id(image), ratio, style) or self._shapes != shapes:
            self._image = _picture(image, inner.size(), small, ratio, style, shapes)
            self._of, self._shapes = (id(image), ratio, style), shapes
        painter.drawImage(inner.topLeft(), self._image)
        seen = visible_part(view, canvas, small).translated(inner.left(), inner.top()).intersected(QRectF(inner))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, grow in ((casing_colour(), 0.5), (QColor(255, 255, 255), -0.5)):
            painter.setPen(thin_pen(colour))
            painter.drawRect(seen.adjusted(-grow, -grow, grow, grow))


def _picture(
    image: ImagePyramid, size: QSize, view: ViewTransform, ratio: float, style: BackdropStyle, shapes: list[Shape]
) -> QImage:
    """The small image with the outlines of the shapes."""
    made = Backdrop(round(size.width() * ratio), round(size.height() * ratio))
    made.render(made.rect, image, None, view, ratio, style)
    picture = made.image.copy()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_shapes(painter, shapes, view, ratio, picture.rect())
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def visible_part(view: ViewTransform, canvas: QSize, small: ViewTransform) -> QRectF:
    """What the canvas shows, in the coordinates of another view of the same image."""
    x1, y1 = small.to_widget(view.to_image((0.0, 0.0)))
    x2, y2 = small.to_widget(view.to_image((float(canvas.width()), float(canvas.height()))))
    return QRectF(QPointF(x1, y1), QPointF(x2, y2))
