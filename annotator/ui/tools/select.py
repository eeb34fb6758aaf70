"""Select: choose and move polygons and vertices, add and delete vertices."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import Qt

from annotator.domain.geometry import Box
from annotator.editing.drawing.rectangle import box_between
from annotator.editing.edits import Compound, DeleteVertices, Edit, MoveShape, MoveVertices, RemoveHole, RemoveShape
from annotator.editing.edits.vertices import insert_vertex
from annotator.editing.hit_testing import (
    Point,
    VertexRef,
    nearest_edge,
    nearest_vertex,
    shape_at,
    shapes_in,
    vertices_in,
)
from annotator.ui.tools.base import HIT_RADIUS, Paint, Tool, ToolEvent, ToolHost, on_grid
from annotator.ui.tools.sketching import paint_box

DRAG_START = 3.0
"""Widget pixels that the cursor moves before a press becomes a drag."""

ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
_gestures = count(1)


class SelectTool(Tool):
    """Press on a vertex drags it, on a polygon drags that, elsewhere draws a rubber band.

    Shift adds to the selection, Alt+click on an edge adds a vertex, Ctrl suspends snapping.
    """

    name = "select"
    title = "Select and move"
    default_key = "V"
    icon = "select"
    help = "Click a polygon, drag a vertex; Alt-click an edge to add one, Delete removes, arrows move by 1 px."
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._pressed: ToolEvent | None = None
        self._last: Point = (0.0, 0.0)
        self._grabbed: VertexRef | None = None
        self._grab_point: Point = (0.0, 0.0)
        self._moves_shape = self._hit = False
        self._band: Box | None = None
        self._dragging = False
        self._gesture = ""
        self._hover: VertexRef | None = None

    @property
    def active_vertices(self) -> tuple[VertexRef, ...]:
        ref = self._grabbed or self._hover
        return (ref,) if ref is not None else ()

    def hides_cursor_markers(self) -> bool:
        return False

    def press(self, event: ToolEvent) -> None:
        session = self.host.session
        if session is None or event.double:
            return
        self._forget()
        self._pressed, self._last = event, event.at
        radius = HIT_RADIUS / self.host.view.scale
        if event.holds(Qt.KeyboardModifier.AltModifier) and self._insert(event, radius):
            return
        vertex = nearest_vertex(session.annotation, event.at, radius, self.host.selection.shapes)
        if vertex is not None:
            self._grab(vertex.ref, vertex.point, adds=event.holds(Qt.KeyboardModifier.ShiftModifier))
        else:
            self._press_shape(event)

    def move(self, event: ToolEvent) -> None:
        if self._pressed is None:
            self._hovered(event)
            return
        if not self._dragging:
            if math.dist(event.widget, self._pressed.widget) < DRAG_START:
                return
            self._dragging, self._gesture = True, f"drag {next(_gestures)}"
        if self._grabbed is not None:
            self._drag_vertices(event)
        elif self._moves_shape:
            self._drag_shapes(event)
        else:
            self._stretch_band(event)

    def release(self, event: ToolEvent) -> None:
        if self._pressed is None:
            return
        if self._dragging:
            self.move(event)
            self.host.settle()
            self._take_band(event)
        elif not self._hit and not _adds(event):
            self.host.select(())
        self._forget()
        self._hovered(event)

    def cancel(self) -> None:
        self._forget()
        self.host.abandon()
        self.host.refresh(None)

    def leave(self) -> None:
        self._hover = None

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not modifiers:
            return self._delete()
        if key in ARROWS:
            step = 10.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
            return self._nudge(ARROWS[key][0] * step, ARROWS[key][1] * step)
        return key is Qt.Key.Key_Escape and self._dragging

    def paint(self, paint: Paint) -> None:
        if self._band is not None:
            paint_box(paint, self._band, "overlay_query_box")

    def _forget(self) -> None:
        self._pressed = self._grabbed = self._band = None
        self._dragging = self._moves_shape = self._hit = False

    def _hovered(self, event: ToolEvent) -> None:
        session = self.host.session
        if session is None:
            return
        radius = HIT_RADIUS / self.host.view.scale
        hit = nearest_vertex(session.annotation, event.at, radius, self.host.selection.shapes)
        self._hover = hit.ref if hit else None

    def _grab(self, ref: VertexRef, point: Point, *, adds: bool) -> None:
        self._grabbed, self._grab_point, self._hit = ref, point, True
        chosen = self.host.selection
        if adds:
            kept = set(chosen.vertices) ^ {ref}
            self.host.select(chosen.shapes, tuple(sorted(kept)))
        elif ref not in chosen.vertices:
            self.host.select(chosen.shapes, (ref,))

    def _press_shape(self, event: ToolEvent) -> None:
        session = self.host.session
        shape = shape_at(session.annotation, event.at) if session else None
        if shape is None and session is not None:
            edge = nearest_edge(session.annotation, event.at, HIT_RADIUS / self.host.view.scale / 2)
            shape = session.annotation.shape(edge.shape_id) if edge else None
        if shape is None:
            return
        chosen = self.host.selection.shapes
        if _adds(event):
            others = tuple(shape_id for shape_id in chosen if shape_id != shape.id)
            self.host.select(others if shape.id in chosen else (*chosen, shape.id))
        elif shape.id not in chosen or self.host.selection.vertices:
            self.host.select(chosen if shape.id in chosen else (shape.id,))
        self._hit = True
        self._moves_shape = not shape.locked

    def _insert(self, event: ToolEvent, radius: float) -> bool:
        session = self.host.session
        edge = (
            nearest_edge(session.annotation, event.at, radius, self.host.selection.shapes or None) if session else None
        )
        if edge is None:
            return False
        point = on_grid(edge.point)
        if self.host.do(insert_vertex(edge.shape_id, edge.ring, edge.index + 1, point)):
            ref = VertexRef(edge.shape_id, edge.ring, edge.index + 1)
            self.host.select((edge.shape_id,), (ref,))
            self._grabbed, self._grab_point = ref, point
        self._hit = True
        return True

    def _drag_vertices(self, event: ToolEvent) -> None:
        if self._grabbed is None or self._pressed is None:
            return
        exclude = frozenset(ref.shape_id for ref in self.host.selection.vertices)
        offset = self._grab_point[0] - self._pressed.at[0], self._grab_point[1] - self._pressed.at[1]
        wanted = ToolEvent((event.at[0] + offset[0], event.at[1] + offset[1]), event.widget, event.modifiers)
        target = self.host.snap(wanted, exclude)
        now = self._grab_now()
        self._move_vertices(target[0] - now[0], target[1] - now[1], self._gesture)

    def _grab_now(self) -> Point:
        session, ref = self.host.session, self._grabbed
        if session is None or ref is None:
            return self._grab_point
        x, y = session.annotation.shape(ref.shape_id).polygon.rings[ref.ring].points[ref.index].tolist()
        return x, y

    def _move_vertices(self, dx: float, dy: float, gesture: str | None) -> bool:
        if dx == 0 and dy == 0:
            return False
        parts = [MoveVertices(shape_id, ring, indices, dx, dy) for (shape_id, ring), indices in self._by_ring().items()]
        return self._do_all(parts, gesture)

    def _by_ring(self) -> dict[tuple[str, int], tuple[int, ...]]:
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for ref in self.host.selection.vertices:
            found[ref.shape_id, ref.ring].append(ref.index)
        return {target: tuple(sorted(indices)) for target, indices in found.items()}

    def _drag_shapes(self, event: ToolEvent) -> None:
        dx, dy = on_grid((event.at[0] - self._last[0], event.at[1] - self._last[1]))
        if dx == 0 and dy == 0:
            return
        self._last = self._last[0] + dx, self._last[1] + dy
        self._do_all([MoveShape(shape_id, dx, dy) for shape_id in self.host.selection.shapes], self._gesture)

    def _do_all(self, parts: Sequence[Edit], gesture: str | None = None) -> bool:
        """Several edits as one."""
        if not parts:
            return False
        return self.host.do(parts[0] if len(parts) == 1 else Compound(tuple(parts)), gesture)

    def _stretch_band(self, event: ToolEvent) -> None:
        if self._pressed is not None:
            old = self._band
            self._band = box_between(self._pressed.at, event.at)
            for box in (old, self._band):
                if box is not None:
                    self.host.refresh(box)

    def _take_band(self, event: ToolEvent) -> None:
        """Vertices of the selected polygons, or the polygons that lie in the band."""
        session, band = self.host.session, self._band
        if session is None or band is None:
            return
        chosen = self.host.selection
        refs = vertices_in(session.annotation, band, chosen.shapes)
        if refs:
            kept = (*chosen.vertices, *refs) if _adds(event) else refs
            self.host.select(chosen.shapes, tuple(sorted(set(kept))))
        else:
            self.host.select(shapes_in(session.annotation, band))
        self.host.refresh(None)

    def _nudge(self, dx: float, dy: float) -> bool:
        chosen = self.host.selection
        if chosen.vertices:
            return self._move_vertices(dx, dy, None)
        return self._do_all([MoveShape(shape_id, dx, dy) for shape_id in chosen.shapes])

    def _delete(self) -> bool:
        """Vertices where some are selected, else the polygons; a hole that loses its last three vertices goes."""
        session, chosen = self.host.session, self.host.selection
        if session is None or not chosen.shapes:
            return False
        if not chosen.vertices:
            self._do_all([RemoveShape(shape_id) for shape_id in chosen.shapes])
            return True
        parts: list[Edit] = []
        for (shape_id, ring), indices in sorted(self._by_ring().items(), reverse=True):
            left = len(session.annotation.shape(shape_id).polygon.rings[ring]) - len(indices)
            hole_goes = ring > 0 and left < 3
            parts.append(RemoveHole(shape_id, ring - 1) if hole_goes else DeleteVertices(shape_id, ring, indices))
        if self._do_all(parts):
            self._hover = None
            self.host.select(chosen.shapes)
        return True


def _adds(event: ToolEvent) -> bool:
    return event.holds(Qt.KeyboardModifier.ShiftModifier)
