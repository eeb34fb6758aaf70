"""Polygons and parts of the mask too small to be meant."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

import cv2
import numpy as np

from annotator.domain.errors import Place
from qa.checks.finding import Check, Finding, Given, Severity, name_of


def _find(given: Given) -> Iterator[Finding]:
    least = given.rules.minimum_polygon_area
    for shape in given.annotation.shapes:
        if shape.polygon.area < least:
            x, y = shape.polygon.outer.points[0].tolist()
            name = name_of(given.annotation, shape.id)
            sentence = f"{name} has {floor(shape.polygon.area)} px, fewer than the {least:g} px of the rules"
            yield Finding(CHECK.name, Severity.WARNING, sentence, Place(x, y), shape.id)
    count, _, stats, centres = cv2.connectedComponentsWithStats(given.mask.astype(np.uint8), connectivity=8)
    small = [part for part in range(1, count) if stats[part, cv2.CC_STAT_AREA] < least]
    if small and count > 2:
        largest = max(small, key=lambda part: int(stats[part, cv2.CC_STAT_AREA]))
        area = int(stats[largest, cv2.CC_STAT_AREA])
        place = Place(float(centres[largest, 0]), float(centres[largest, 1]))
        one = f"A part of the mask has {area} px: a sliver"
        several = f"{len(small)} parts of the mask have {area} px at most: slivers"
        yield Finding(CHECK.name, Severity.WARNING, one if len(small) == 1 else several, place)


CHECK = Check(
    "speck",
    "Slivers appear where two polygons nearly meet, and specks where a click went astray.",
    "Delete the polygon, or move the border so that the sliver closes.",
    _find,
)
