"""A large green or nearly black region left inside the mask: likely an occluder that was missed."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from qa.checks.finding import Check, Finding, Given, Severity, centre_of

SHARE = 0.02
"""Share of the mask from which a region is worth a look."""

GREEN = ((30, 70, 30), (90, 255, 255))
"""Hue in OpenCV's half degrees, saturation and value of foliage in daylight."""

WORKING_SIDE = 512
"""Pixels on the long side at which colours are judged; finer is noise."""


def _find(given: Given) -> Iterator[Finding]:
    if given.image is None or not given.mask.any():
        return
    scale = min(1.0, WORKING_SIDE / max(given.mask.shape))
    size = max(1, round(given.mask.shape[1] * scale)), max(1, round(given.mask.shape[0] * scale))
    small = cv2.resize(given.image, size, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(given.mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    hsv = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.COLOR_RGB2HSV)
    green = cv2.inRange(hsv, np.array(GREEN[0]), np.array(GREEN[1]))
    inside = cv2.bitwise_and(green, green, mask=mask)
    opened = cv2.morphologyEx(inside, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    total = int(mask.sum())
    for part in range(1, count):
        share = int(stats[part, cv2.CC_STAT_AREA]) / total
        if share < SHARE:
            continue
        place = centre_of(labels == part)
        if place is not None:
            place = type(place)(place.x / scale, place.y / scale)
        yield Finding(CHECK.name, Severity.WARNING, f"A green region of {share:.0%} of the mask: a tree?", place)


CHECK = Check(
    "occluder left in",
    "Trees in front of the object are large occluders; a large green region inside the mask is likely one.",
    "Cut it out with an occluder of the kind vegetation; if it is part of the object, say so in a remark.",
    _find,
)
