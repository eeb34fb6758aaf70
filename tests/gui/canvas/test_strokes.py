"""Culled lines, markers and marks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from annotator.ui.canvas.active_layer import crowded
from annotator.ui.canvas.layers import CanvasLayers, DifferenceLayer, PlaceMark, RemarkPin
from annotator.ui.canvas.marks import mark_at
from annotator.ui.canvas.strokes import draw_lines, draw_markers, hatch, qpolygon, visible_runs
from annotator.ui.canvas.view_transform import ViewTransform

POINTS = st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 150)), min_size=3, max_size=14, unique=True)


def segments(line: QPolygonF, closed: bool) -> set[frozenset[tuple[float, float]]]:
    corners = [(line.at(i).x(), line.at(i).y()) for i in range(line.size())]
    ends = [*corners[1:], corners[0]] if closed else corners[1:]
    return {frozenset(pair) for pair in zip(corners, ends, strict=False)}


@given(POINTS, st.integers(0, 80), st.integers(0, 80), st.integers(1, 60))
def test_every_edge_that_can_show_is_in_one_run(points: list[tuple[int, int]], x: int, y: int, side: int) -> None:
    ring = np.array(points, dtype=np.float64)
    rect = QRect(x, y, side, side)
    kept: set[frozenset[tuple[float, float]]] = set()
    for line, closed in visible_runs(ring, rect):
        kept |= segments(line, closed)
    every = segments(qpolygon(ring), closed=True)
    assert kept <= every
    wide = QRectF(rect).adjusted(-4, -4, 3, 3)
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        low, high = np.minimum(start, end), np.maximum(start, end)
        box_near = low[0] <= wide.right() and high[0] >= wide.left() and low[1] <= wide.bottom()
        if box_near and high[1] >= wide.top():
            assert frozenset((tuple(start), tuple(end))) in kept


@given(st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)), max_size=40))
def test_points_arrive_in_qt_as_they_are(points: list[tuple[float, float]]) -> None:
    made = qpolygon(np.array(points, dtype=np.float64).reshape(-1, 2))
    assert [(made.at(i).x(), made.at(i).y()) for i in range(made.size())] == points


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_line_is_as_wide_as_the_screen_needs_and_has_a_dark_casing(ratio: float) -> None:
    image = QImage(60, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(255, 255, 255))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = qpolygon(np.array([[5.0, 30.0], [55.0, 30.0]]))
    draw_lines(painter, [(line, False)], QColor("#35C6FF"), ratio)
    painter.end()
    column = [image.pixelColor(30, y) for y in range(60)]
    blue = [c for c in column if c.blue() > 200 and c.red() < 140]
    dark = [c for c in column if c.lightness() < 140 and c.blue() < 200]
    assert len(blue) >= ratio
    assert len(dark) >= 2
    assert column[20] == column[40] == QColor(255, 255, 255)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_markers_and_hatches_scale_with_the_screen(ratio: float) -> None:
    image = QImage(60, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    draw_markers(painter, np.array([[30.0, 30.0]]), QColor(255, 255, 255), 5, ratio)
    draw_markers(painter, np.zeros((0, 2)), QColor(255, 255, 255), 5, ratio)
    painter.end()
    white = sum(image.pixelColor(x, 30).lightness() > 200 for x in range(60))
    assert white == pytest.approx(5 * ratio, abs=1)
    assert hatch(QColor("#FF9330"), ratio).textureImage().width() == 8 * ratio


def test_small_markers_go_where_vertices_crowd() -> None:
    turns = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    ring = np.stack((np.cos(turns), np.sin(turns)), axis=1)
    assert crowded(100 * ring, 1.0)
    assert not crowded(5000 * ring, 1.0)
    assert crowded(1300 * ring, 2.0)


def test_what_lies_under_a_click() -> None:
    layers = CanvasLayers()
    layers.remarks = (RemarkPin(1, (10, 10)), RemarkPin(2, (11, 10)))
    layers.difference = DifferenceLayer((), (), (PlaceMark(4, (50, 50, 60, 60), True),))
    view = ViewTransform(2.0, 0.0, 0.0)
    assert mark_at(layers, view, QPointF(21, 21)) == ("remark", 2)
    assert mark_at(layers, view, QPointF(136, 114)) == ("place", 4)
    assert mark_at(layers, view, QPointF(300, 300)) is None
