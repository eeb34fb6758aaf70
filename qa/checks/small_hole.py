"""Holes below the size of the rules."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.errors import Place
from qa.checks.finding import Check, Finding, Given, Severity, name_of


def _find(given: Given) -> Iterator[Finding]:
    least = given.rules.minimum_hole_area
    for shape in given.annotation.shapes:
        for hole in shape.polygon.holes:
            area = abs(hole.signed_area)
            if area < least:
                x, y = hole.points[0].tolist()
                name = name_of(given.annotation, shape.id)
                sentence = f"A hole of {name} has {area:.0f} px, fewer than the {least:.0f} px of the rules"
                yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shape.id)


CHECK = Check(
    "small hole",
    "Openings below the size of the rules stay inside the mask, so that masks of different people agree.",
    "Delete the hole, or enlarge it if the opening is larger than drawn.",
    _find,
)
