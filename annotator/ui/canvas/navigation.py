"""Zoom, pan and fit of the canvas, and the hands that do it: wheel, middle button, Space, navigator."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from annotator.domain.geometry import Box, Size
from annotator.ui.canvas.view_transform import ViewTransform, centred, fitted, framed

ZOOM_STEP = 1.25
NOTCH = 120
"""Eighths of a degree of one notch of a wheel."""

SCROLL = 60.0
"""Widget pixels that one notch scrolls."""


class Navigation(QObject):
    """Holds the view of a canvas. `fits` stays true until somebody zooms or pans, so that resizing keeps the fit."""

    changed = Signal()

    def __init__(self, canvas: QWidget, image_size: Callable[[], Size | None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image_size = image_size
        self._held: QPointF | None = None
        self.view = ViewTransform()
        self.fits = True
        self.space = False

    @property
    def panning(self) -> bool:
        """True while the image is dragged."""
        return self._held is not None

    def fit(self) -> None:
        """Show the whole image."""
        size = self._image_size()
        if size is not None:
            self._set(fitted(size, self._room()))
            self.fits = True

    def zoom_to(self, scale: float, about: QPointF | None = None) -> None:
        """Zoom (1.0 is 100 %) about a place of the widget; None: the middle."""
        place = about or QPointF(self._canvas.rect().center())
        self._set(self.view.zoomed(scale, (place.x(), place.y())))

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom by a factor; a step that would pass 100 % stops there."""
        now, then = self.view.scale, self.view.scale * factor
        if (now - 1.0) * (then - 1.0) < 0 and abs(now - 1.0) > 1e-9:
            then = 1.0
        self.zoom_to(then, about)

    def actual_size(self) -> None:
        """100 % about the middle."""
        self.zoom_to(1.0)

    def show_box(self, box: Box) -> None:
        """Bring a box of the image into the middle, enlarged so that it can be judged."""
        self._set(framed(box, self._room()))

    def show_whole(self, scale: float) -> None:
        """The image in the middle at a zoom."""
        size = self._image_size()
        if size is not None:
            self._set(centred(size, self._room(), scale))

    def set_view(self, view: ViewTransform) -> None:
        """Show exactly this, for linked canvases."""
        self._set(view)

    def centre_on(self, at: tuple[float, float]) -> None:
        """Bring a point of the image into the middle at the same zoom."""
        x, y = self.view.to_widget(at)
        middle = self._canvas.rect().center()
        self._set(self.view.shifted(middle.x() - x, middle.y() - y))

    def resized(self) -> None:
        """The canvas has another size."""
        if self.fits:
            self.fit()
        else:
            self._set(self.view)

    def wheel(self, event: QWheelEvent) -> None:
        """Ctrl+wheel zooms about the cursor, the wheel scrolls, Shift+wheel scrolls sideways."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / NOTCH), event.position())
            return
        delta: QPoint = event.pixelDelta()
        dx, dy = float(delta.x()), float(delta.y())
        if delta.isNull():
            dx = event.angleDelta().x() / NOTCH * SCROLL
            dy = event.angleDelta().y() / NOTCH * SCROLL
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and dx == 0:
            dx, dy = dy, 0.0
        self._set(self.view.shifted(dx, dy))

    def press(self, event: QMouseEvent) -> bool:
        """True when the press starts a pan."""
        left_with_space = self.space and event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or left_with_space:
            self._held = event.position()
            return True
        return False

    def move(self, event: QMouseEvent) -> bool:
        """True when the move pans."""
        if self._held is None:
            return False
        step = event.position() - self._held
        self._held = event.position()
        self._set(self.view.shifted(step.x(), step.y()))
        return True

    def release(self) -> bool:
        """True when the release ends a pan."""
        panned, self._held = self._held is not None, None
        return panned

    def _room(self) -> Size:
        return max(self._canvas.width(), 1), max(self._canvas.height(), 1)

    def _set(self, view: ViewTransform) -> None:
        size = self._image_size()
        self.fits = False
        if size is not None:
            view = view.kept_in(size, self._room())
        view = view.on_pixels(self._canvas.devicePixelRatioF())
        if view != self.view:
            self.view = view
            self.changed.emit()
