"""What the tools that find regions in the picture share: the window looked at, previews, and taking the result."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PySide6.QtCore import Qt

from annotator.domain.geometry import Box, Points, Polygon
from annotator.domain.raster import Mask, fill_rings
from annotator.domain.rules import Rules
from annotator.editing.drawing.region import new_objects, new_occluders
from annotator.editing.edits import Edit
from annotator.premask.click.outlines import Smallest
from annotator.premask.click.picture import PictureWindow, window_of_level
from annotator.ui import theme
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.canvas.strokes import path_of
from annotator.ui.tools.base import Paint, ToolHost
from annotator.ui.tools.sketching import paint_line

PREVIEW_OPACITY = 0.35

OVERLAP = 5
"""Side in pixels of the brush by which a region grows into the shape that it is united with, so that they meet."""


def window_at(picture: ImagePyramid, scale: float, box: Box) -> PictureWindow:
    """The window of the level that is shown at `scale` (shown pixels per image pixel) that covers `box`."""
    return window_of_level(picture.level_for(scale), picture.size, box)


def smallest_of(rules: Rules) -> Smallest:
    """What the rules call too small to be drawn."""
    return Smallest(rules.minimum_hole_area, rules.minimum_polygon_area)


def covered(polygon: Polygon, window: PictureWindow) -> Mask:
    """A polygon of the image as a mask of the window."""
    width, height = window.size
    canvas = np.zeros((height, width), dtype=np.uint8)
    fill_rings(canvas, [window.to_window(ring.points) for ring in polygon.rings])
    return canvas.view(np.bool_)


def reaching_into(region: Mask, shape: Mask) -> Mask:
    """The region and a few pixels of `shape` around it: outlines that only stand side by side would not unite."""
    return np.asarray(region | (grown(region, OVERLAP) & shape))


def grown(region: Mask, side: int = 3) -> Mask:
    """The region a pixel wider (or more): what is cut out with it leaves nothing of its own outline."""
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(region.astype(np.uint8), brush)).astype(bool)


def fresh_edit(host: ToolHost, pieces: Sequence[Polygon], name: str, *, occluder: bool) -> Edit | None:
    """Pieces as new object polygons, or as occluders of the chosen kind under the rules."""
    if host.session is None:
        return None
    annotation = host.session.annotation
    if occluder:
        return new_occluders(annotation, pieces, host.occluder_kind, host.rules, host.occluder_override)
    return new_objects(annotation, pieces, name)


def select_new(host: ToolHost, before: frozenset[str]) -> None:
    """Select the shapes that were not there before."""
    if host.session is not None:
        made = tuple(shape.id for shape in host.session.annotation.shapes if shape.id not in before)
        if made:
            host.select(made)


def shape_ids(host: ToolHost) -> frozenset[str]:
    """The ids of all shapes."""
    return frozenset(shape.id for shape in host.session.annotation.shapes) if host.session else frozenset()


def paint_regions(paint: Paint, rings: Sequence[Points], ink: str) -> None:
    """Tint and outline of regions given as rings of the image (even-odd)."""
    paint.painter.setPen(Qt.PenStyle.NoPen)
    paint.painter.setBrush(theme.current().colour(ink, PREVIEW_OPACITY))
    paint.painter.drawPath(path_of([paint.device(ring) for ring in rings]))
    for ring in rings:
        paint_line(paint, ring, ink, closed=True)
