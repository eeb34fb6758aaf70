"""Cut: split polygons by a line, subtract or add a region."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.domain.geometry import Points, Polygon
from annotator.domain.regions import split, subtract, union
from annotator.domain.shapes import Annotation, Shape
from annotator.editing.edits import Compound, Edit, RemoveShape, ReplaceShapes, reshaped
from annotator.editing.identity import fresh_ids


def split_by_line(annotation: Annotation, shapes: Iterable[Shape], line: Points) -> Edit | None:
    """The edit that splits each of `shapes` along `line`, `(n, 2)` xy; None where it divides none."""
    pieces = [(shape, split(shape.polygon, line)) for shape in shapes]
    return pieces_edit(annotation, [entry for entry in pieces if len(entry[1]) > 1], "split a polygon")


def subtracted(annotation: Annotation, shapes: Iterable[Shape], region: Polygon) -> Edit | None:
    """The edit that takes `region` out of each of `shapes`; None where it meets none."""
    pieces = [(shape, subtract(shape.polygon, [region])) for shape in shapes]
    met = [entry for entry in pieces if _area(entry[1]) < entry[0].polygon.area - 1e-6]
    return pieces_edit(annotation, met, "cut out of a polygon")


def added(shape: Shape, region: Polygon) -> Edit | None:
    """The edit that unites `region` with a shape; None where they do not touch."""
    whole = union([shape.polygon, region])
    return reshaped(shape.id, shape.polygon, whole[0], "add to a polygon") if len(whole) == 1 else None


def pieces_edit(annotation: Annotation, pieces: list[tuple[Shape, list[Polygon]]], name: str) -> Edit | None:
    """The edit that puts the pieces in the place of their shapes; the largest keeps the id, nothing left removes it."""
    new_ids = fresh_ids(annotation)
    parts: list[Edit] = []
    grown = 0
    for shape, polygons in pieces:
        if not polygons:
            parts.append(RemoveShape(shape.id))
            grown -= 1
        elif len(polygons) == 1:
            parts.append(reshaped(shape.id, shape.polygon, polygons[0], name))
        else:
            start = annotation.index(shape.id) + grown
            shapes = [shape.with_polygon(polygons[0])]
            shapes += [Shape(next(new_ids), shape.role, piece, shape.kind) for piece in polygons[1:]]
            added_shapes = tuple((start + offset, piece) for offset, piece in enumerate(shapes))
            parts.append(ReplaceShapes((shape.id,), added_shapes))
            grown += len(shapes) - 1
    return Compound(tuple(parts), name) if parts else None


def _area(polygons: list[Polygon]) -> float:
    return sum(polygon.area for polygon in polygons)
