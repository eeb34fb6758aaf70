"""A large green, flat or nearly black region left inside the mask: likely an occluder, or sky, that was missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import Place
from qa.checks.finding import Check, Finding, Given, Severity, centre_of

GREEN = ((30, 70, 30), (90, 255, 255))
"""Hue in OpenCV's half degrees, saturation and value of foliage in daylight. Yellow would be that of many stones."""

DARK = 40
"""Value (0 to 255) below which nothing can be told apart."""

FLAT = 8.0
"""Mean length of the Sobel gradient in grey values; masonry has more, sky and painted metal have less."""

WORKING_SIDE = 512
"""Pixels on the long side at which colours are judged; finer is noise."""

Region = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a region looks like, what it may be, and between which shares of the mask it is worth a look.

    The shares are set above the largest region on 26 good masks of real photographs, which have dark windows and doors.
    """

    look: str
    guess: str
    least: float
    most: float


TREE = Sign("green", "a tree", 0.012, 1.0)
SKY = Sign("flat", "sky, or something in front", 0.06, 0.5)
SHADE = Sign("dark", "something in front", 0.15, 0.5)


def _find(given: Given) -> Iterator[Finding]:
    if given.image is None or not given.mask.any():
        return
    scale = min(1.0, WORKING_SIDE / max(given.mask.shape))
    size = max(1, round(given.mask.shape[1] * scale)), max(1, round(given.mask.shape[0] * scale))
    small = cv2.resize(given.image, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    mask = cv2.resize(given.mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    for sign, region in _looks(small):
        for share, place in _parts(region, mask):
            if sign.least <= share <= sign.most:
                there = Place(place.x / scale, place.y / scale)
                sentence = f"A {sign.look} region of {share:.0%} of the mask: {sign.guess}?"
                yield Finding(CHECK.name, Severity.WARNING, sentence, there)


def _looks(small: NDArray[np.uint8]) -> Iterator[tuple[Sign, Region]]:
    hsv = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.COLOR_RGB2HSV)
    green = cv2.inRange(hsv, np.array(GREEN[0]), np.array(GREEN[1])).astype(np.uint8)
    yield TREE, green
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    dark = hsv[..., 2] < DARK
    yield SHADE, dark.astype(np.uint8)
    yield SKY, ((cv2.GaussianBlur(slope, (0, 0), 2) < FLAT) & ~dark & (green == 0)).astype(np.uint8)


def _parts(region: Region, mask: Region) -> Iterator[tuple[float, Place]]:
    """Shares and places of the connected pieces of a region inside the mask, without threads and specks."""
    opened = cv2.morphologyEx(cv2.bitwise_and(region, region, mask=mask), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    total = int(mask.sum())
    for part in range(1, count):
        share = int(stats[part, cv2.CC_STAT_AREA]) / max(1, total)
        if share >= min(TREE.least, SKY.least, SHADE.least):
            place = centre_of(labels == part)
            if place is not None:
                yield share, place


CHECK = Check(
    "occluder left in",
    "Trees, vehicles and other buildings in front of the object are cut out and sky stays out; a large green, flat or "
    "dark region inside the mask is likely one of them.",
    "Cut it out with an occluder of its kind, or move the outline; if it is part of the object, say so in a remark.",
    _find,
)
