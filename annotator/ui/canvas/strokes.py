"""Thin lines, hatches and markers. Lines are 1-px cosmetic pens, drawn again where they must look thicker.

Everything here is painted in device pixels. A wide pen costs 70 times as much as a 1-px pen, which Qt draws by its
cosmetic stroker: so a line of `ratio` pixels is several thin ones, and its casing is the thin pen shifted outwards.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from shiboken6 import getCppPointer

from annotator.domain.geometry import Points
from annotator.ui import theme

SOLID: tuple[float, ...] = ()
DASHED = (5.0, 4.0)
LONG_DASHES = (9.0, 5.0)
DOTTED = (2.0, 3.0)
"""On and off in widget pixels."""

MANY_VERTICES = 2000
"""Vertices in sight above which a line is drawn with fewer pens: they lie so close that nobody sees the difference."""

CASING_OPACITY = 0.72
HATCH_STEP = 8
HATCH_GROUND = 0.14


def qpolygon(points: Points) -> QPolygonF:
    """A QPolygonF of `(n, 2)` points, copied in one piece."""
    made = QPolygonF()
    if not len(points):
        return made
    made.resize(len(points))
    flat = np.ascontiguousarray(points, dtype=np.float64)
    ctypes.memmove(getCppPointer(made.data())[0], flat.ctypes.data, flat.nbytes)
    return made


def thin_pen(colour: QColor, dashes: tuple[float, ...] = SOLID, ratio: float = 1.0) -> QPen:
    """The 1-px cosmetic pen."""
    pen = QPen(colour, 1)
    pen.setCosmetic(True)
    if dashes:
        pen.setDashPattern([length * ratio for length in dashes])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def casing_colour() -> QColor:
    """The dark of casings."""
    return theme.current().colour("overlay_casing", CASING_OPACITY)


def draw_lines(
    painter: QPainter,
    lines: Iterable[tuple[QPolygonF, bool]],
    colour: QColor,
    ratio: float,
    dashes: tuple[float, ...] = SOLID,
    *,
    faint: bool = False,
) -> None:
    """Lines (each with whether it is closed) in device pixels: first all casings, then all cores.

    A `faint` line has a casing on one side only, dashed as the line is: for what is offered and not yet drawn.
    """
    kept = list(lines)
    vertices = sum(line.size() for line, _ in kept)
    core, casing = _offsets(max(1, round(ratio)), light=vertices > MANY_VERTICES)
    casing = ((ratio, ratio),) if faint else casing
    painter.setBrush(Qt.BrushStyle.NoBrush)
    casing_pen = thin_pen(casing_colour(), dashes if faint else SOLID, ratio)
    for offsets, pen in ((casing, casing_pen), (core, thin_pen(colour, dashes, ratio))):
        painter.setPen(pen)
        for dx, dy in offsets:
            painter.translate(dx, dy)
            for line, closed in kept:
                if closed:
                    painter.drawPolygon(line)
                else:
                    painter.drawPolyline(line)
            painter.translate(-dx, -dy)


@cache
def _offsets(width: int, *, light: bool) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
    """Where the thin pen goes for a core `width` device pixels wide and for its casing around; fewer when `light`."""
    if light:
        near, far = (width - 1) / 2, (width + 1) / 2
        return ((-near, -near), (near, near))[:width], ((far, far), (-far, -far))
    if width == 1:
        return ((-0.25, -0.25), (0.25, 0.25)), ((1.25, 0.0), (-1.25, 0.0), (0.0, 1.25), (0.0, -1.25))
    half = (width - 1) / 2
    core = ((-half, -half), (half, half), (-half, half), (half, -half))
    out = half + 1.0
    return core, ((out, 0.0), (-out, 0.0), (0.0, out), (0.0, -out))


def visible_runs(points: Points, rect: QRect, margin: float = 4.0) -> list[tuple[QPolygonF, bool]]:
    """The lines of a closed ring (device pixels) that can show in `rect`, in as few pieces as possible."""
    start, end = points, np.roll(points, -1, axis=0)
    low, high = np.minimum(start, end), np.maximum(start, end)
    near = (high[:, 0] >= rect.left() - margin) & (low[:, 0] <= rect.right() + margin)
    near &= (high[:, 1] >= rect.top() - margin) & (low[:, 1] <= rect.bottom() + margin)
    if near.all():
        return [(qpolygon(points), True)]
    if not near.any():
        return []
    first = int(np.argmin(near))  # an edge that does not show: no run goes over the seam
    turned = np.roll(near, -first)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], turned, [False])).astype(np.int8)))
    ring = np.roll(points, -first, axis=0)
    count = len(points)
    return [(qpolygon(ring[np.arange(a, b + 1) % count]), False) for a, b in edges.reshape(-1, 2).tolist()]


def draw_markers(painter: QPainter, points: Points, colour: QColor, side: float, ratio: float) -> None:
    """Square markers `side` widget pixels wide with a dark border at `points` (device pixels), in two calls."""
    if not len(points):
        return
    squares = qpolygon(np.floor(points) + 0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for width, shade in ((side * ratio + 2 * max(1, round(ratio)), QColor(16, 16, 16, 230)), (side * ratio, colour)):
        pen = QPen(shade, width)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.drawPoints(squares)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def hatch(colour: QColor, ratio: float) -> QBrush:
    """Diagonal stripes over a faint ground of the same colour."""
    return QBrush(_hatch_tile(colour.rgba(), max(1, round(ratio))))


@cache
def _hatch_tile(rgba: int, width: int) -> QImage:
    side = HATCH_STEP * width
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    colour = QColor.fromRgba(rgba)
    faint = QColor(colour)
    faint.setAlphaF(HATCH_GROUND)
    tile.fill(faint)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.4 * width))
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift - side, 2 * side), QPointF(shift + 2 * side, -side))
    painter.end()
    return tile


def path_of(rings: Iterable[Points]) -> QPainterPath:
    """The region inside rings given in device pixels (even-odd)."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for points in rings:
        path.addPolygon(qpolygon(points))
        path.closeSubpath()
    return path
