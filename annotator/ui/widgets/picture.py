"""A picture with its outlines that zooms and pans on its own: queries, places, passes of a dispute."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.domain.errors import Place
from annotator.domain.geometry import Box, Size
from annotator.domain.shapes import Annotation
from annotator.ui import overlay, theme

LARGEST_ZOOM = 16.0
STEP = 1.2


class Picture(QWidget):
    """Shows an image cropped to `focus` (a box of the image) or whole; the wheel zooms, dragging pans.

    `hovered` carries the place under the cursor or None, `clicked` tells a press without a drag,
    `view_changed` the zoom in relation to the first view.
    """

    hovered = Signal(object)
    clicked = Signal()
    view_changed = Signal(float)

    def __init__(self, name: str, title: str, whole: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._whole = whole
        self._image: QPixmap | None = None
        self._annotation: Annotation | None = None
        self._tints: list[QImage] = []
        self._focus: QRectF | None = None
        self._zoom, self._shift = 1.0, QPointF()
        self._mark: Place | None = None
        self._drag: QPointF | None = None
        self._moved = False
        self._framed = False
        self._kept: QPixmap | None = None
        self._kept_for: tuple[QTransform, QSize, float] | None = None

    @property
    def zoom(self) -> float:
        """How much larger than in the first view."""
        return self._zoom

    @property
    def image_size(self) -> Size | None:
        """Size of the image in pixels; None without one."""
        return None if self._image is None else (self._image.width(), self._image.height())

    def set_image(self, image: QImage | None) -> None:
        """Show an image in its first view; None shows an empty frame."""
        self._image = QPixmap.fromImage(image) if image is not None else None
        self._zoom, self._shift = 1.0, QPointF()
        self._spoil()

    def set_annotation(self, annotation: Annotation | None, focus: Box | None = None) -> None:
        """Draw the shapes, and make the first view show `focus` with some room around it."""
        self._annotation = annotation
        self._focus = None
        if focus is not None:
            box = overlay.box_rect(focus)
            room = 0.06 * max(box.width(), box.height())
            self._focus = box.adjusted(-room, -room, room, room)
        self._spoil()

    def set_tints(self, tints: list[QImage]) -> None:
        """Coloured masks over the image, in its pixels."""
        self._tints = tints
        self._spoil()

    def set_mark(self, place: Place | None) -> None:
        """Mark a place with a cross-hair."""
        if place != self._mark:
            self._mark = place
            self.update()

    def set_framed(self, framed: bool) -> None:
        """Draw the accent frame of what is chosen."""
        self._framed = framed
        self.update()

    def view(self) -> tuple[float, QPointF]:
        """Zoom and shift, to link several pictures."""
        return self._zoom, QPointF(self._shift)

    def set_view(self, zoom: float, shift: QPointF) -> None:
        """Take over the zoom and shift of another picture."""
        self._zoom, self._shift = zoom, QPointF(shift)
        self.update()

    def show_box(self, box: Box) -> None:
        """Bring a box of the image into the middle, as large as it fits."""
        if self._image is None or self.width() < 1 or self.height() < 1:
            return
        wanted = overlay.box_rect(box)
        self._zoom, self._shift = 1.0, QPointF()
        first = self.to_screen().m11()
        fits = min(self.width() / wanted.width(), self.height() / wanted.height())
        self._zoom = min(max(fits / first, 1.0 if self._whole else 0.25), LARGEST_ZOOM)
        middle = self.to_screen().map(wanted.center())
        self._shift = QPointF(self.width() / 2, self.height() / 2) - middle
        self._told()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._spoil()

    def _spoil(self) -> None:
        self._kept = None
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(120, 90)

    def to_screen(self) -> QTransform:
        """From pixels of the image to this widget."""
        if self._image is None:
            return QTransform()
        box = self._focus if self._focus is not None else QRectF(self._image.rect())
        fits = (self.width() / box.width(), self.height() / box.height())
        size = self._image.size()
        cover = max(self.width() / size.width(), self.height() / size.height())
        first = min(fits) if self._whole else max(min(fits), cover)
        middle = box.center() if self._whole else self._covering(self._image, box.center(), first)
        scale = first * self._zoom
        dx = self.width() / 2 - middle.x() * scale + self._shift.x()
        dy = self.height() / 2 - middle.y() * scale + self._shift.y()
        return QTransform(scale, 0, 0, scale, dx, dy)

    def _covering(self, image: QPixmap, middle: QPointF, scale: float) -> QPointF:
        """The place nearest to `middle` around which the image fills the widget."""
        half = QPointF(self.width() / 2 / scale, self.height() / 2 / scale)
        wide, high = image.width(), image.height()
        return QPointF(
            min(max(middle.x(), half.x()), max(half.x(), wide - half.x())),
            min(max(middle.y(), half.y()), max(half.y(), high - half.y())),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour("canvas"))
        if self._image is not None:
            self._paint_image(painter, self._image)
        if self._framed or self.hasFocus():
            painter.resetTransform()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(theme.current().colour("accent"), 2 if self._framed else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = 1 if self._framed else 0
            painter.drawRect(self.rect().adjusted(edge, edge, -1 - edge // 2, -1 - edge // 2))

    def _paint_image(self, painter: QPainter, image: QPixmap) -> None:
        to_screen = self.to_screen()
        ratio = self.devicePixelRatioF()
        state = (to_screen, self.size(), ratio)
        if self._kept is None or self._kept_for != state:
            self._kept, self._kept_for = self._rendered(image, to_screen, ratio), state
        painter.drawPixmap(0, 0, self._kept)
        if self._mark is not None:
            overlay.draw_mark(painter, to_screen.map(QPointF(self._mark.x + 0.5, self._mark.y + 0.5)))

    def _rendered(self, image: QPixmap, to_screen: QTransform, ratio: float) -> QPixmap:
        """Image, tints and outlines as shown: kept, since a mark moves with the cursor."""
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(theme.current().colour("canvas"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(to_screen)
        painter.drawPixmap(0, 0, image)
        for tint in self._tints:
            painter.drawImage(0, 0, tint)
        painter.resetTransform()
        if self._annotation is not None:
            overlay.draw_shapes(painter, self._annotation, to_screen)
        painter.end()
        return made

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a place of the widget, its middle by default."""
        before = self._zoom
        self._zoom = min(max(before * factor, 1.0 if self._whole else 0.25), LARGEST_ZOOM)
        middle = QPointF(self.width() / 2, self.height() / 2)
        offset = (at if at is not None else middle) - middle - self._shift
        self._shift += offset * (1 - self._zoom / before)
        if self._whole and self._zoom == 1.0:
            self._shift = QPointF()
        self._told()

    def reset_view(self) -> None:
        """Back to the first view."""
        self._zoom, self._shift = 1.0, QPointF()
        self._told()

    def _told(self) -> None:
        self.update()
        self.view_changed.emit(self._zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if self._drag is not None:
            step = event.position() - self._drag
            if self._moved or step.manhattanLength() > 4:
                self._moved, self._drag = True, event.position()
                self._shift += step
                self._told()
            return
        if self._image is not None:
            back, possible = self.to_screen().inverted()
            if possible:
                spot = back.map(event.position())
                self.hovered.emit(Place(spot.x() - 0.5, spot.y() - 0.5))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if self._drag is not None and not self._moved:
            self.clicked.emit()
        self._drag = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        self.reset_view()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 (Qt's name)
        super().enterEvent(event)
        self.update_cursor()

    def update_cursor(self) -> None:
        """The cursor that says what a press does."""
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        moves = {
            Qt.Key.Key_Left: (24, 0),
            Qt.Key.Key_Right: (-24, 0),
            Qt.Key.Key_Up: (0, 24),
            Qt.Key.Key_Down: (0, -24),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self._shift += QPointF(*moves[key])
            self._told()
        elif event.text() in ("+", "="):
            self.zoom_by(STEP)
        elif event.text() == "-":
            self.zoom_by(1 / STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
