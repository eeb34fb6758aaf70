"""How well two index images see the same places, cheaply: matches of their strongest features that agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Features, strongest
from annotator.premask.frames import guesses, tentative
from annotator.premask.matching import match

COARSE = 250
"""Strongest features of an image that take part in the first look at a whole group."""

FINE = 700
"""Strongest features that take part in a link."""

LIKE = 0.86
"""Cosine above which two features count in the first look."""

RATIO, RATIO_LEARNED = 0.85, 0.93
"""Largest ratio of a match of a link."""

NEAR = 0.07
"""Share of the image's size by which a match may miss the one geometry that a link counts."""

MOST = 6
"""Links that are looked at closely for every image: bounds a group's cost to so many times its images."""

SURE = 25.0
"""Matches at which a link is as good as certain: 1 - 1/e."""


def agreeing(one: Features, other: Features) -> int:
    """Matches of two images that one similar-to-affine geometry explains; 0 where nothing agrees."""
    a, b = strongest(one, FINE), strongest(other, FINE)
    if min(len(a), len(b)) < 12:
        return 0
    found = match(a, b, RATIO if a.framed and b.framed else RATIO_LEARNED)
    if len(found) < 6:
        return 0
    size = float(np.sqrt(np.prod(np.maximum(np.ptp(a.points, axis=0), 1.0))))
    given = tentative(found, a, b, np.ones(len(found), dtype=bool), cell=size / 24)
    first = guesses(given, size, keep=1)
    if not first:
        return 0
    affine = first[0].affine
    off = np.linalg.norm(given.source @ affine[:, :2].T + affine[:, 2] - given.target, axis=1)
    enlargement = float(np.sqrt(np.linalg.det(affine[:, :2])))
    return int((off < NEAR * size * enlargement).sum())


def strength(count: int) -> float:
    """How certain a link of so many agreeing matches is, 0 to 1; six or fewer are chance."""
    return float(1 - np.exp(-max(0, count - 6) / SURE))


def promising(images: Sequence[Features], most: int = MOST) -> list[tuple[int, int]]:
    """Pairs of positions (a < b) that are worth a closer look: for every image the `most` with most like features."""
    tops = [strongest(one, COARSE) for one in images]
    counts = np.zeros((len(tops), len(tops)))
    for a, one in enumerate(tops):
        for b in range(a + 1, len(tops)):
            counts[a, b] = counts[b, a] = _alike(one, tops[b])
    found: set[tuple[int, int]] = set()
    for a, row in enumerate(counts):
        for b in np.argsort(-row, kind="stable")[:most]:
            if row[b] > 0:
                found.add((min(a, int(b)), max(a, int(b))))
    return sorted(found)


def _alike(one: Features, other: Features) -> int:
    """Features that are each other's best and alike."""
    if not len(one) or not len(other):
        return 0
    likeness = one.descriptors @ other.descriptors.T
    best: NDArray[np.intp] = likeness.argmax(axis=1)
    rows = np.arange(len(one))
    return int(((likeness.argmax(axis=0)[best] == rows) & (likeness[rows, best] > LIKE)).sum())


def links(images: Sequence[Features], most: int = MOST) -> dict[tuple[int, int], float]:
    """The view graph: strength (0 to 1) of every link worth having, by positions (a < b)."""
    found = {(a, b): strength(agreeing(images[a], images[b])) for a, b in promising(images, most)}
    return {pair: value for pair, value in found.items() if value > 0}
