"""From exact masks of a rendered scene to the polygons that a perfect annotator would draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from annotator.domain.geometry import Polygon
from annotator.domain.raster import Mask
from annotator.domain.regions import simplified
from annotator.domain.rules import Rules, occlusion_size
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.domain.tracing import polygons_of
from annotator.domain.validity import polygon_problems

SMALLEST_AREA = 25
"""Square pixels; nobody draws specks, and holes below this stay inside under the default rules."""

LEAVES = 0.012
"""Share of the image's long side: gaps between leaves up to this are part of the tree to whoever draws it."""


@dataclass(frozen=True, slots=True)
class Occlusion:
    """One thing in front of the object: its mask `bool (height, width)`, its kind, and whether the rules keep it."""

    mask: Mask
    kind: OccluderKind
    kept: bool


def true_annotation(whole: Mask, occlusions: Iterable[Occlusion], tolerance: float = 0.8) -> Annotation:
    """The annotation of an object whose mask without occlusions is `whole`, with things in front of it.

    Rings are simplified within `tolerance` pixels, as people place vertices; 0 keeps every pixel.
    """
    height, width = whole.shape
    shapes: list[Shape] = []
    for polygon in _drawn(whole, tolerance):
        shapes.append(Shape(f"object {len(shapes) + 1}", Role.OBJECT, polygon))
    for occlusion in occlusions:
        drawn = _outlined(occlusion.mask, whole) if tolerance > 0 else occlusion.mask
        # Whoever outlines a thing measures the outline, not the thing, against the rules.
        kept = occlusion_size(drawn & whole, int(whole.sum()), Rules()).kept if tolerance > 0 else occlusion.kept
        for polygon in _drawn(drawn, tolerance):
            role = Role.KEPT if kept else Role.OCCLUDER
            shapes.append(Shape(f"{occlusion.kind} {len(shapes) + 1}", role, polygon, occlusion.kind))
    return Annotation((width, height), tuple(shapes))


def _outlined(mask: Mask, whole: Mask) -> Mask:
    """What people outline of an occluder: gaps between leaves closed, and a little beyond the object's border."""
    side = 2 * round(LEAVES * max(mask.shape) / 2) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    around = cv2.copyMakeBorder(mask.astype(np.uint8), side, side, side, side, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(around, cv2.MORPH_CLOSE, disc)[side:-side, side:-side]
    beyond = (cv2.dilate(closed, disc) > 0) & ~whole
    return np.asarray((closed > 0) | beyond)


def _drawn(mask: Mask, tolerance: float) -> list[Polygon]:
    polygons = polygons_of(mask)
    if tolerance <= 0:
        return polygons
    return [_simpler(polygon, tolerance) for polygon in polygons if polygon.area >= SMALLEST_AREA]


def _simpler(polygon: Polygon, tolerance: float) -> Polygon:
    holes = tuple(simplified(hole, tolerance) for hole in polygon.holes if abs(hole.signed_area) >= SMALLEST_AREA)
    simpler = Polygon(simplified(polygon.outer, tolerance), holes)
    return polygon if polygon_problems(simpler) else simpler
