"""How half-drawn lines look: the live colour with casing, its points, and a dashed line to the cursor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor

from annotator.domain.geometry import Box, Points
from annotator.editing.hit_testing import Point
from annotator.ui import theme
from annotator.ui.canvas.strokes import DASHED, SOLID, draw_lines, draw_markers, qpolygon
from annotator.ui.tools.base import Paint


def as_array(points: Sequence[Point]) -> Points:
    """Points as `(n, 2)`."""
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def box_of(points: Sequence[Point]) -> Box | None:
    """The box around points; None for none."""
    if not points:
        return None
    array = as_array(points)
    x1, y1 = array.min(axis=0).tolist()
    x2, y2 = array.max(axis=0).tolist()
    return x1, y1, x2, y2


def paint_line(
    paint: Paint,
    points: Points,
    ink: str = "overlay_object",
    *,
    closed: bool = False,
    dashes: tuple[float, ...] = SOLID,
) -> None:
    """A line through points of the image."""
    if len(points) > 1:
        line = qpolygon(paint.device(points))
        draw_lines(paint.painter, [(line, closed)], theme.current().colour(ink), paint.ratio, dashes)


def paint_outline(paint: Paint, points: Sequence[Point], cursor: Point | None, ink: str, *, closing: bool) -> None:
    """The outline that is clicked: line, dashed line to the cursor, points, the first one large when it closes."""
    drawn = as_array(points)
    paint_line(paint, drawn, ink)
    if cursor is not None and len(drawn):
        paint_line(paint, as_array([points[-1], points[0] if closing else cursor]), ink, dashes=DASHED)
    device = paint.device(drawn)
    draw_markers(paint.painter, device, QColor(255, 255, 255), 5, paint.ratio)
    if closing:
        draw_markers(paint.painter, device[:1], theme.current().colour(ink), 10, paint.ratio)


def paint_box(paint: Paint, box: Box, ink: str, dashes: tuple[float, ...] = SOLID) -> None:
    """An upright box of the image."""
    corners = paint.device(as_array([(box[0], box[1]), (box[2], box[3])]))
    (x1, y1), (x2, y2) = np.round(corners).tolist()
    rect = as_array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
    draw_lines(paint.painter, [(qpolygon(rect), True)], theme.current().colour(ink), paint.ratio, dashes)


def paint_disc(paint: Paint, centre: Point, radius: float, ink: str) -> None:
    """A circle around a point of the image, `radius` in pixels of the image."""
    x, y = paint.device(as_array([centre]))[0].tolist()
    reach = max(radius * paint.view.scale * paint.ratio, 1.0)
    turns = np.linspace(0.0, 2 * np.pi, 49)[:-1]
    ring = np.stack((x + reach * np.cos(turns), y + reach * np.sin(turns)), axis=1)
    draw_lines(paint.painter, [(qpolygon(ring), True)], theme.current().colour(ink), paint.ratio)
