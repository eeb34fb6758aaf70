"""Magnetic outline: an object polygon whose line follows the edges of the picture."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Points, Polygon, Ring, as_points
from annotator.domain.regions import from_shapely, to_shapely
from annotator.editing.drawing.region import new_objects
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point
from annotator.editing.snapping import inside_image
from annotator.premask.click.magnetic import SIDE, PathTree, edge_near, tree_at
from annotator.ui.canvas.strokes import DASHED, draw_markers
from annotator.ui.tools.base import GRID, HIT_RADIUS, WORTH_KEEPING, Paint, Tool, ToolEvent, ToolHost, on_grid
from annotator.ui.tools.regions import fresh_edit, select_new, shape_ids
from annotator.ui.tools.sketching import as_array, box_of, paint_line

REACH = 6.0
"""Widget pixels within which a click goes to the strongest edge."""

PROGRESS = SIDE / 8
"""Pixels of the level by which an anchor set on its own must come nearer to the cursor."""


class MagneticTool(Tool):
    """Click anchors; between them the line follows edges. Ctrl: straight, and exactly where the cursor is.

    The piece that closes the outline is straight when the last click was.
    """

    name = "magnetic"
    title = "Magnetic outline"
    default_key = "M"
    icon = "magnet"
    help = (
        "Click along the border, the line follows it; hold Ctrl for a straight piece, Backspace takes one back, "
        "Enter closes, Shift+Enter makes an occluder."
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._anchors: list[Point] = []
        self._parts: list[Points] = []
        self._clicked: set[int] = set()
        self._late: dict[int, Point] = {}
        self._tree: PathTree | None = None
        self._cursor: Point | None = None
        self._live: Points = as_array([])
        self._closing = False
        self._jobs = 0
        self._straight = False
        self._waits: bool | None = None

    @property
    def line(self) -> Points:
        """What is fixed so far, `(n, 2)` xy."""
        if not self._anchors:
            return as_array([])
        return np.concatenate([as_array(self._anchors[:1]), *[part[1:] for part in self._parts]])

    def press(self, event: ToolEvent) -> None:
        if event.double:
            self.close()
        elif not self._anchors:
            self._start(self._place(event))
        elif self._closes(event.at):
            self.close(occluder=event.holds(Qt.KeyboardModifier.ShiftModifier))
        else:
            self._add(self._place(event), free=event.holds(Qt.KeyboardModifier.ControlModifier))

    def move(self, event: ToolEvent) -> None:
        if not self._anchors:
            return
        self._follow(self._inside(event.at), free=event.holds(Qt.KeyboardModifier.ControlModifier))

    def leave(self) -> None:
        self._cursor = None

    @property
    def unfinished(self) -> bool:
        return len(self._anchors) >= WORTH_KEEPING

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if not self._anchors:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close(occluder=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        elif key is Qt.Key.Key_Backspace:
            self._take_back()
        else:
            return key is Qt.Key.Key_Escape
        return True

    def close(self, *, occluder: bool = False) -> None:
        """Close the outline along the edges and make the polygon; one that cannot stand stays, to be mended."""
        if not self._anchors:
            return
        if self._tree is None or self._late:
            self._waits = occluder
            return
        before = shape_ids(self.host)
        if self.host.attempt(lambda: self._edit(occluder)):
            self.cancel()
            select_new(self.host, before)

    def cancel(self) -> None:
        self._anchors, self._parts, self._late = [], [], {}
        self._tree, self._cursor, self._waits, self._closing = None, None, None, False
        self._live = as_array([])
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if not self._anchors:
            return
        paint_line(paint, self.line)
        paint_line(paint, self._live, dashes=DASHED)
        device = paint.device(as_array(self._anchors))
        draw_markers(paint.painter, device, QColor(255, 255, 255), 5, paint.ratio)
        if self._closing:
            draw_markers(paint.painter, device[:1], QColor(53, 198, 255), 10, paint.ratio)

    def _start(self, at: Point) -> None:
        self._anchors, self._clicked, self._straight = [at], {0}, False
        self._grow(at)
        self.host.refresh(None)

    def _add(self, at: Point, *, free: bool) -> None:
        self._straight = free
        if at == self._anchors[-1]:
            return
        if self._tree is None and not free:
            self._late[len(self._parts)] = at
        self._append(self._path(at, free=free))
        self._clicked.add(len(self._anchors) - 1)

    def _append(self, part: Points) -> None:
        self._parts.append(_gridded(part))
        end = self._parts[-1][-1]
        self._anchors.append((float(end[0]), float(end[1])))
        self._tree, self._live = None, as_array([])
        self._grow(self._anchors[-1])
        self.host.refresh(None)

    def _take_back(self) -> None:
        """Back to the click before; the anchors that were set on the way from it go, too."""
        if len(self._anchors) == 1:
            self.cancel()
            return
        row = max(row for row in self._clicked if row < len(self._anchors) - 1)
        self._anchors, self._parts = self._anchors[: row + 1], self._parts[:row]
        self._clicked &= set(range(row + 1))
        self._late = {part: target for part, target in self._late.items() if part < row}
        self._tree, self._live, self._waits, self._cursor = None, as_array([]), None, None
        self._grow(self._anchors[-1])
        self.host.refresh(None)

    def _grow(self, anchor: Point) -> None:
        """Have the tree of the anchor built beside the window."""
        picture = self.host.picture
        if picture is None:
            return
        level, size = picture.level_for(self.host.view.scale), picture.size
        self._jobs += 1
        self.host.work(f"magnetic:{self._jobs}", lambda: tree_at(level, size, anchor), self._grown)

    def _grown(self, tree: PathTree) -> None:
        """A tree arrived: the line follows it, or takes the place of a straight piece that was clicked before."""
        for row, target in list(self._late.items()):
            if self._anchors[row] == tree.anchor:
                self._parts[row] = _gridded(tree.path(target))
                del self._late[row]
        if self._anchors and self._anchors[-1] == tree.anchor:
            self._tree = tree
            if self._cursor is not None:
                self._follow(self._cursor, free=False)
        if self._waits is not None and self._tree is not None and not self._late:
            self.close(occluder=self._waits)
        self.host.refresh(None)

    def _follow(self, cursor: Point, *, free: bool) -> None:
        self._cursor, self._closing = cursor, self._closes(cursor)
        tree = self._tree
        if tree is not None and not free and not tree.reaches(cursor) and self._go_on(tree, cursor):
            return
        old = self._live
        self._live = self._path(cursor, free=free)
        box = box_of([(float(x), float(y)) for x, y in np.concatenate([old, self._live])])
        self.host.refresh(box)

    def _go_on(self, tree: PathTree, cursor: Point) -> bool:
        """The cursor left the window: fix the part of the path that is certain and go on from there."""
        part = tree.part(cursor)
        end = float(part[-1, 0]), float(part[-1, 1])
        if math.dist(tree.anchor, cursor) - math.dist(end, cursor) < PROGRESS * tree.window.step:
            return False
        self._append(part)
        return True

    def _path(self, target: Point, *, free: bool) -> Points:
        if self._tree is not None and not free and self._tree.reaches(target):
            return self._tree.path(target)
        return as_array([self._anchors[-1], target])

    def _edit(self, occluder: bool) -> Edit | None:
        if self.host.session is None:
            return None
        ring = np.concatenate([self.line, self._path(self._anchors[0], free=self._straight)[1:-1]])
        pieces = from_shapely(to_shapely(Polygon(Ring(as_points(_gridded(ring)))))) if len(ring) > 2 else []
        if not pieces:
            raise GeometryError("this outline encloses nothing; click further along the border")
        outline = [Polygon(pieces[0].outer)]
        if occluder:
            return fresh_edit(self.host, outline, "", occluder=True)
        return new_objects(self.host.session.annotation, outline, "draw a magnetic outline")

    def _place(self, event: ToolEvent) -> Point:
        """Where a click goes: onto the strongest edge nearby, with Ctrl exactly where it was."""
        at, picture = self._inside(event.at), self.host.picture
        if picture is None or event.holds(Qt.KeyboardModifier.ControlModifier):
            return on_grid(at)
        scale = self.host.view.scale
        level = picture.level_for(scale)
        reach = REACH / scale * level.shape[1] / picture.size[0]
        return on_grid(edge_near(level, picture.size, at, min(reach, REACH)))

    def _inside(self, at: Point) -> Point:
        return inside_image(at, self.host.session.annotation.size) if self.host.session else at

    def _closes(self, at: Point) -> bool:
        far_enough = len(self.line) >= 3
        return far_enough and math.dist(self._anchors[0], at) <= HIT_RADIUS / self.host.view.scale


def _gridded(points: Points) -> Points:
    return np.round(points * GRID) / GRID
