"""The selected shapes, painted live with their vertices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from annotator.domain.geometry import Points
from annotator.domain.shapes import Shape
from annotator.editing.hit_testing import Point, VertexRef, squared_distances
from annotator.ui import theme
from annotator.ui.canvas.shape_layer import LINES, paint_shape, shows
from annotator.ui.canvas.strokes import draw_markers
from annotator.ui.canvas.view_transform import ViewTransform

NEAR_RADIUS = 85.0
"""Widget pixels around the cursor in which vertices are shown large."""

SMALL, LARGE, ACTIVE = 3.0, 5.0, 8.0
"""Sides of the markers in widget pixels inside their 1-px border: with it the larger ones are 7 and 10 wide."""

CROWDED = 6.0
"""Widget pixels between vertices below which small markers would hide the line."""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Which vertices stand out: `near` the cursor (widget xy, None: nowhere), and the active ones."""

    near: Point | None = None
    active: frozenset[VertexRef] = frozenset()


def paint_active(
    painter: QPainter, shapes: list[Shape], view: ViewTransform, ratio: float, rect: QRect, emphasis: Emphasis
) -> None:
    """Outlines first, then all markers, so that no line crosses a vertex."""
    for shape in shapes:
        paint_shape(painter, shape, view, ratio, rect)
    for shape in shapes:
        if shows(shape.polygon, view, ratio, rect):
            _paint_vertices(painter, shape, view, ratio, rect, emphasis)


def _paint_vertices(
    painter: QPainter, shape: Shape, view: ViewTransform, ratio: float, rect: QRect, emphasis: Emphasis
) -> None:
    for number, ring in enumerate(shape.polygon.rings):
        colour = theme.current().colour("overlay_hole" if number else LINES[shape.role][0])
        points = view.points_to_device(ring.points, ratio)
        seen = points[_inside(points, rect)]
        if not crowded(points, ratio):
            draw_markers(painter, seen, colour, SMALL, ratio)
        if emphasis.near is not None:
            place = emphasis.near[0] * ratio, emphasis.near[1] * ratio
            near = seen[squared_distances(seen, place) <= (NEAR_RADIUS * ratio) ** 2]
            draw_markers(painter, _thinned(near, (LARGE + 2) * ratio), QColor(255, 255, 255), LARGE, ratio)
        active = [ref.index for ref in emphasis.active if (ref.shape_id, ref.ring) == (shape.id, number)]
        rows = [index for index in active if index < len(points)]
        draw_markers(painter, points[rows], QColor(255, 255, 255), ACTIVE, ratio)
        _paint_cores(painter, points[rows], colour, ratio)


def _paint_cores(painter: QPainter, points: Points, colour: QColor, ratio: float) -> None:
    core = round((ACTIVE - 3) * ratio)
    for x, y in np.floor(points).tolist():
        painter.fillRect(int(x) - core // 2, int(y) - core // 2, core, core, colour)


def crowded(points: Points, ratio: float) -> bool:
    """True when most neighbours of a ring (device pixels) lie closer than markers need."""
    gaps = np.abs(np.diff(points[:, 0])) + np.abs(np.diff(points[:, 1]))
    return float(np.median(gaps)) < CROWDED * ratio


def _inside(points: Points, rect: QRect, margin: int = 8) -> Points:
    x, y = points[:, 0], points[:, 1]
    inside = (x >= rect.left() - margin) & (x <= rect.right() + margin)
    return np.asarray(inside & (y >= rect.top() - margin) & (y <= rect.bottom() + margin))


def _thinned(points: Points, step: float) -> Points:
    """One point for each cell of `step` pixels."""
    if len(points) < 24:
        return points
    _, first = np.unique(np.floor(points / step), axis=0, return_index=True)
    return np.asarray(points[first])
