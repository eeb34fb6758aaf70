"""Superpixel: paint whole regions whose borders follow the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt

from annotator.domain.geometry import Points, Polygon, bounds_of
from annotator.domain.shapes import Shape
from annotator.editing.drawing.region import changed_shape, met_shape, taken_away
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point
from annotator.premask.click.outlines import Smallest, window_polygons
from annotator.premask.click.superpixels import Superpixels, superpixels
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.latest import LatestWork
from annotator.ui.tools.regions import (
    covered,
    fresh_edit,
    grown,
    paint_regions,
    reaching_into,
    select_new,
    shape_ids,
    smallest_of,
    window_at,
)


@dataclass(slots=True)
class _Gesture:
    """A drag over superpixels: where it went, which it touched, and what becomes of them."""

    line: list[Point]
    removes: bool
    occluder: bool
    touched: frozenset[int] = frozenset()
    released: bool = False

    @property
    def ink(self) -> str:
        """The colour of its preview."""
        return "overlay_occluder" if self.removes or self.occluder else "overlay_object"


class SuperpixelTool(Tool):
    """Drag over regions to add them to the polygon that they touch, or as a new one; Alt removes them."""

    name = "superpixel"
    title = "Superpixel brush"
    default_key = "U"
    icon = "superpixel"
    help = "Drag over regions to add them, with Alt to remove, with Shift as an occluder; [ and ] change their size."
    uses_brush_size = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._found: Superpixels | None = None
        self._made_for: object = None
        self._making = LatestWork(host, "superpixels")
        self._taking = LatestWork(host, "superpixels-taken")
        self._gesture: _Gesture | None = None
        self._hovered = 0
        self._shown: tuple[frozenset[int], list[Points]] = frozenset(), []

    def begin(self) -> None:
        self._look()

    def press(self, event: ToolEvent) -> None:
        if self._taking.busy:
            return
        removes = event.holds(Qt.KeyboardModifier.AltModifier)
        self._look()
        self._gesture = _Gesture([event.at], removes, event.holds(Qt.KeyboardModifier.ShiftModifier) and not removes)
        self._touch()

    def move(self, event: ToolEvent) -> None:
        gesture = self._gesture
        if gesture is not None and not gesture.released:
            gesture.line.append(event.at)
            self._touch()
        elif gesture is None:
            self._look()
            self._hover(self._found.at(event.at) if self._found is not None else 0)

    def release(self, event: ToolEvent) -> None:
        gesture = self._gesture
        if gesture is None or gesture.released:
            return
        self.move(event)
        gesture.released = True
        if self._found is not None:
            self._take(self._found, gesture)

    def leave(self) -> None:
        self._hover(0)

    def cancel(self) -> None:
        self._making.forget()
        self._taking.forget()
        self._found, self._made_for, self._gesture, self._hovered = None, None, None, 0
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        gesture = self._gesture
        if self._found is None:
            return
        regions = gesture.touched if gesture is not None else frozenset((self._hovered,)) - {0}
        if regions:
            paint_regions(paint, self._rings(regions), gesture.ink if gesture is not None else "overlay_hole")

    def _look(self) -> None:
        """Have the regions of what is seen made, when it is not what they were made for."""
        picture, view, spacing = self.host.picture, self.host.view, self.host.brush_size
        wanted = picture, view, spacing
        if picture is None or wanted == self._made_for:
            return
        self._made_for = wanted
        box = self.host.seen

        def make() -> Superpixels:
            window = window_at(picture, view.scale, box)
            return superpixels(window, spacing * window.scale[0])

        self._making.want(make, self._made)

    def _made(self, found: Superpixels) -> None:
        gesture = self._gesture
        if gesture is not None and gesture.touched:
            self._made_for = None  # a gesture keeps the regions that it began with
            return
        self._found, self._hovered = found, 0
        self._shown = frozenset(), []
        if gesture is not None:
            self._touch()
            if gesture.released:
                self._take(found, gesture)

    def _hover(self, region: int) -> None:
        if region != self._hovered:
            before, self._hovered = self._shown[1], region
            after = self._rings(frozenset((region,)) - {0})
            for ring in (*before, *after):
                self.host.refresh(bounds_of(ring))

    def _touch(self) -> None:
        gesture, found = self._gesture, self._found
        if gesture is None or found is None:
            return
        if gesture.touched:
            more = found.along(*(gesture.line[-2:] if len(gesture.line) > 1 else gesture.line * 2))
        else:
            ends = zip(gesture.line, gesture.line[1:] or gesture.line, strict=False)
            more = frozenset().union(*(found.along(start, end) for start, end in ends))
        if not more <= gesture.touched:
            gesture.touched |= more
            self.host.refresh(None)

    def _rings(self, regions: frozenset[int]) -> list[Points]:
        """The outlines of regions in the image, for the preview."""
        if self._found is not None and self._shown[0] != regions:
            self._shown = regions, self._found.rings(regions)
        return self._shown[1]

    def _take(self, found: Superpixels, gesture: _Gesture) -> None:
        session = self.host.session
        if session is None or not gesture.touched:
            self._end()
            return
        annotation, smallest = session.annotation, smallest_of(self.host.rules)
        chosen = self.host.selection.shapes
        if gesture.removes:
            among = [shape for shape in annotation.shapes if (shape.id in chosen if chosen else not shape.locked)]
            self._taking.want(
                lambda: _pieces(found, gesture.touched, None, smallest, wider=True),
                lambda pieces: self._commit(lambda: taken_away(annotation, among, pieces, "remove superpixels")),
            )
            return

        def find() -> tuple[Shape | None, tuple[Polygon, ...]]:
            pieces = _pieces(found, gesture.touched, None, smallest, wider=True)
            shape = None if gesture.occluder else met_shape(annotation, chosen, pieces)
            return shape, _pieces(found, gesture.touched, shape, smallest)

        def place(result: tuple[Shape | None, tuple[Polygon, ...]]) -> None:
            shape, pieces = result
            self._commit(lambda: self._edit(shape, pieces, gesture.occluder))

        self._taking.want(find, place)

    def _edit(self, shape: Shape | None, pieces: tuple[Polygon, ...], occluder: bool) -> Edit | None:
        if self.host.session is None:
            return None
        if shape is not None:
            return changed_shape(self.host.session.annotation, shape, pieces, (), "add superpixels")
        return fresh_edit(self.host, pieces, "add superpixels", occluder=occluder)

    def _commit(self, edit: Callable[[], Edit | None]) -> None:
        before = shape_ids(self.host)
        if self.host.attempt(edit):
            select_new(self.host, before)
        self._end()

    def _end(self) -> None:
        self._gesture, self._hovered = None, 0
        self.host.refresh(None)


def _pieces(
    found: Superpixels, regions: frozenset[int], shape: Shape | None, smallest: Smallest, *, wider: bool = False
) -> tuple[Polygon, ...]:
    """The polygons of regions; `wider` by a pixel, or reaching into the shape that they are united with."""
    mask = found.mask(regions)
    if wider:
        mask = grown(mask)
    elif shape is not None:
        mask = reaching_into(mask, covered(shape.polygon, found.window))
    return window_polygons(mask, found.window, smallest)
