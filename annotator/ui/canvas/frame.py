"""The cached layers of the canvas and how they are brought up to date: only where something changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRect

from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation, Shape
from annotator.editing.session import EditingSession
from annotator.editing.windows import Window, changed_window
from annotator.ui import theme
from annotator.ui.canvas.adjustment import Adjustment
from annotator.ui.canvas.backdrop import Backdrop, BackdropStyle
from annotator.ui.canvas.layers import CanvasLayers
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.canvas.shape_layer import ShapeLayer, paint_backings, paint_shapes
from annotator.ui.canvas.view_transform import ViewTransform

TINT_AT_FULL = 0.4
"""Opacity of the mask's tint with the overlay at 100 %; the usual 40 % give the 16 % of the design."""


@dataclass(slots=True)
class Scene:
    """What the layers are made from; the canvas changes it and says what became stale."""

    image: ImagePyramid | None = None
    session: EditingSession | None = None
    layers: CanvasLayers = field(default_factory=CanvasLayers)
    view: ViewTransform = field(default_factory=ViewTransform)
    adjustment: Adjustment = field(default_factory=Adjustment)
    overlay: float = 0.4
    live: tuple[str, ...] = ()
    blinking: bool = False

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that are shown now; over a difference only those that can be edited, since they are selected."""
        if self.session is None or self.blinking:
            return ()
        shown = (shape for shape in self.session.annotation.shapes if shape.id not in self.layers.hidden)
        return tuple(shape for shape in shown if self.layers.difference is None or shape.id in self.live)

    @property
    def committed(self) -> tuple[Shape, ...]:
        """The shown shapes of the cached layer."""
        return tuple(shape for shape in self.shapes if shape.id not in self.live)

    @property
    def active(self) -> list[Shape]:
        """The shown shapes that are painted live."""
        return [shape for shape in self.shapes if shape.id in self.live]

    def style(self) -> BackdropStyle:
        """How the backdrop is painted."""
        shown = theme.current()
        tint = self.overlay * TINT_AT_FULL
        return BackdropStyle(shown.colour("canvas"), shown.colour("overlay_object"), tint, self.adjustment)


class Frame:
    """Backdrop and shape layer of one canvas size, redrawn in the rectangles that were marked stale."""

    def __init__(self, scene: Scene, width: int, height: int, ratio: float) -> None:
        self.scene = scene
        self.ratio = ratio
        self.backdrop = Backdrop(width, height)
        self.shapes = ShapeLayer(width, height)
        self._stale_backdrop = self.backdrop.rect
        self._stale_shapes = self.backdrop.rect
        self._blink: tuple[Annotation, Mask] | None = None

    def spoil(self, *, backdrop: bool = True, shapes: bool = True) -> None:
        """Everything of a layer is stale."""
        if backdrop:
            self._stale_backdrop = self.backdrop.rect
        if shapes:
            self._stale_shapes = self.backdrop.rect

    def spoil_window(self, window: Window, *, shapes: bool) -> QRect:
        """A window of the image is stale; returns it in device pixels."""
        rect = self.device_rect(window)
        self._stale_backdrop = self._stale_backdrop.united(rect)
        if shapes:
            self._stale_shapes = self._stale_shapes.united(rect)
        return rect

    def spoil_sessions(self, *sessions: EditingSession | None) -> None:
        """One session takes the place of another: their masks' tint is stale, and every shape."""
        self.spoil(backdrop=False)
        for session in sessions:
            if session is not None and session.annotation.shapes:
                nothing = Annotation(session.annotation.size)
                self.spoil_window(changed_window(nothing, session.annotation), shapes=False)

    def device_rect(self, window: Window, margin: int = 8) -> QRect:
        """A window of the image in device pixels, with room for pens and markers."""
        x1, y1 = self.scene.view.to_widget((window.x1 - 0.5, window.y1 - 0.5))
        x2, y2 = self.scene.view.to_widget((window.x2 - 0.5, window.y2 - 0.5))
        grow = margin * self.ratio
        left, top = int(x1 * self.ratio - grow), int(y1 * self.ratio - grow)
        right, bottom = int(x2 * self.ratio + grow) + 1, int(y2 * self.ratio + grow) + 1
        return QRect(left, top, right - left, bottom - top).intersected(self.backdrop.rect)

    def refresh(self) -> None:
        """Redraw what is stale."""
        if not self._stale_backdrop.isEmpty():
            self._draw_backdrop(self._stale_backdrop)
            self._stale_backdrop = QRect()
        if not self._stale_shapes.isEmpty():
            self._draw_shapes(self._stale_shapes)
            self._stale_shapes = QRect()

    def _draw_backdrop(self, rect: QRect) -> None:
        scene = self.scene
        self.backdrop.render(rect, scene.image, self._shown_mask(), scene.view, self.ratio, scene.style())

    def _shown_mask(self) -> Mask | None:
        scene = self.scene
        if scene.overlay <= 0 or scene.image is None:
            return None
        if scene.blinking:
            return self._blink_mask(scene.layers.blink)
        if scene.session is None or scene.layers.difference is not None:
            return None
        mask = scene.session.mask
        return mask if mask.shape == scene.image.levels[0].shape[:2] else None

    def _blink_mask(self, annotation: Annotation | None) -> Mask | None:
        if annotation is None:
            return None
        if self._blink is None or self._blink[0] is not annotation:
            self._blink = annotation, mask_of(annotation)
        return self._blink[1]

    def _draw_shapes(self, rect: QRect) -> None:
        scene = self.scene
        painter = self.shapes.begin(rect)
        if scene.blinking:
            if scene.layers.blink is not None:
                paint_shapes(painter, scene.layers.blink.shapes, scene.view, self.ratio, rect)
        else:
            paint_backings(painter, scene.layers, scene.view, self.ratio, rect)
            paint_shapes(painter, scene.committed, scene.view, self.ratio, rect)
        painter.end()
