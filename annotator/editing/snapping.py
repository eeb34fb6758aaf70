"""Snapping of a drawn point to the image's border and to vertices and borders of other polygons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.geometry import Size
from annotator.domain.shapes import Annotation
from annotator.editing.hit_testing import Point, nearest_edge, nearest_vertex


class SnapKind(StrEnum):
    """What a point snapped to."""

    VERTEX = "vertex"
    EDGE = "edge"
    BORDER = "image border"


@dataclass(frozen=True, slots=True)
class Snap:
    """Where a point goes and why; `kind` None where nothing was near."""

    point: Point
    kind: SnapKind | None = None


def inside_image(at: Point, size: Size) -> Point:
    """`at` moved into the image: to the centres of its outermost pixels at most."""
    width, height = size
    return min(max(at[0], 0.0), width - 1.0), min(max(at[1], 0.0), height - 1.0)


def snapped(annotation: Annotation, at: Point, tolerance: float, exclude: frozenset[str] = frozenset()) -> Snap:
    """Where `at` goes: a vertex within `tolerance` pixels first, then the image's border, then an edge.

    Shapes in `exclude` do not attract. The result always lies inside the image.
    """
    inside = inside_image(at, annotation.size)
    among = [shape.id for shape in annotation.shapes if shape.id not in exclude]
    vertex = nearest_vertex(annotation, inside, tolerance, among)
    if vertex is not None:
        return Snap(inside_image(vertex.point, annotation.size), SnapKind.VERTEX)
    edge = nearest_edge(annotation, inside, tolerance, among)
    on_border = _to_border(inside, annotation.size, tolerance)
    if on_border != inside:
        return Snap(on_border, SnapKind.BORDER)
    if edge is not None:
        return Snap(inside_image(edge.point, annotation.size), SnapKind.EDGE)
    return Snap(inside, SnapKind.BORDER if inside != at else None)


def _to_border(at: Point, size: Size, tolerance: float) -> Point:
    return _to_end(at[0], size[0], tolerance), _to_end(at[1], size[1], tolerance)


def _to_end(value: float, count: int, tolerance: float) -> float:
    if value <= tolerance:
        return 0.0
    return count - 1.0 if count - 1.0 - value <= tolerance else value
