"""Regions that were found in the picture, brought into the annotation: added to a shape, taken away, or new."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain.geometry import Polygon
from annotator.domain.regions import intersect, subtract, union
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.editing.drawing.cutting import pieces_edit
from annotator.editing.drawing.stroke import touches
from annotator.editing.edits import AddShape, Compound, Edit
from annotator.editing.identity import fresh_ids
from annotator.editing.occlusion import OcclusionGauge, role_of

SLIVER = 1e-6
"""Square pixels below which nothing was taken away."""


def met_shape(annotation: Annotation, chosen: Sequence[str], pieces: Sequence[Polygon]) -> Shape | None:
    """The shape that the pieces go on with: a chosen one that they touch first, else an unlocked object."""
    order = sorted(annotation.shapes, key=lambda shape: shape.id not in chosen)
    for shape in order:
        may = shape.id in chosen or (shape.role is Role.OBJECT and not shape.locked)
        if may and any(touches(shape.polygon, piece) for piece in pieces):
            return shape
    return None


def changed_shape(
    annotation: Annotation, shape: Shape, more: Sequence[Polygon], less: Sequence[Polygon], name: str
) -> Edit | None:
    """The edit that adds `more` to a shape and takes `less` away; None where nothing changes.

    A shape that falls apart leaves its largest piece with its id; one of which nothing stays is removed.
    """
    if not more and not less:
        return None
    whole = union([shape.polygon, *more])
    if less:
        whole = [rest for piece in whole for rest in subtract(piece, less)]
        whole.sort(key=lambda piece: -piece.area)
    return pieces_edit(annotation, [(shape, whole)], name)


def replaced_shape(annotation: Annotation, shape: Shape, pieces: Sequence[Polygon], name: str) -> Edit | None:
    """The edit that puts the pieces, largest first, in the place of a shape's polygon; None for none."""
    return pieces_edit(annotation, [(shape, list(pieces))], name) if pieces else None


def taken_away(annotation: Annotation, shapes: Sequence[Shape], pieces: Sequence[Polygon], name: str) -> Edit | None:
    """The edit that takes the pieces out of every one of `shapes` that they overlap; None where they meet none."""
    met = []
    for shape in shapes:
        if any(part.area > SLIVER for piece in pieces for part in intersect(shape.polygon, piece)):
            met.append((shape, subtract(shape.polygon, pieces)))
    return pieces_edit(annotation, met, name)


def new_objects(annotation: Annotation, pieces: Sequence[Polygon], name: str) -> Edit | None:
    """The edit that makes an object polygon of every piece; None for none."""
    ids = fresh_ids(annotation)
    parts = tuple(AddShape(Shape(next(ids), Role.OBJECT, piece)) for piece in pieces)
    return Compound(parts, name) if parts else None


def new_occluders(
    annotation: Annotation, pieces: Sequence[Polygon], kind: OccluderKind, rules: Rules, overridden: bool = False
) -> Edit | None:
    """The edit that makes an occluder or a kept occlusion of every piece, as the rules (or their opposite) say."""
    ids, gauge = fresh_ids(annotation), OcclusionGauge(annotation, rules)
    parts = []
    for piece in pieces:
        role = role_of(gauge.measure(piece))
        if overridden:
            role = Role.OCCLUDER if role is Role.KEPT else Role.KEPT
        parts.append(AddShape(Shape(next(ids), role, piece, kind)))
    return Compound(tuple(parts), "draw an occluder") if parts else None
