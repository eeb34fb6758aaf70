"""What the tools work with: the canvas's side of `ToolHost`. Selection, snapping, and edits that may be refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from annotator.domain.errors import AnnotatorError, GeometryError
from annotator.domain.geometry import Box
from annotator.domain.remarks import RemarkPlace
from annotator.domain.rules import Rules
from annotator.domain.shapes import OccluderKind
from annotator.editing.drawing.carrying import CopySource
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point, VertexRef
from annotator.editing.occlusion import LiveGauge, role_of
from annotator.editing.session import Change, EditingSession
from annotator.editing.snapping import inside_image, snapped
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.click_reader import ClickReader, Reading
from annotator.ui.tools.base import SNAP_RADIUS, LimitBox, Selection, ToolEvent, on_grid
from annotator.ui.workers import Done, Failed, Job, run_here

if TYPE_CHECKING:
    from annotator.ui.canvas.widget import CanvasWidget


log = logging.getLogger(__name__)

Runner = Callable[[str, Job, Done, Failed], object]
"""`Workers.submit`, or `run_here` where there are no workers."""


FAULT = "This could not be worked out; the program's log says why."

NO_CLICKS = "There is no click-to-mask model here."


class Desk:
    """Stands between the tools and the widget. The window sets `runner` to its workers, `sources` and `clicks`."""

    def __init__(self, canvas: CanvasWidget) -> None:
        self._canvas = canvas
        self.rules = Rules()
        self.selection = Selection()
        self.read_only = False
        self.brush_size = 24.0
        self.occluder_kind = OccluderKind.BUILDING
        self.occluder_override = False
        self.snapping = True
        self.runner: Runner = run_here
        self.sources: Callable[[], Sequence[CopySource]] = tuple
        self.clicks: ClickReader | None = None
        self._gauge = LiveGauge()

    @property
    def session(self) -> EditingSession | None:
        """The session that is edited."""
        return self._canvas.session

    @property
    def view(self) -> ViewTransform:
        """How the image lies on the canvas."""
        return self._canvas.view

    @property
    def picture(self) -> ImagePyramid | None:
        """The image that is drawn on."""
        return self._canvas.scene.image

    @property
    def seen(self) -> Box:
        """The part of the image that the canvas shows."""
        size = self.session.annotation.size if self.session else (1, 1)
        first = inside_image(self.view.to_image((0, 0)), size)
        return *first, *inside_image(self.view.to_image((self._canvas.width(), self._canvas.height())), size)

    def work(self, name: str, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run `job` beside the window; its result is dropped when the tool or the session was changed meanwhile."""
        arrived, failed = self._for_present_tool(done)
        self.runner(f"tool:{name}", lambda _token: job(), arrived, failed)

    def read_for_clicks(self, done: Callable[[Reading], None]) -> bool:
        """Have the click-to-mask model read the picture; False where there is none, which the person is told."""
        picture = self.picture
        if self.session is None or picture is None or self.read_only:
            return False
        refusal = self.click_refusal()
        if self.clicks is None or refusal:
            self.hint(refusal)
            return False
        self.clicks.want(picture, self.runner, *self._for_present_tool(done))
        return True

    def click_refusal(self) -> str:
        """Why click-to-mask cannot be used; empty where it can."""
        return self.clicks.refusal() if self.clicks is not None else NO_CLICKS

    def _for_present_tool(self, done: Callable[[Any], None]) -> tuple[Done, Failed]:
        """What to do with a result and with a failure, while the tool and the session stay the same."""
        tool, session = self._canvas.tool, self.session

        def current() -> bool:
            return self._canvas.tool is tool and self.session is session

        def arrived(result: Any) -> None:
            if current():
                done(result)

        def failed(error: Exception) -> None:
            if not isinstance(error, AnnotatorError):
                log.error("The tool's work failed.", exc_info=error)
            if current() and tool is not None:
                tool.cancel()
                self._canvas.refused.emit(_sentence(error) if isinstance(error, AnnotatorError) else FAULT)

        return arrived, failed

    def copy_sources(self) -> Sequence[CopySource]:
        """The images whose masks can be copied here."""
        return self.sources()

    def choose(self, titles: Sequence[str], chosen: Callable[[int], None]) -> None:
        """A menu at the cursor."""
        menu = QMenu(self._canvas)
        menu.setObjectName("choice")
        for number, title in enumerate(titles):
            menu.addAction(title).triggered.connect(lambda _checked=False, row=number: chosen(row))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

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
            self._canvas.refused.emit(_sentence(error))
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

    def ask_remark(self, place: RemarkPlace) -> None:
        """Ask for a remark at a place."""
        self._canvas.remark_requested.emit(place)

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
            self.hint(tool.help)
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


def _sentence(error: AnnotatorError) -> str:
    """The text of an error as a sentence; those of geometry are often parts of one."""
    text = str(error)
    if not isinstance(error, GeometryError):
        return text
    return text[:1].upper() + text[1:].rstrip(".") + "."
