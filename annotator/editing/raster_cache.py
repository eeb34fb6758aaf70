"""The mask of the open pair, kept up to date in the window that an edit touched and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Polygon, Size
from annotator.domain.raster import Mask, fill_polygon
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.windows import Window, changed_window, window_of

MARGIN = 2
"""Pixels around a window in which an edge counts as near it."""


def filled_window(polygon: Polygon, window: Window, size: Size) -> NDArray[np.uint8]:
    """The part of `polygon`'s fill in `window`, uint8 `(height, width)`, equal to the fill of the whole image there.

    OpenCV moves an edge by up to a pixel where it clips it, so the edges that come near the window are filled whole.
    """
    if window.empty:
        return np.zeros((0, 0), dtype=np.uint8)
    wide = _widened(polygon, window).clipped(size)
    canvas = np.zeros((wide.y2 - wide.y1, wide.x2 - wide.x1), dtype=np.uint8)
    fill_polygon(canvas, polygon, 1, (wide.x1, wide.y1))
    rows = slice(window.y1 - wide.y1, window.y2 - wide.y1)
    return canvas[rows, window.x1 - wide.x1 : window.x2 - wide.x1]


def _widened(polygon: Polygon, window: Window) -> Window:
    found = window
    for ring in polygon.rings:
        start, end = ring.points, np.roll(ring.points, -1, axis=0)
        low, high = np.minimum(start, end), np.maximum(start, end)
        near = (high[:, 0] >= window.x1 - MARGIN) & (low[:, 0] <= window.x2 + MARGIN)
        near &= (high[:, 1] >= window.y1 - MARGIN) & (low[:, 1] <= window.y2 + MARGIN)
        if near.any():
            edges = window_of(np.concatenate((low[near], high[near])))
            found = found.united(Window(edges.x1 - 1, edges.y1 - 1, edges.x2 + 1, edges.y2 + 1))
    return found


@dataclass(slots=True)
class _Raster:
    """One shape's fill: `pixels` uint8 covers `window` of the image."""

    shape: Shape
    window: Window
    pixels: NDArray[np.uint8]


class RasterCache:
    """Rasters of each shape and the mask of them all, for one image.

    `update` brings both to an annotation and returns the window that changed; `mask` is `bool (height, width)`, valid
    until the next update, and not to be written to.
    """

    def __init__(self, annotation: Annotation) -> None:
        width, height = annotation.size
        self._annotation = Annotation(annotation.size)
        self._rasters: dict[str, _Raster] = {}
        self._mask = np.zeros((height, width), dtype=np.uint8)
        self.update(annotation)

    @property
    def mask(self) -> Mask:
        """The mask of the annotation given last."""
        return self._mask.view(np.bool_)

    def area(self, shape_id: str) -> int:
        """Pixels of one shape, inside the image."""
        return int(np.count_nonzero(self._rasters[shape_id].pixels))

    def update(self, annotation: Annotation) -> Window:
        """Redraw what differs from the annotation given before."""
        window = changed_window(self._annotation, annotation).clipped(annotation.size)
        ids = {shape.id for shape in annotation.shapes}
        for gone in [shape_id for shape_id in self._rasters if shape_id not in ids]:
            del self._rasters[gone]
        for shape in annotation.shapes:
            self._refresh(shape, annotation.size)
        self._annotation = annotation
        if not window.empty:
            self._compose(window)
        return window

    def _refresh(self, shape: Shape, size: Size) -> None:
        old = self._rasters.get(shape.id)
        if old is not None and old.shape.polygon is shape.polygon:
            old.shape = shape
            return
        bounds = window_of(shape.polygon.outer.points).clipped(size)
        if old is None or bounds.empty:
            self._rasters[shape.id] = _Raster(shape, bounds, filled_window(shape.polygon, bounds, size))
            return
        before, after = (Annotation(size, (one,)) for one in (old.shape, shape))
        dirty = changed_window(before, after).clipped(size)
        pixels = old.pixels if old.window == bounds else _moved(old, bounds)
        if not dirty.empty:
            _paste(pixels, bounds, filled_window(shape.polygon, dirty, size), dirty)
        self._rasters[shape.id] = _Raster(shape, bounds, pixels)

    def _compose(self, window: Window) -> None:
        part = self._mask[window.rows, window.columns]
        part[:] = 0
        for role, value in ((Role.OBJECT, 1), (Role.OCCLUDER, 0)):
            for raster in self._rasters.values():
                if raster.shape.role is role and raster.window.meets(window):
                    mine, theirs = _common_parts(raster.window, window)
                    np.putmask(part[theirs], raster.pixels[mine] != 0, value)


def _moved(raster: _Raster, bounds: Window) -> NDArray[np.uint8]:
    """The raster in other bounds; what lies outside the old ones is empty."""
    pixels = np.zeros((bounds.y2 - bounds.y1, bounds.x2 - bounds.x1), dtype=np.uint8)
    _paste(pixels, bounds, raster.pixels, raster.window)
    return pixels


def _paste(pixels: NDArray[np.uint8], bounds: Window, part: NDArray[np.uint8], window: Window) -> None:
    if bounds.meets(window):
        mine, theirs = _common_parts(bounds, window)
        pixels[mine] = part[theirs]


def _common_parts(first: Window, second: Window) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The rows and columns of the common part, in the coordinates of each window."""
    x1, y1 = max(first.x1, second.x1), max(first.y1, second.y1)
    x2, y2 = min(first.x2, second.x2), min(first.y2, second.y2)
    mine = slice(y1 - first.y1, y2 - first.y1), slice(x1 - first.x1, x2 - first.x1)
    return mine, (slice(y1 - second.y1, y2 - second.y1), slice(x1 - second.x1, x2 - second.x1))
