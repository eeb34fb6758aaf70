"""Pairs that tracks join: photographs too far apart to match see the same points through those between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from annotator.premask.training.correspondences import Pair, Photographs, Points

FEWEST_SHARED = 48
"""Tracks that two photographs must share to become a pair of their own."""

Places = dict[int, tuple[float, float]]
"""Where each photograph, by number, sees one physical point."""


def with_tracks(photographs: Photographs) -> Photographs:
    """`photographs` with the points that tracks add to each pair, and with the pairs that only tracks join.

    New pairs have confidence 1 and a fundamental matrix of zeros.
    """
    landmarks = list(dict.fromkeys(pair.landmark for pair in photographs.pairs))
    of_landmark = [[pair for pair in photographs.pairs if pair.landmark == name] for name in landmarks]
    return replace(photographs, pairs=tuple(pair for pairs in of_landmark for pair in joined(pairs)))


def joined(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs of one landmark with what its tracks add, in their order, then the new pairs."""
    seen = _places(pairs)
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for track, places in seen.items():
        for both in combinations(sorted(places), 2):
            shared[both].append(track)
    out = []
    for pair in pairs:
        common = shared.pop((min(pair.first, pair.second), max(pair.first, pair.second)), [])
        own = set(pair.tracks.tolist())
        out.append(_longer(pair, [seen[track] for track in common if track not in own]))
    nothing = np.zeros((0, 2), np.float32)
    for (first, second), common in sorted(shared.items()):
        if len(common) >= FEWEST_SHARED:
            empty = Pair(pairs[0].landmark, first, second, nothing, nothing, nothing[:, 0], np.zeros((3, 3)))
            out.append(_longer(empty, [seen[track] for track in common]))
    return out


def _places(pairs: Sequence[Pair]) -> dict[int, Places]:
    seen: dict[int, Places] = defaultdict(dict)
    for pair in pairs:
        for image, points in ((pair.first, pair.points_first), (pair.second, pair.points_second)):
            for track, (x, y) in zip(pair.tracks.tolist(), points.tolist(), strict=False):
                if track >= 0:
                    seen[track][image] = (x, y)
    return seen


def _longer(pair: Pair, added: Sequence[Places]) -> Pair:
    """`pair` with a row more for each physical point of `added`; its tracks no longer fit and are dropped."""

    def with_added(points: Points, image: int) -> Points:
        more = np.array([places[image] for places in added], dtype=np.float32).reshape(-1, 2)
        return np.concatenate([points, more])

    return replace(
        pair,
        points_first=with_added(pair.points_first, pair.first),
        points_second=with_added(pair.points_second, pair.second),
        confidence=np.concatenate([pair.confidence, np.ones(len(added), np.float32)]),
        tracks=np.zeros(0, np.int64),
    )
