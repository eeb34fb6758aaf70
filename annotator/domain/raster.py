"""The one rasteriser: canvas overlay, proposers, checks, metrics and export all fill polygons here.

A polygon is filled as the benchmark's scorer fills its labels: vertices at the nearest pixel centre, even-odd, and the
pixels on a ring belong to the foreground, on holes too. What is traced from a mask (`tracing`) refills to that mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Points, Polygon, Size
from annotator.domain.shapes import Annotation, Role

Mask = NDArray[np.bool_]
"""`bool (height, width)`."""


def pixel_points(points: Points) -> NDArray[np.int32]:
    """Vertices at their pixels: `(n, 2)` int32, halves rounded up, as the canvas shows them."""
    return np.floor(points + 0.5).astype(np.int32)


def fill_polygon(canvas: NDArray[np.uint8], polygon: Polygon, value: int = 1, offset: tuple[int, int] = (0, 0)) -> None:
    """Fill `polygon` into `canvas` (uint8 `(height, width)`, changed in place) with `value`.

    `offset` is the image pixel (x, y) of the canvas's first pixel, for windows of a large image.
    """
    fill_rings(canvas, [ring.points for ring in polygon.rings], value, offset)


def fill_rings(
    canvas: NDArray[np.uint8], rings: Sequence[Points], value: int = 1, offset: tuple[int, int] = (0, 0)
) -> None:
    """Fill rings together, even-odd, as `fill_polygon` does.

    Also takes what is no `Ring`: the single points and lines that labels of tiny components consist of.
    """
    cv2.fillPoly(canvas, [pixel_points(ring) - np.array(offset, dtype=np.int32) for ring in rings], (value,))


def fill(polygons: Iterable[Polygon], size: Size) -> Mask:
    """The union of polygons as `bool (height, width)` for an image of `size` (width, height)."""
    canvas = np.zeros((size[1], size[0]), dtype=np.uint8)
    for polygon in polygons:
        fill_polygon(canvas, polygon)
    return canvas.view(np.bool_)


def whole_of(annotation: Annotation) -> Mask:
    """The object of an annotation as if nothing stood before it, `bool (height, width)`: no occluder is cut out.

    Another photograph has other occluders, so this is what a proposer carries over.
    """
    width, height = annotation.size
    canvas = np.zeros((height, width), dtype=np.uint8)
    for shape in annotation.of_role(Role.OBJECT):
        fill_polygon(canvas, shape.polygon, 1)
    return canvas.view(np.bool_)


def mask_of(annotation: Annotation) -> Mask:
    """The mask of an annotation, `bool (height, width)`: union of objects minus union of occluders.

    Occluders are cut as filled, their ring's pixels included; kept occlusions change nothing.
    """
    canvas = whole_of(annotation).view(np.uint8)
    for shape in annotation.of_role(Role.OCCLUDER):
        fill_polygon(canvas, shape.polygon, 0)
    return canvas.view(np.bool_)
