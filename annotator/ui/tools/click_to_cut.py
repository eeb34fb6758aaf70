"""Click-to-cut: strokes on the object and beside it; the picture says where the border between them runs."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import Qt

from annotator.domain.geometry import Box, Polygon
from annotator.domain.raster import Mask
from annotator.domain.shapes import Role, Shape
from annotator.editing.drawing.region import changed_shape
from annotator.editing.edits import Edit
from annotator.editing.hit_testing import Point
from annotator.premask.click.outlines import Smallest, window_polygons
from annotator.premask.click.picture import PictureWindow
from annotator.premask.click.stroke_cut import Stroke, cut, draw_line
from annotator.ui.canvas.pyramid import ImagePyramid
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
from annotator.ui.tools.sketching import as_array, paint_disc, paint_line

STROKE = 4.0
"""Widget pixels: radius of a stroke."""

REACH = 9
"""Pixels of the window within which a stroke touches a change of a polygon that it goes on with."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the strokes mean: polygons to add and to take away; `shape` is the polygon that they change, if any."""

    more: tuple[Polygon, ...]
    less: tuple[Polygon, ...] = ()
    shape: Shape | None = None


class ClickToCutTool(Tool):
    """Left button: object; right button or Alt: not. The cut is shown after every stroke; Enter takes it."""

    name = "click-to-cut"
    title = "Click-to-cut"
    default_key = "G"
    icon = "click-to-cut"
    help = (
        "Click or stroke on the object, with the right button or Alt beside it; Enter takes the cut, "
        "Shift+Enter as an occluder, Backspace drops a stroke."
    )
    uses_right_button = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._strokes: list[Stroke] = []
        self._line: list[Point] | None = None
        self._inside = True
        self._result: Cut | None = None
        self._work = LatestWork(host, "click-to-cut")
        self._takes: bool | None = None

    @property
    def result(self) -> Cut | None:
        """What Enter would take."""
        return self._result

    def press(self, event: ToolEvent) -> None:
        self._inside = not (event.right or event.holds(Qt.KeyboardModifier.AltModifier))
        self._line = [event.at]
        self._find()

    def move(self, event: ToolEvent) -> None:
        if self._line is not None and event.at != self._line[-1]:
            self._line.append(event.at)
            self._find()
            self.host.refresh(None)

    def release(self, event: ToolEvent) -> None:
        if self._line is None:
            return
        if event.at != self._line[-1]:
            self._line.append(event.at)
        self._strokes.append(self._stroke(self._line))
        self._line = None
        self._find()
        self.host.refresh(None)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if not self._strokes:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(occluder=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        elif key is Qt.Key.Key_Backspace:
            self._strokes.pop()
            self._result = None
            if self._strokes:
                self._find()
            else:
                self.cancel()
        else:
            return key is Qt.Key.Key_Escape
        return True

    @property
    def unfinished(self) -> bool:
        return bool(self._strokes)

    def cancel(self) -> None:
        self._work.forget()
        self._strokes, self._line, self._result, self._takes = [], None, None, None
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        if self._result is not None:
            for polygon in self._result.more:
                paint_regions(paint, [ring.points for ring in polygon.rings], "overlay_object")
            for polygon in self._result.less:
                paint_regions(paint, [ring.points for ring in polygon.rings], "overlay_occluder")
        for stroke in (*self._strokes, *([self._stroke(self._line)] if self._line else [])):
            ink = "overlay_object" if stroke.inside else "overlay_occluder"
            paint_line(paint, stroke.points, ink)
            x, y = stroke.points[-1].tolist()
            paint_disc(paint, (x, y), stroke.radius, ink)

    def _stroke(self, line: list[Point]) -> Stroke:
        return Stroke(as_array(line), self._inside, STROKE / self.host.view.scale)

    def _find(self) -> None:
        """Have the cut of the strokes so far worked out."""
        picture, session = self.host.picture, self.host.session
        if picture is None or session is None:
            return
        strokes = [*self._strokes, *([self._stroke(self._line)] if self._line else [])]
        shape, smallest = self._going_on(), smallest_of(self.host.rules)
        box, scale = _around(self.host.seen, strokes), self.host.view.scale
        self._work.want(lambda: _cut(picture, scale, box, strokes, shape, smallest), self._found)

    def _going_on(self) -> Shape | None:
        """The one selected object polygon, which the strokes change."""
        session, chosen = self.host.session, self.host.selection.shapes
        if session is None or len(chosen) != 1:
            return None
        shape = session.annotation.shape(chosen[0])
        return shape if shape.role is Role.OBJECT and not shape.locked else None

    def _found(self, result: Cut) -> None:
        self._result = result
        self.host.refresh(None)
        if self._takes is not None and not self._work.busy:
            self._take(occluder=self._takes)

    def _take(self, *, occluder: bool) -> None:
        if self._work.busy:
            self._takes = occluder
            return
        result = self._result
        before = shape_ids(self.host)
        if result is None or not (result.more or result.less):
            self.host.hint("The strokes mean nothing yet: click on the object, and beside it with Alt.")
            self._takes = None
            return
        if self.host.attempt(lambda: self._edit(result, occluder)):
            self.cancel()
            select_new(self.host, before)

    def _edit(self, result: Cut, occluder: bool) -> Edit | None:
        session = self.host.session
        if session is None:
            return None
        if result.shape is not None and not occluder:
            return changed_shape(session.annotation, result.shape, result.more, result.less, "click-to-cut")
        return fresh_edit(self.host, result.more, "click-to-cut", occluder=occluder)


def _around(seen: Box, strokes: list[Stroke]) -> Box:
    """What is seen, and every stroke that was made elsewhere."""
    points = np.concatenate([stroke.points for stroke in strokes])
    low, high = np.minimum(points.min(axis=0), seen[:2]), np.maximum(points.max(axis=0), seen[2:])
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _cut(
    picture: ImagePyramid, scale: float, box: Box, strokes: list[Stroke], shape: Shape | None, smallest: Smallest
) -> Cut:
    window = window_at(picture, scale, box)
    if shape is None:
        return Cut(window_polygons(cut(window, strokes), window, smallest))
    before = covered(shape.polygon, window)
    after = cut(window, strokes, before)
    more = _touched(after & ~before, window, [stroke for stroke in strokes if stroke.inside])
    less = _touched(before & ~after, window, [stroke for stroke in strokes if not stroke.inside])
    added = window_polygons(reaching_into(more, before), window, smallest) if more.any() else ()
    removed = window_polygons(grown(less), window, smallest) if less.any() else ()
    return Cut(added, removed, shape)


def _touched(change: Mask, window: PictureWindow, strokes: list[Stroke]) -> Mask:
    """The components of a change that a stroke touches: elsewhere the polygon stays as a person drew it."""
    near = np.zeros(change.shape, dtype=np.uint8)
    for stroke in strokes:
        draw_line(near, window.to_window(stroke.points), 1, 2 * REACH)
    _, labels = cv2.connectedComponents(change.astype(np.uint8), connectivity=4)
    kept = np.unique(labels[(near > 0) & change])
    return np.asarray(np.isin(labels, kept[kept > 0]))
