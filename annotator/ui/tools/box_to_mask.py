"""Box to mask: what fills a rectangle, found while it is dragged. The rectangle tool does it with Alt."""

from __future__ import annotations

from collections.abc import Callable

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Box, Polygon
from annotator.editing.edits import Edit
from annotator.premask.click.outlines import window_polygons
from annotator.premask.click.stroke_cut import box_cut
from annotator.ui.tools.base import Paint, ToolHost
from annotator.ui.tools.latest import LatestWork
from annotator.ui.tools.regions import fresh_edit, paint_regions, select_new, shape_ids, smallest_of, window_at

MARGIN = 0.3
"""Share of the box's sides that is looked at around it, for what the object is not."""

LEAST = 6.0
"""Pixels of the image: in a smaller box there is nothing to find."""


class BoxToMask:
    """Follows a box with a preview, and takes the result as object polygons (or occluders) when it is finished."""

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._work = LatestWork(host, "box-to-mask")
        self._pieces: tuple[Polygon, ...] = ()

    def follow(self, box: Box) -> None:
        """Show what the box would give."""
        self._find(box, self._show)

    def finish(self, box: Box, *, occluder: bool) -> None:
        """Take what the box gives as soon as it is known."""

        def take(pieces: tuple[Polygon, ...]) -> None:
            before = shape_ids(self._host)
            if self._host.attempt(lambda: self._edit(pieces, occluder)):
                select_new(self._host, before)
            self.drop()

        self._find(box, take)

    def drop(self) -> None:
        """Forget box and preview."""
        self._work.forget()
        self._pieces = ()
        self._host.refresh(None)

    def paint(self, paint: Paint) -> None:
        """Paint the preview."""
        for polygon in self._pieces:
            paint_regions(paint, [ring.points for ring in polygon.rings], "overlay_object")

    def _find(self, box: Box, done: Callable[[tuple[Polygon, ...]], None]) -> None:
        picture, scale, smallest = self._host.picture, self._host.view.scale, smallest_of(self._host.rules)
        if picture is None or min(box[2] - box[0], box[3] - box[1]) < LEAST:
            self.drop()
            return
        dx, dy = MARGIN * (box[2] - box[0]) + 8, MARGIN * (box[3] - box[1]) + 8
        around = box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy

        def find() -> tuple[Polygon, ...]:
            window = window_at(picture, scale, around)
            return window_polygons(box_cut(window, box), window, smallest)

        self._work.want(find, done)

    def _show(self, pieces: tuple[Polygon, ...]) -> None:
        self._pieces = pieces
        self._host.refresh(None)

    def _edit(self, pieces: tuple[Polygon, ...], occluder: bool) -> Edit | None:
        if not pieces:
            raise GeometryError("nothing in this box stands out from what is around it")
        return fresh_edit(self._host, pieces, "box to mask", occluder=occluder)
