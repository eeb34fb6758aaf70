"""The list of polygons of an annotation and the line about its mask."""

from __future__ import annotations

from collections import Counter

import numpy as np

from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.occlusion import OcclusionGauge
from annotator.editing.session import EditingSession
from annotator.ui.views import MaskLine, PolygonRow

NAMES = {Role.OBJECT: "Object", Role.OCCLUDER: "Occluder", Role.KEPT: "Kept occlusion"}


class Measures:
    """Occlusions of a session measured against its objects; measured again only where something changed."""

    def __init__(self, session: EditingSession, rules: Rules) -> None:
        self._session = session
        self._rules = rules
        self._objects: tuple[Shape, ...] | None = None
        self._gauge: OcclusionGauge | None = None
        self._shares: dict[str, tuple[Shape, float]] = {}

    @property
    def object_area(self) -> int:
        """Pixels of the objects with their occlusions."""
        return self._measured().object_area

    def share(self, shape: Shape) -> float:
        """The share of the objects that an occlusion hides."""
        gauge = self._measured()
        known = self._shares.get(shape.id)
        if known is None or known[0].polygon is not shape.polygon:
            known = (shape, gauge.share(shape.polygon))
            self._shares[shape.id] = known
        return known[1]

    def _measured(self) -> OcclusionGauge:
        annotation = self._session.annotation
        objects = annotation.of_role(Role.OBJECT)
        same = self._objects is not None and len(objects) == len(self._objects)
        if (
            self._gauge is None
            or not same
            or any(one.polygon is not other.polygon for one, other in zip(objects, self._objects or (), strict=False))
        ):
            self._objects, self._shares = objects, {}
            self._gauge = OcclusionGauge(annotation, self._rules)
        return self._gauge


def names_of(annotation: Annotation) -> dict[str, str]:
    """What each polygon is called: its role, numbered in drawing order; a single kept occlusion has no number."""
    counts: Counter[Role] = Counter()
    alone = len(annotation.of_role(Role.KEPT)) == 1
    names = {}
    for shape in annotation.shapes:
        counts[shape.role] += 1
        plain = shape.role is Role.KEPT and alone
        names[shape.id] = NAMES[shape.role] if plain else f"{NAMES[shape.role]} {counts[shape.role]}"
    return names


def polygon_rows(annotation: Annotation, measures: Measures, hidden: frozenset[str]) -> tuple[PolygonRow, ...]:
    """One row per polygon in drawing order, objects first."""
    names = names_of(annotation)
    order = {Role.OBJECT: 0, Role.OCCLUDER: 1, Role.KEPT: 2}
    shapes = sorted(annotation.shapes, key=lambda shape: order[shape.role])
    return tuple(
        PolygonRow(
            id=shape.id,
            role=shape.role,
            name=names[shape.id],
            kind=shape.kind,
            vertices=shape.polygon.vertices,
            area=shape.polygon.area,
            share=None if shape.role is Role.OBJECT else measures.share(shape),
            locked=shape.locked,
            visible=shape.id not in hidden,
        )
        for shape in shapes
    )


def mask_line(session: EditingSession, measures: Measures) -> MaskLine | None:
    """Pixels of the mask and what occluders cut out; None without polygons."""
    if not session.annotation.shapes:
        return None
    pixels = int(np.count_nonzero(session.mask))
    whole = measures.object_area
    return MaskLine(pixels, (whole - pixels) / whole if whole else 0.0)
