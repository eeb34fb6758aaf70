"""Object polygons that cover each other, wholly or nearly."""

from __future__ import annotations

from collections.abc import Iterator

import shapely

from annotator.domain.errors import Place
from annotator.domain.regions import to_shapely
from annotator.domain.shapes import Role
from qa.checks.finding import Check, Finding, Given, Severity, name_of

COVERED = 0.95
"""Share of the smaller polygon inside the larger one of the same role."""


def _find(given: Given) -> Iterator[Finding]:
    for role in (Role.OBJECT, Role.OCCLUDER):
        shapes = given.annotation.of_role(role)
        regions = [to_shapely(shape.polygon) for shape in shapes]
        for second in range(len(shapes)):
            for first in range(second):
                smaller, larger = sorted((first, second), key=lambda k: regions[k].area)
                common = shapely.intersection(regions[smaller], regions[larger]).area
                if common < COVERED * max(regions[smaller].area, 1e-9):
                    continue
                x, y = shapes[smaller].polygon.outer.points[0].tolist()
                names = [name_of(given.annotation, shapes[k].id) for k in (smaller, larger)]
                sentence = f"{names[0]} lies inside {names[1]}: it changes nothing"
                yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shapes[smaller].id)


CHECK = Check(
    "duplicate polygon",
    "Polygons of one role are united, so one that lies inside another changes no pixel.",
    "Delete it; if it was meant to be cut out, make it a hole or an occluder.",
    _find,
)
