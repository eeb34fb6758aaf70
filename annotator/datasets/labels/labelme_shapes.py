"""The shapes of a LabelMe 5 file as polygons."""

from __future__ import annotations

import base64
import binascii
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from annotator.datasets.image_file import MOST_PIXELS
from annotator.datasets.labels.meaning import role_and_kind
from annotator.datasets.labels.rings import opened_keyhole
from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Points, Polygon, Ring, as_points
from annotator.domain.shapes import OccluderKind, Role
from annotator.domain.tracing import polygons_of

_CHORD_ERROR = 0.1
"""Pixels by which the polygon of a circle may stay inside it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape of the file; `group` is its `group_id` as text, empty without one."""

    role: Role
    kind: OccluderKind | None
    group: str
    polygons: tuple[Polygon, ...]


def drawn(entry: Mapping[str, Any]) -> Drawn:
    """Read one entry of `shapes`.

    Raises GeometryError for points without an area and impossible coordinates; KeyError, TypeError, ValueError or
    AttributeError for what is no such entry.
    """
    flags = entry.get("flags") or {}
    hints = [*(flag for flag, is_set in flags.items() if is_set), str(entry.get("description") or "")]
    role, kind = role_and_kind(str(entry.get("label") or "object"), hints)
    group = entry.get("group_id")
    return Drawn(role, kind, "" if group is None else str(group), tuple(_polygons(entry)))


def _polygons(entry: Mapping[str, Any]) -> list[Polygon]:
    points = as_points(entry["points"])
    kind = str(entry.get("shape_type") or "polygon")
    match kind:
        case "polygon":
            return opened_keyhole(_ring(points))
        case "rectangle":
            return [Polygon(_rectangle(points))]
        case "circle":
            return [Polygon(_circle(points))]
        case "mask":
            return _mask(points, entry["mask"])
    raise GeometryError(f"a {kind} encloses nothing; draw a polygon")


def _ring(points: Points) -> Ring:
    return Ring(points)


def _rectangle(points: Points) -> Ring:
    if len(points) == 4:
        return Ring(points)
    if len(points) != 2:
        raise GeometryError(f"a rectangle has 2 corners, this one has {len(points)}")
    (x1, y1), (x2, y2) = points.tolist()
    return Ring(as_points([[x1, y1], [x2, y1], [x2, y2], [x1, y2]]))


def _circle(points: Points) -> Ring:
    """A circle is its centre and a point on it."""
    if len(points) != 2:
        raise GeometryError(f"a circle has a centre and a point on it, this one has {len(points)} points")
    (x, y), (edge_x, edge_y) = points.tolist()
    radius = math.hypot(edge_x - x, edge_y - y)
    if radius <= _CHORD_ERROR:
        raise GeometryError("a circle that encloses nothing")
    corners = max(16, math.ceil(math.pi / math.acos(1 - min(_CHORD_ERROR / radius, 1.0))))
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    return Ring(as_points(np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])))


def _mask(points: Points, encoded: str) -> list[Polygon]:
    """A mask is a PNG of the pixels, in base 64, and the corners of its place."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise GeometryError("the mask is larger than any image")
            pixels = np.asarray(image.convert("L")) > 0
    except (OSError, SyntaxError, binascii.Error) as error:
        raise GeometryError("the mask is no PNG in base 64") from error
    if len(points) < 1 or not pixels.any():
        raise GeometryError("a mask without pixels")
    x, y = np.floor(points.min(axis=0) + 0.5).tolist()
    return [polygon.moved(x, y) for polygon in polygons_of(pixels)]
