"""Which features of a reference look like which of an index image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Features, Floats
from annotator.premask.products import Likeness, products

Rows = NDArray[np.intp]
"""Positions, `(n,)`."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """`n` matches: rows of the reference's features, rows of the index image's, and how good each is.

    `ratio` is the distance over that of the best alternative elsewhere in the index image (smaller is better).
    """

    reference: Rows
    index: Rows
    ratio: Floats

    def __len__(self) -> int:
        return len(self.reference)

    def take(self, rows: NDArray[np.bool_] | Rows) -> Matches:
        """The matches of some rows."""
        return Matches(self.reference[rows], self.index[rows], self.ratio[rows])


class Matcher(Protocol):
    """What matches features in place of mutual nearest neighbours, such as a model that belongs to them.

    Features of one list may come from several views of an image (see views.py).
    """

    def __call__(self, reference: Features, index: Features) -> Matches:
        """The matches of two lists of features: every row is in one match at most."""
        ...


def no_matches() -> Matches:
    """Nothing matches."""
    none = np.zeros(0, dtype=np.intp)
    return Matches(none, none, np.zeros(0, dtype=np.float32))


BLOCK = 64
"""Rows of the reference that are compared at once: bounds memory to some 6 MB, which a processor's cache holds."""

NOTHING = np.int32(-(2**31))
"""Less alike than anything."""


def match(reference: Features, index: Features, limit: float = 0.88, apart: float = 6.0, tries: int = 3) -> Matches:
    """Mutual nearest neighbours whose ratio is below `limit` (Lowe, 2004).

    The alternative of the ratio is the best one more than `apart` pixels away, among the `tries` next, since one place
    gives several features (orientations, scales). Neighbours are found with rounded descriptors, the ratio is exact.
    """
    if len(reference) == 0 or len(index) < 2:
        return no_matches()
    best = np.zeros(len(reference), dtype=np.intp)
    other = np.zeros(len(reference), dtype=np.intp)
    first = np.zeros(len(reference), dtype=np.int32)
    columns = np.full(len(index), NOTHING, dtype=np.int32)
    for rows, likeness in products(reference.descriptors, index.descriptors, BLOCK):
        np.maximum(columns, likeness.max(axis=0), out=columns)
        best[rows], first[rows], other[rows] = _two_places(likeness, index.points, apart, tries)
    mutual = np.flatnonzero(first >= columns[best])
    ours = reference.descriptors[mutual]
    ratio = distance_ratio(*(inner(ours, index.descriptors[found[mutual]]) for found in (best, other)))
    good = ratio < limit
    return Matches(mutual[good], best[mutual[good]], ratio[good])


def inner(one: Floats, other: Floats) -> Floats:
    """`(n,)`: the inner products of the rows of two lists of descriptors `(n, d)`."""
    return np.asarray(np.einsum("ij,ij->i", one, other), dtype=np.float32)


def distance_ratio(first: Floats, second: Floats) -> Floats:
    """The distance of the best over that of the second best, from their inner products at unit length."""
    return np.asarray(np.sqrt(np.maximum(1 - first, 1e-6) / np.maximum(1 - second, 1e-6)), dtype=np.float32)


def _two_places(likeness: Likeness, points: Floats, apart: float, tries: int) -> tuple[Rows, NDArray[np.int32], Rows]:
    """Best column of every row, its likeness, and the best column elsewhere; empties `likeness`."""
    rows = np.arange(len(likeness))
    best = likeness.argmax(axis=1)
    first = likeness[rows, best]
    second = best.copy()
    likeness[rows, best] = NOTHING
    left = rows
    for attempt in range(tries):
        other = likeness[left].argmax(axis=1) if attempt else likeness.argmax(axis=1)
        second[left] = other
        near = np.abs(points[other] - points[best[left]]).max(axis=1) <= apart
        likeness[left, other] = NOTHING
        left = left[near]
        if not len(left):
            break
    return best, first, second
