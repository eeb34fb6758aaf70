"""Holes below the size of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from annotator.domain.errors import Place
from qa.checks.finding import Check, Finding, Given, Severity, name_of


def _find(given: Given) -> Iterator[Finding]:
    least = given.rules.minimum_hole_area
    for shape in given.annotation.shapes:
        small = [hole for hole in shape.polygon.holes if abs(hole.signed_area) < least]
        if not small:
            continue
        largest = max(small, key=lambda hole: abs(hole.signed_area))
        x, y = largest.points[0].tolist()
        area, name = abs(largest.signed_area), name_of(given.annotation, shape.id)
        what = f"A hole of {name} has {floor(area)} px"
        if len(small) > 1:
            what = f"{len(small)} holes of {name} have {floor(area)} px at most"
        sentence = f"{what}, fewer than the {least:g} px of the rules"
        yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shape.id)


CHECK = Check(
    "small hole",
    "Openings below the size of the rules stay inside the mask, so that masks of different people agree.",
    "Delete the hole, or enlarge it if the opening is larger than drawn.",
    _find,
)
