"""Lessons about what stands before an object: parts of the index image are covered as a wall or a tree would.

What covers is taken from elsewhere in the same photograph, so it often has the object's own stone, which colours alone
cannot tell from it. Pasting things in front of objects to learn occlusion: Dwibedi, Misra, Hebert (2017), "Cut, paste
and learn"; here nothing but the evidence changes, whose matches and features under the cover are not found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.alignment import Alignment
from annotator.premask.evidence import planes
from annotator.premask.features import Features, Floats, Pixels, joined
from annotator.premask.source import Indexed, Prepared
from annotator.premask.window import Window

COVERED = (0.05, 0.75)
"""Share of the expected mask that a cover hides: less changes nothing, more leaves nothing to see."""

LEAST_LEFT = 8
"""Matches on the object that are left; with fewer there would be no candidate."""

PLAIN = 0.3
"""Share of covers that are darkened or lightened and grained, as trees, vans and people are."""


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """A candidate behind a cover: its evidence `(h, w, planes)`, and which pixels of its window are covered."""

    planes: Floats
    cover: Mask


def covered(
    window: Window, alignment: Alignment, prepared: Prepared, indexed: Indexed, random: np.random.Generator
) -> Covered | None:
    """The candidate with something drawn at random before it; None where that would hide too little or too much."""
    expected = window.expected > 0.5
    if not expected.any():
        return None
    cover = _cover(expected, window.size, random)
    share = np.count_nonzero(cover & expected) / np.count_nonzero(expected)
    if not COVERED[0] < share < COVERED[1]:
        return None
    hidden = _under(cover, window.inwards(alignment.target))
    if np.count_nonzero(alignment.inside & ~hidden) < LEAST_LEFT:
        return None
    change = _elsewhere(window, random)
    left = replace(
        alignment, source=alignment.source[~hidden], target=alignment.target[~hidden], ratio=alignment.ratio[~hidden],
        inside=alignment.inside[~hidden], coverage=alignment.coverage * max(0.2, 1 - share),
    )  # fmt: skip
    image = np.where(cover[..., None], _texture(window, indexed.image, change, random), window.image)
    seen = _features_behind(window, indexed.features, cover, change)
    changed = replace(window, image=np.ascontiguousarray(image))
    return Covered(planes(changed, left, prepared.features, seen, prepared.inside), cover)


def _cover(expected: Mask, size: float, random: np.random.Generator) -> Mask:
    """All that lies below a line, beside one, or in a blob: walls and crowds, neighbouring buildings, trees."""
    rows, columns = np.nonzero(expected)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    kind = random.integers(4)
    down, across = np.indices(expected.shape)
    if kind < 2:
        line = top + (bottom - top) * random.uniform(0.35, 0.9) + _bumps(expected.shape[1], 0.08 * size, random)
        return np.asarray(down >= line[None, :])
    if kind == 2:
        share = random.uniform(0.1, 0.45)
        line = left + (right - left) * share + _bumps(expected.shape[0], 0.06 * size, random)
        return np.asarray(across <= line[:, None] if random.random() < 0.5 else across >= left + right - line[:, None])
    x, y = random.uniform(left, right), random.uniform((top + bottom) / 2, bottom)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = random.uniform(0.12, 0.35) * size * (1 + 0.25 * random.normal(size=24))
    wide, high = random.uniform(0.6, 1.4), random.uniform(0.6, 1.6)
    blob = np.stack([x + reach * np.cos(angles) * wide, y + reach * np.sin(angles) * high], axis=1)
    drawn = np.zeros(expected.shape, dtype=np.uint8)
    cv2.fillPoly(drawn, [np.rint(blob).astype(np.int32)], 1)
    return drawn.astype(np.bool_)


def _bumps(length: int, height: float, random: np.random.Generator) -> NDArray[np.float64]:
    """`(length,)`: how far a border is off a level line: tilted, and in half of all cases uneven."""
    places = np.arange(length)
    tilted = (places - length / 2) * random.uniform(-0.15, 0.15)
    if random.random() < 0.5:
        return np.asarray(tilted)
    corners = max(2, int(length / random.uniform(8, 40)))
    uneven = random.normal(0, random.uniform(1, max(1.1, height)), corners)
    return np.asarray(tilted + np.interp(places, np.linspace(0, length, corners), uneven))


def _elsewhere(window: Window, random: np.random.Generator) -> NDArray[np.float64]:
    """`(2, 3)`: from the index image to the window, but shifted by up to 1.2 object sizes and at another size."""
    shift = random.uniform(-1.2, 1.2, 2) * window.size
    if np.abs(shift).sum() < 0.3 * window.size:
        shift = shift + 0.3 * window.size
    factor = window.factor / random.uniform(0.6, 1.8)
    origin = np.array(window.origin) + shift / window.factor
    return np.column_stack([factor * np.eye(2), -factor * origin])


def _texture(window: Window, image: Pixels, change: NDArray[np.float64], random: np.random.Generator) -> Pixels:
    """What covers, at the window's pixels."""
    height, width = window.expected.shape
    found = cv2.warpAffine(image, change, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    lit = found.astype(np.float32) * np.float32(random.uniform(0.8, 1.15))
    if random.random() < PLAIN:
        grain = np.asarray(random.normal(0, random.uniform(0, 12), found.shape), dtype=np.float32)
        lit = found.astype(np.float32) * np.float32(random.uniform(0.3, 0.9)) + grain
    return np.asarray(np.clip(lit, 0, 255), dtype=np.uint8)


def _features_behind(window: Window, features: Features, cover: Mask, change: NDArray[np.float64]) -> Features:
    """The index image's features but those under the cover, and those of what covers, where they lie then."""
    free = features.take(~_under(cover, window.inwards(features.points)))
    moved = features.points @ change[:, :2].T + change[:, 2]
    above = _under(cover, moved)
    points = (moved[above] / window.factor + np.array(window.origin)).astype(np.float32)
    return joined([free, replace(features.take(above), points=points)])


def _under(cover: Mask, places: NDArray[np.floating]) -> NDArray[np.bool_]:
    """For each xy of the window whether it is covered; what lies outside the window is not."""
    height, width = cover.shape
    known = np.isfinite(places).all(axis=1)
    cells = np.rint(np.where(known[:, None], places, -1)).astype(int)
    within = known & ((cells >= 0) & (cells < [width, height])).all(axis=1)
    found = np.zeros(len(places), dtype=np.bool_)
    found[within] = cover[cells[within, 1], cells[within, 0]]
    return found
