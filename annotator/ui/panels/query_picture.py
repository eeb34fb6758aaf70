"""One masked query in the panel of queries, and how remarks are pinned in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from annotator.domain.geometry import Box
from annotator.editing.drawing.remark_region import RemarkStroke
from annotator.editing.hit_testing import Point
from annotator.ui import overlay
from annotator.ui.canvas.layers import RemarkPin
from annotator.ui.canvas.pins import paint_pins, paint_region, pin_at
from annotator.ui.views import QueryCard
from annotator.ui.widgets.buttons import IconButton
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.picture import Picture
from annotator.ui.widgets.text import NameLabel, label

ROOMY = 272
"""Width from which the pinned picture says so beside its pin; below it the image's name takes the room."""


class RemarkedPicture(Picture):
    """A picture with the pins of remarks. While `remarking`, a click is a point, a drag a region, Enter the middle.

    `remark_wanted` carries the RemarkPlace, `remark_clicked` the id of a remark whose pin was clicked, `remark_hovered`
    the id under the cursor or None.
    """

    remark_wanted = Signal(object)
    remark_clicked = Signal(int)
    remark_hovered = Signal(object)

    def __init__(self, name: str, title: str, query: int) -> None:
        super().__init__(name, title)
        self._query = query
        self._pins: tuple[RemarkPin, ...] = ()
        self._remarking = False
        self._stroke: RemarkStroke | None = None
        self._over: int | None = None
        self._pressed: int | None = None
        self._look: Box | None = None

    @property
    def pins(self) -> tuple[RemarkPin, ...]:
        """The remarks that are shown."""
        return self._pins

    def set_pins(self, pins: Sequence[RemarkPin]) -> None:
        """Show remarks."""
        if tuple(pins) != self._pins:
            self._pins = tuple(pins)
            self.update()

    def look_at(self, box: Box) -> None:
        """Show a box of the image, also once the image has come or the widget has its size; until somebody moves it."""
        self._look = box
        self._show_look()

    def set_image(self, image: QImage | None) -> None:
        """Show an image in its first view, or at the box that is looked at."""
        super().set_image(image)
        self._show_look()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._show_look()

    def _show_look(self) -> None:
        look = self._look
        if look is not None:
            self.show_box(look)
            self._look = look

    def _told(self) -> None:
        self._look = None
        super()._told()

    def set_remarking(self, on: bool) -> None:
        """Take clicks and drags as places of remarks, or as ever."""
        self._remarking, self._stroke = on, None
        self.update_cursor()
        self.update()

    def update_cursor(self) -> None:
        """A cross where a press pins a remark."""
        self.setCursor(Qt.CursorShape.CrossCursor if self._remarking else Qt.CursorShape.OpenHandCursor)

    def to_widget(self, at: Point) -> Point:
        """Where a point of the image is shown."""
        spot = self.to_screen().map(QPointF(at[0] + 0.5, at[1] + 0.5))
        return spot.x(), spot.y()

    def to_image(self, at: QPointF) -> Point | None:
        """The point of the image at a place of the widget; None before there is an image."""
        back, possible = self.to_screen().inverted()
        if not possible or self.image_size is None:
            return None
        spot = back.map(at)
        return spot.x() - 0.5, spot.y() - 0.5

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        super().paintEvent(event)
        if self.image_size is None or not (self._pins or self._stroke):
            return
        painter = QPainter(self)
        paint_pins(painter, self._pins, self.to_widget)
        if self._stroke is not None and self._stroke.drawn:
            paint_region(painter, self._stroke.lasso.points, self.to_widget)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = pin_at(self._pins, self.to_widget, event.position()) if left else None
        if self._pressed is not None:
            return
        start, size = self.to_image(event.position()), self.image_size
        if self._remarking and left and start is not None and size is not None:
            self._stroke = RemarkStroke(start, size, self.to_screen().m11(), self._query)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        at = self.to_image(event.position())
        if self._stroke is not None and at is not None:
            self._stroke.add(at)
            self.update()
            return
        self._hover(pin_at(self._pins, self.to_widget, event.position()))
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        stroke, self._stroke = self._stroke, None
        pressed, self._pressed = self._pressed, None
        if stroke is not None:
            at = self.to_image(event.position())
            if at is not None:
                stroke.add(at)
            self.update()
            self.remark_wanted.emit(stroke.place())
        elif pressed is not None:
            self.remark_clicked.emit(pressed)
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        key, size = Qt.Key(event.key()), self.image_size
        middle = self.to_image(QPointF(self.width() / 2, self.height() / 2))
        if self._stroke is not None and key is Qt.Key.Key_Escape:
            self._stroke = None
            self.update()
        elif self._remarking and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and middle is not None and size:
            self.remark_wanted.emit(RemarkStroke(middle, size, 1.0, self._query).place())
        else:
            super().keyPressEvent(event)

    def _hover(self, remark: int | None) -> None:
        if remark != self._over:
            self._over = remark
            self.remark_hovered.emit(remark)


class QueryPicture(QWidget):
    """One masked query: picture, and below it name, zoom or pin."""

    pin_wanted = Signal(int)
    hovered = Signal(int, object)

    def __init__(self, card: QueryCard, pinned: bool) -> None:
        super().__init__()
        self.card = card
        name = f"query.{card.number}"
        self.picture = RemarkedPicture(
            f"{name}.picture", self.tr("Query {number}").format(number=card.number), card.number
        )
        annotation = card.annotation
        focus = overlay.object_box(annotation) if annotation is not None else None
        self.picture.set_annotation(annotation, focus)
        self.picture.hovered.connect(lambda place: self.hovered.emit(card.number, place))
        self.set_remarking(False)
        whole = column(self, gap=4)
        whole.addWidget(self.picture, 1)
        foot = row(gap=6)
        self._zoom = label("", "second")
        self._word: QWidget | None = None
        if pinned:
            foot.addWidget(NameLabel(card.image))
            foot.addWidget(label(self.tr("query {number}").format(number=card.number), "second", "quiet"))
            foot.addStretch(1)
            foot.addWidget(self._zoom)
            pin = IconButton("pin", self.tr("Pinned large"), f"{name}.pin", side=20)
            pin.set_drawing("pin", "accent")
            pin.setEnabled(True)
            foot.addWidget(pin)
            self._word = label(self.tr("pinned"), "second")
            foot.addWidget(self._word)
        else:
            foot.addWidget(label(self.tr("query {number}").format(number=card.number)))
            foot.addStretch(1)
            foot.addWidget(self._zoom)
            self.picture.clicked.connect(lambda: self.pin_wanted.emit(card.number))
        whole.addLayout(foot)
        self.picture.view_changed.connect(self._say_zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        if self._word is not None:
            self._word.setVisible(self.width() >= ROOMY)

    def set_remarking(self, on: bool) -> None:
        """Take remarks in the picture, or not."""
        self.picture.set_remarking(on)
        usual = self.tr("Wheel zooms, drag moves, double-click shows the query object, click pins")
        asked = self.tr("Click a place or draw around a region to remark on this query")
        self.picture.setToolTip(asked if on else usual)

    def _say_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom:.1f}×" if abs(zoom - 1) > 0.05 else "")
