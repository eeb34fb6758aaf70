"""Copies of shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.domain.shapes import Annotation, Shape
from annotator.editing.edits import AddShape, Compound, Edit
from annotator.editing.identity import fresh_ids


def copies(annotation: Annotation, shapes: Iterable[Shape], dx: float = 0.0, dy: float = 0.0) -> Edit:
    """The edit that adds a copy of each of `shapes` (of any image), shifted, unlocked, with an id of its own."""
    new_ids = fresh_ids(annotation)
    parts = tuple(
        AddShape(replace(shape, id=next(new_ids), polygon=shape.polygon.moved(dx, dy), locked=False))
        for shape in shapes
    )
    return Compound(parts, "copy a polygon" if len(parts) == 1 else f"copy {len(parts)} polygons")
