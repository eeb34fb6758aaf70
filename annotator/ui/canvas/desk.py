"""What the tools work with: the canvas's side of `ToolHost`. Selection, snapping, and edits that may be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Box
from annotator.domain.rules import Rules
from annotator.domain.shapes import OccluderKind
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point, VertexRef
from annotator.editing.occlusion import LiveGauge, role_of
from annotator.editing.session import Change, EditingSession
from annotator.editing.snapping import inside_image, snapped
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.tools.base import SNAP_RADIUS, LimitBox, Selection, ToolEvent, on_grid

if TYPE_CHECKING:
    from annotator.ui.canvas.widget import CanvasWidget


class Desk:
    """Stands between the tools and the widget."""

    def __init__(self, canvas: CanvasWidget) -> None:
        self._canvas = canvas
        self.rules = Rules()
        self.selection = Selection()
        self.read_only = False
        self.brush_size = 24.0
        self.occluder_kind = OccluderKind.BUILDING
        self.occluder_override = False
        self.snapping = True
        self._gauge = LiveGauge()

    @property
    def session(self) -> EditingSession | None:
        """The session that is edited."""
        return self._canvas.session

    @property
    def view(self) -> ViewTransform:
        """How the image lies on the canvas."""
        return self._canvas.view

    def do(self, edit: Edit | None, merge_key: str | None = None) -> bool:
        """Apply an edit; False when there was none or it was refused, which the person is told."""
        return edit is not None and self.attempt(lambda: edit, merge_key)

    def attempt(self, action: Callable[[], Edit | None], merge_key: str | None = None) -> bool:
        """Make and apply an edit; False when there was none or a GeometryError stood against it."""
        if self.session is None or self.read_only:
            return False
        try:
            edit = action()
            if edit is None:
                return False
            self.session.apply(edit, merge_key)
        except GeometryError as error:
            text = str(error)
            self._canvas.refused.emit(text[:1].upper() + text[1:].rstrip(".") + ".")
            return False
        return True

    def settle(self) -> None:
        """End the gesture."""
        if self.session is not None:
            self.session.settle()

    def abandon(self) -> None:
        """Give the gesture up."""
        if self.session is not None:
            self.session.cancel()

    def select(self, shapes: tuple[str, ...], vertices: tuple[VertexRef, ...] = ()) -> None:
        """Select shapes and vertices."""
        chosen = Selection(shapes, vertices)
        if chosen != self.selection:
            self.selection = chosen
            self._canvas.selection_shown(shapes)
            self._measure_selected()
            self._canvas.selection_changed.emit(chosen)

    def snap(self, event: ToolEvent, exclude: frozenset[str] = frozenset()) -> Point:
        """Where a drawn point goes: inside the image, snapped unless Ctrl is held."""
        if self.session is None:
            return on_grid(event.at)
        annotation = self.session.annotation
        if event.holds(Qt.KeyboardModifier.ControlModifier) or not self.snapping:
            return on_grid(inside_image(event.at, annotation.size))
        return on_grid(snapped(annotation, event.at, SNAP_RADIUS / self.view.scale, exclude).point)

    def refresh(self, box: Box | None = None) -> None:
        """Repaint a box of the image (None: everything)."""
        self._canvas.update_box(box)

    def hint(self, text: str) -> None:
        """Say in the status bar what can be done now."""
        self._canvas.hint_changed.emit(text)

    def show_limit(self, limit: LimitBox | None) -> None:
        """Show the measure of an occlusion."""
        self._canvas.show_limit(limit)

    def ask_remark(self, at: Point) -> None:
        """Ask for a remark at a place."""
        self._canvas.remark_requested.emit(*at)

    def _measure_selected(self) -> None:
        """The limit box stands beside the one occlusion that is selected."""
        chosen = self.selection.shapes
        if self.session is None or len(chosen) != 1:
            self.show_limit(None)
            return
        annotation = self.session.annotation
        shape = next((shape for shape in annotation.shapes if shape.id == chosen[0]), None)
        if shape is None or shape.kind is None:
            self.show_limit(None)
            return
        size = self._gauge.measure(annotation, self.rules, shape.polygon)
        self.show_limit(LimitBox(size, shape.polygon, shape.kind, role_of(size) is not shape.role))

    def escape(self) -> None:
        """Esc: give up what is half drawn and the gesture, else select nothing."""
        tool = self._canvas.tool
        in_gesture = self.session is not None and self.session.in_gesture
        used = tool is not None and tool.key(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        if tool is not None:
            tool.cancel()
        self.abandon()
        if not used and not in_gesture:
            self.select(())
        self._canvas.update()

    def forget(self) -> None:
        """Another session: nothing is selected."""
        self.selection = Selection()
        self._canvas.scene.live = ()
        self._canvas.show_limit(None)
        self._canvas.selection_changed.emit(self.selection)

    def session_changed(self, change: Change) -> None:
        """Deselect what is gone, and measure the selected occlusion again."""
        if not set(self.selection.shapes).isdisjoint(change.shape_ids):
            self._measure_selected()
        if self.session is None or change.live:
            return
        shapes = {shape.id: shape for shape in self.session.annotation.shapes}
        kept = tuple(shape_id for shape_id in self.selection.shapes if shape_id in shapes)

        def stands(ref: VertexRef) -> bool:
            rings = shapes[ref.shape_id].polygon.rings if ref.shape_id in shapes else ()
            return ref.ring < len(rings) and ref.index < len(rings[ref.ring])

        vertices = tuple(ref for ref in self.selection.vertices if stands(ref))
        if kept != self.selection.shapes or vertices != self.selection.vertices:
            self.select(kept, vertices)
