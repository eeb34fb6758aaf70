"""What a tool is and what the canvas offers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from annotator.domain.geometry import Box, Points, Polygon
from annotator.domain.remarks import RemarkPlace
from annotator.domain.rules import OcclusionSize, Rules
from annotator.domain.shapes import OccluderKind, Role
from annotator.editing.drawing.carrying import CopySource
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point, VertexRef
from annotator.editing.occlusion import role_of
from annotator.editing.session import EditingSession
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.click_reader import Reading

HIT_RADIUS = 8.0
"""Widget pixels within which a vertex or an edge is under the cursor."""

SNAP_RADIUS = 7.0
"""Widget pixels within which a drawn point snaps."""

WORTH_KEEPING = 3
"""Points of an outline that is not given up without a word: fewer are no polygon, and are soon clicked again."""

GRID = 16
"""Drawn points lie on sixteenths of a pixel, so that moving them back and forth leads to the same bits."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected shapes, and the selected vertices of theirs."""

    shapes: tuple[str, ...] = ()
    vertices: tuple[VertexRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolEvent:
    """A mouse event: `at` in the image (not snapped, maybe outside), `widget` on the canvas; `right` button or left."""

    at: Point
    widget: Point
    modifiers: Qt.KeyboardModifier
    double: bool = False
    right: bool = False

    def holds(self, modifier: Qt.KeyboardModifier) -> bool:
        """True when the modifier key is down."""
        return bool(self.modifiers & modifier)


@dataclass(frozen=True, slots=True)
class LimitBox:
    """The live measure of the occlusion that is drawn or selected."""

    size: OcclusionSize
    polygon: Polygon
    kind: OccluderKind
    overridden: bool = False
    """True when the person chose the other side of the rules."""

    @property
    def role(self) -> Role:
        """The role that the occlusion gets."""
        by_rules = role_of(self.size)
        if not self.overridden:
            return by_rules
        return Role.OCCLUDER if by_rules is Role.KEPT else Role.KEPT


class ToolHost(Protocol):
    """What a tool may ask of the canvas."""

    rules: Rules
    selection: Selection
    brush_size: float
    occluder_kind: OccluderKind
    occluder_override: bool

    @property
    def session(self) -> EditingSession | None:
        """The session that is edited."""

    @property
    def view(self) -> ViewTransform:
        """How the image lies on the canvas."""

    @property
    def picture(self) -> ImagePyramid | None:
        """The image that is drawn on, at all its zoom levels."""

    @property
    def seen(self) -> Box:
        """The part of the image that the canvas shows now, x1, y1, x2, y2."""

    def work(self, name: str, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run `job` beside the window, then `done(result)`, unless the tool or the image was changed meanwhile.

        A newer job of the same name makes an older one stale. When a job fails the tool is cancelled.
        """

    def read_for_clicks(self, done: Callable[[Reading], None]) -> bool:
        """Have the click-to-mask model read the picture, then `done`, as `work` does: seconds, once per image.

        False where nothing can be drawn or the project has no model, which the person is told.
        """

    def copy_sources(self) -> Sequence[CopySource]:
        """The images whose masks can be copied here, the likeliest first."""

    def choose(self, titles: Sequence[str], chosen: Callable[[int], None]) -> None:
        """Let the person choose one of several things by name; nothing happens when they choose none."""

    def do(self, edit: Edit | None, merge_key: str | None = None) -> bool:
        """Apply an edit; False when it was refused, which the canvas has told the person."""

    def attempt(self, action: Callable[[], Edit | None]) -> bool:
        """Make and apply an edit; a GeometryError while making it is told to the person, too."""

    def settle(self) -> None:
        """End the gesture."""

    def abandon(self) -> None:
        """Give the gesture up."""

    def select(self, shapes: tuple[str, ...], vertices: tuple[VertexRef, ...] = ()) -> None:
        """Select shapes and vertices."""

    def snap(self, event: ToolEvent, exclude: frozenset[str] = frozenset()) -> Point:
        """Where a drawn point goes; inside the image, snapped unless Ctrl is held."""

    def refresh(self, box: Box | None = None) -> None:
        """Repaint a box of the image (None: all of what tools paint)."""

    def hint(self, text: str) -> None:
        """Say in the status bar what can be done now."""

    def show_limit(self, limit: LimitBox | None) -> None:
        """Show the measure of an occlusion."""

    def ask_remark(self, place: RemarkPlace) -> None:
        """Ask for a remark at a place."""


class Paint:
    """What a tool paints with: a painter in device pixels, and the way from image to device."""

    def __init__(self, painter: QPainter, view: ViewTransform, ratio: float) -> None:
        self.painter = painter
        self.view = view
        self.ratio = ratio

    def device(self, points: Points) -> Points:
        """Points of the image, `(n, 2)`, in device pixels."""
        return self.view.points_to_device(points, self.ratio)


class Tool:
    """One way to draw. A tool keeps what is half drawn; the annotation changes through its host alone."""

    name: ClassVar[str]
    title: ClassVar[str]
    default_key: ClassVar[str]
    icon: ClassVar[str]
    help: ClassVar[str]
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor
    uses_brush_size: ClassVar[bool] = False
    uses_right_button: ClassVar[bool] = False
    needs_click_model: ClassVar[bool] = False

    def __init__(self, host: ToolHost) -> None:
        self.host = host

    def begin(self) -> None:
        """The tool was taken in hand."""

    def press(self, event: ToolEvent) -> None:
        """The left button went down (the right one, too, for tools that use it)."""

    def move(self, event: ToolEvent) -> None:
        """The cursor moved, with or without the button."""

    def release(self, event: ToolEvent) -> None:
        """The left button went up."""

    def cancel(self) -> None:
        """Forget what is half drawn: Esc, another tool, another image."""

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """A key went down; True when the tool used it."""
        del key, modifiers
        return False

    def leave(self) -> None:
        """The cursor left the canvas."""

    def paint(self, paint: Paint) -> None:
        """Paint what is half drawn."""

    def hides_cursor_markers(self) -> bool:
        """True while large markers near the cursor would be in the way."""
        return True

    @property
    def unfinished(self) -> bool:
        """True while so much is half drawn that nobody would want to lose it; Enter takes it, Esc gives it up."""
        return False

    @property
    def active_vertices(self) -> tuple[VertexRef, ...]:
        """The vertices that the next action would take: drawn largest."""
        return ()


def on_grid(at: Point) -> Point:
    """The nearest sixteenth of a pixel."""
    return round(at[0] * GRID) / GRID, round(at[1] * GRID) / GRID
