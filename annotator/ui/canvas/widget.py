"""The canvas widget: an image, the polygons of a session, a tool, and the marks that the window puts on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QUndoStack, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.domain.geometry import Box
from annotator.domain.rules import Rules
from annotator.domain.shapes import OccluderKind
from annotator.editing.hit_testing import Point, VertexRef
from annotator.editing.session import Change, EditingSession
from annotator.editing.windows import box_window
from annotator.ui.canvas.adjustment import Adjustment
from annotator.ui.canvas.desk import Desk
from annotator.ui.canvas.frame import Frame, Scene
from annotator.ui.canvas.layers import BACKDROP_LAYERS, TOP_LAYERS, CanvasLayers
from annotator.ui.canvas.marks import mark_at, vertex_near
from annotator.ui.canvas.navigation import Navigation
from annotator.ui.canvas.painting import Insets, paint_canvas
from annotator.ui.canvas.pyramid import ImagePyramid, build_pyramid
from annotator.ui.canvas.signals import CanvasSignals
from annotator.ui.canvas.undo import UndoBridge
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.tools.base import LimitBox, Selection, Tool, ToolEvent


def _nothing() -> None:
    """What a canvas without a session has to end."""


class CanvasWidget(CanvasSignals):
    """Shows and edits one image. Feed it with `set_image`, `set_session`, `set_tool` and `layers`.

    The keys of tools, undo and view are the window's actions; the canvas itself takes Space (pan), Esc, Enter,
    Backspace, Delete, the arrows, and Z held to blink.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Canvas"))
        self.scene = Scene()
        self.scene.layers.on_change = self._layer_changed
        self.navigation = Navigation(self, lambda: self.scene.image.size if self.scene.image else None)
        self.navigation.changed.connect(self._view_moved)
        self.undo_stack = QUndoStack(self)
        self.insets = Insets()
        self.cursor_at: QPointF | None = None
        self.limit: LimitBox | None = None
        self.tool: Tool | None = None
        self.desk = Desk(self)
        self._frame: Frame | None = None
        self._bridge: UndoBridge | None = None
        self._unlisten: Callable[[], None] = _nothing

    # what is shown

    @property
    def layers(self) -> CanvasLayers:
        """What is shown beside the polygons; set its attributes."""
        return self.scene.layers

    @property
    def session(self) -> EditingSession | None:
        """The session that is edited."""
        return self.scene.session

    @property
    def view(self) -> ViewTransform:
        """How the image lies on the canvas."""
        return self.scene.view

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self.desk.selection

    def set_image(self, image: ImagePyramid | NDArray[np.uint8] | None, *, fit: bool = True) -> None:
        """Show an image: a pyramid built in a worker, or RGB `(height, width, 3)` uint8, or nothing."""
        self.scene.image = build_pyramid(image) if isinstance(image, np.ndarray) else image
        self.insets.forget()
        if fit:
            self.navigation.fit()
        self._spoil()

    def set_session(self, session: EditingSession | None, *, read_only: bool = False) -> None:
        """Edit (or with `read_only` only show) this session; a gesture in the old one is given up."""
        if self.tool is not None:
            self.tool.cancel()
        self._unlisten()
        if self._bridge is not None:
            self._bridge.close()
        if self._frame is not None:
            self._frame.spoil_sessions(self.scene.session, session)
        self.scene.session = session
        self.desk.read_only = read_only
        self._bridge = UndoBridge(session, self.undo_stack) if session else None
        self._unlisten = session.listen(self._session_changed) if session else _nothing
        self.desk.forget()
        self.update()

    def set_tool(self, tool_class: type[Tool] | None) -> None:
        """Take another tool; what the present one had half drawn is forgotten."""
        if self.tool is not None:
            self.tool.cancel()
        self.desk.show_limit(None)
        self.tool = tool_class(self.desk) if tool_class else None
        self._show_cursor()
        if self.tool is not None:
            self.desk.hint(self.tool.help)
            self.tool_changed.emit(self.tool.name)
            self.tool.begin()
        self.update()

    def set_rules(self, rules: Rules) -> None:
        """The rules that occluders are measured by."""
        self.desk.rules = rules

    def set_overlay(self, share: float) -> None:
        """Strength of the mask's tint from 0 to 1; 0.4 is the usual 16 % tint."""
        self.scene.overlay = min(max(share, 0.0), 1.0)
        self._spoil(shapes=False)

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Brightness, contrast, gamma and edge view; many settings between two repaints cost one."""
        if adjustment != self.scene.adjustment:
            self.scene.adjustment = adjustment
            self._spoil(shapes=False)

    def set_insets(self, *, loupe: bool | None = None, navigator: bool | None = None) -> None:
        """Show or hide the loupe and the navigator (None: as it is)."""
        self.insets.loupe_on = self.insets.loupe_on if loupe is None else loupe
        self.insets.navigator_on = self.insets.navigator_on if navigator is None else navigator
        self.update()

    def theme_changed(self) -> None:
        """Repaint in the present theme."""
        self.insets.forget()
        self._spoil()

    # what a person does through the window's actions

    def undo(self) -> None:
        """Take the last step back, or the last point of what is half drawn."""
        if self.tool is not None and self.tool.key(Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier):
            return
        if self.session is not None and not self.desk.read_only:
            self.session.undo()  # not the stack, which knows no step from before the session came back to the canvas

    def redo(self) -> None:
        """Do the step again that was undone last."""
        if self.session is not None and not self.desk.read_only:
            self.session.redo()

    def fit(self) -> None:
        """Show the whole image."""
        self.navigation.fit()

    def show_box(self, box: Box) -> None:
        """Bring a box of the image into the middle and enlarge it."""
        self.navigation.show_box(box)

    def select(self, shapes: tuple[str, ...], vertices: tuple[VertexRef, ...] = ()) -> None:
        """Select shapes and vertices, as a click does."""
        self.desk.select(shapes, vertices)

    def set_blinking(self, on: bool) -> None:
        """Show `layers.blink` (or the image alone) in place of the polygons, while a key is held."""
        if self.scene.blinking != on:
            self.scene.blinking = on
            self._spoil()

    def set_brush_size(self, size: float) -> None:
        """Width of brush and eraser in image pixels."""
        self.desk.brush_size = float(min(max(size, 1.0), 2000.0))
        self.brush_size_changed.emit(self.desk.brush_size)
        self.update()

    def scale_brush(self, steps: int) -> None:
        """Larger or smaller by about a fifth a step, by a pixel at least."""
        size = self.desk.brush_size
        for _ in range(abs(steps)):
            size = max(size * 1.2, size + 1) if steps > 0 else min(size / 1.2, size - 1)
        self.set_brush_size(round(size))

    def set_occluder_kind(self, kind: OccluderKind) -> None:
        """The kind that the next occluders get."""
        self.desk.occluder_kind = kind

    # repainting

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(820, 660)

    def frame(self) -> Frame:
        """The cached layers of the present size."""
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        made = self._frame
        if made is None or made.ratio != ratio or made.backdrop.rect.size() != QSize(width, height):
            made = self._frame = Frame(self.scene, width, height, ratio)
        return made

    def update_box(self, box: Box | None) -> None:
        """Repaint a box of the image with room for markers; None: everything."""
        if box is None:
            self.update()
            return
        self._update_device(self.frame().device_rect(box_window(box), margin=14))

    def _update_device(self, rect: QRect) -> None:
        ratio = self.devicePixelRatioF()
        left, top = int(rect.left() / ratio) - 1, int(rect.top() / ratio) - 1
        self.update(left, top, int(rect.width() / ratio) + 3, int(rect.height() / ratio) + 3)
        for inset in self.insets.live_rects(self):
            self.update(inset)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        frame = self.frame()
        frame.refresh()
        paint_canvas(self, frame, event.region())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        self.navigation.resized()
        super().resizeEvent(event)

    def _spoil(self, *, backdrop: bool = True, shapes: bool = True) -> None:
        if self._frame is not None:
            self._frame.spoil(backdrop=backdrop, shapes=shapes)
        self.update()

    def _view_moved(self) -> None:
        self.scene.view = self.navigation.view
        self._spoil()
        self.view_changed.emit(self.scene.view)

    def _layer_changed(self, name: str) -> None:
        if name == "linked" or name in TOP_LAYERS:
            self.update()
        else:
            self._spoil(backdrop=name in BACKDROP_LAYERS)

    def _session_changed(self, change: Change) -> None:
        self.desk.session_changed(change)
        if not change.window.empty and not self.scene.blinking:
            committed = any(shape_id not in self.scene.live for shape_id in change.shape_ids) or not change.shape_ids
            self._update_device(self.frame().spoil_window(change.window, shapes=committed))
        self.edited.emit(change)

    def selection_shown(self, live: tuple[str, ...]) -> None:
        """The shapes that are painted live changed: the others go to the cached layer."""
        if live != self.scene.live:
            self.scene.live = live
            self._spoil(backdrop=False)
        else:
            self.update()

    def show_limit(self, limit: LimitBox | None) -> None:
        """Show the measure of an occlusion beside it."""
        if limit != self.limit:
            self.limit = limit
            self.limit_changed.emit(limit)
            self.update()

    # mouse and keys

    def tool_event(self, position: QPointF, modifiers: Qt.KeyboardModifier, *, double: bool = False) -> ToolEvent:
        """A place of the widget as tools see it."""
        place: Point = position.x(), position.y()
        return ToolEvent(self.view.to_image(place), place, modifiers, double)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if self.navigation.press(event):
            self._show_cursor()
        elif self._is_for_tool(event) and not self._clicked_on_top(event.position()):
            self._give_press(event, double=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() is Qt.MouseButton.LeftButton:
            self._give_press(event, double=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        before, self.cursor_at = self.cursor_at, event.position()
        if self.navigation.move(event):
            return
        given = self.tool_event(event.position(), event.modifiers())
        if self.insets.dragging:
            self._navigate(event.position())
        elif self.tool is not None and self._can_work():
            self.tool.move(given)
        self._repaint_near(before, event.position())
        self.cursor_moved.emit(*given.at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if self.navigation.release():
            self._show_cursor()
        elif self.insets.dragging:
            self.insets.dragging = False
        elif self._is_for_tool(event) and self.tool is not None and self._can_work():
            self.tool.release(self.tool_event(event.position(), event.modifiers()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        self.navigation.wheel(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        self.cursor_at = None
        if self.tool is not None:
            self.tool.leave()
        self.cursor_left.emit()
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Space and not event.isAutoRepeat():
            self.navigation.space = True
            self._show_cursor()
        elif key is Qt.Key.Key_Z and not event.modifiers():
            self.set_blinking(True)
        elif key is Qt.Key.Key_F and not event.modifiers():
            self.fit()
        elif key is Qt.Key.Key_Escape:
            self.desk.escape()
        elif self.tool is None or not self._can_work() or not self.tool.key(key, event.modifiers()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self.navigation.space = False
            self._show_cursor()
        elif event.key() == Qt.Key.Key_Z:
            self.set_blinking(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        self.navigation.space = False
        self.set_blinking(False)
        super().focusOutEvent(event)

    def _can_work(self) -> bool:
        return self.session is not None and not self.desk.read_only and not self.scene.blinking

    def _give_press(self, event: QMouseEvent, *, double: bool) -> None:
        if self.tool is not None and self._can_work():
            given = self.tool_event(event.position(), event.modifiers(), double=double)
            self.tool.press(replace(given, right=event.button() is Qt.MouseButton.RightButton))

    def _is_for_tool(self, event: QMouseEvent) -> bool:
        right = self.tool is not None and self.tool.uses_right_button
        return event.button() is Qt.MouseButton.LeftButton or (right and event.button() is Qt.MouseButton.RightButton)

    def _clicked_on_top(self, at: QPointF) -> bool:
        """True when the click was for the navigator, a remark or a place."""
        if self.scene.image is not None and self.insets.navigator_rect(self).contains(at.toPoint()):
            self.insets.dragging = True
            self._navigate(at)
            return True
        mark = mark_at(self.layers, self.view, at)
        if mark is None or (mark[0] == "remark" and vertex_near(self.session, self.selection.shapes, self.view, at)):
            return False
        (self.remark_clicked if mark[0] == "remark" else self.place_clicked).emit(mark[1])
        return True

    def _navigate(self, at: QPointF) -> None:
        self.navigation.centre_on(self.insets.image_point(self, at))

    def _repaint_near(self, before: QPointF | None, now: QPointF) -> None:
        """The large markers follow the cursor, and the loupe shows its surroundings."""
        for place in (before, now):
            if place is not None:
                self.update(QRect(place.toPoint(), QSize(1, 1)).adjusted(-96, -96, 96, 96))
        for inset in self.insets.live_rects(self):
            self.update(inset)

    def _show_cursor(self) -> None:
        if self.navigation.panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.navigation.space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.tool is not None:
            self.setCursor(self.tool.cursor)
        else:
            self.unsetCursor()
