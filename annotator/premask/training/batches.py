"""Batches of view pairs: real correspondences between photographs, and warps of one photograph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.premask.training.correspondences import Grey, Pair, Photographs, Points
from annotator.premask.training.views import HEIGHT, WIDTH, project, random_homography, warp, weathered

MOST_POINTS = 384
FEWEST_POINTS = 48
MARGIN = 6
SPACING = 6
"""Pixels; correspondences nearer to each other than this would be unfair negatives."""


@dataclass(frozen=True, slots=True)
class ViewPair:
    """Two views `(HEIGHT, WIDTH)` float32, corresponding points `(m, 2)`, and the keypoint labels' points of each."""

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    points_first: Points
    points_second: Points
    keypoints_first: Points
    keypoints_second: Points


def real_pair(rng: np.random.Generator, photographs: Photographs, strength: float = 0.6) -> ViewPair | None:
    """Two views around one correspondence of a random pair of a random landmark; None where too few points are seen.

    `strength` 0..1 bends the views (see `random_homography`).
    """
    landmarks = sorted({pair.landmark for pair in photographs.pairs})
    groups = [[pair for pair in photographs.pairs if pair.landmark == landmark] for landmark in landmarks]
    # Between all pairs alike and all landmarks alike: two landmarks have only three or four pairs.
    weights = np.sqrt([len(group) for group in groups])
    pairs = groups[int(rng.choice(len(groups), p=weights / weights.sum()))]
    pair = pairs[int(rng.integers(len(pairs)))]
    anchor = int(rng.integers(len(pair.points_first)))
    base = np.exp(rng.uniform(np.log(0.4), np.log(1.25)))
    relative = np.sqrt(_relative_scale(pair))
    scales = [base * relative * np.exp(rng.uniform(-0.25, 0.25)), base / relative * np.exp(rng.uniform(-0.25, 0.25))]
    to_first = random_homography(rng, pair.points_first[anchor], scales[0], strength)
    to_second = random_homography(rng, pair.points_second[anchor], scales[1], strength)
    first, second = project(pair.points_first, to_first), project(pair.points_second, to_second)
    kept = _chosen(rng, first, second)
    if len(kept) < FEWEST_POINTS:
        return None
    images = photographs.images[pair.first], photographs.images[pair.second]
    return ViewPair(
        weathered(rng, warp(images[0], to_first, scales[0])),
        weathered(rng, warp(images[1], to_second, scales[1])),
        first[kept],
        second[kept],
        project(photographs.repeated[pair.first], to_first),
        project(photographs.repeated[pair.second], to_second),
    )


def warped_pair(rng: np.random.Generator, image: Grey) -> ViewPair | None:
    """Two warps of one photograph with exact correspondences on its corners and anywhere else."""
    height, width = image.shape
    centre = np.array([rng.uniform(0.25, 0.75) * width, rng.uniform(0.25, 0.75) * height], dtype=np.float32)
    scale = np.exp(rng.uniform(np.log(0.4), np.log(1.25)))
    scales = scale * np.exp(rng.uniform(-0.6, 0.6, 2))
    to_first = random_homography(rng, centre, scales[0], 1.3)
    to_second = random_homography(rng, centre, scales[1], 1.3)
    points = (centre + rng.uniform(-1, 1, (4000, 2)) * np.array([WIDTH, HEIGHT]) / scale).astype(np.float32)
    points = points[(points >= 0).all(1) & (points < [width, height]).all(1)]
    first, second = project(points, to_first), project(points, to_second)
    kept = _chosen(rng, first, second)
    if len(kept) < FEWEST_POINTS:
        return None
    nothing = np.zeros((0, 2), np.float32)
    views = weathered(rng, warp(image, to_first, scales[0])), weathered(rng, warp(image, to_second, scales[1]))
    return ViewPair(*views, first[kept], second[kept], nothing, nothing)


def _relative_scale(pair: Pair) -> float:
    """How much larger the object is in the second photograph: ratio of the points' spread."""
    spread = [float(np.std(points, axis=0).mean()) + 1e-3 for points in (pair.points_first, pair.points_second)]
    return float(np.clip(spread[1] / spread[0], 0.25, 4))


def _chosen(rng: np.random.Generator, first: Points, second: Points) -> NDArray[np.intp]:
    """Row numbers of correspondences inside both views, one at most in each square of SPACING pixels of either."""
    inside = np.ones(len(first), dtype=bool)
    for points in (first, second):
        inside &= (points >= MARGIN).all(1) & (points < np.array([WIDTH, HEIGHT]) - MARGIN).all(1)
    rows = rng.permutation(np.flatnonzero(inside))
    for points in (first, second):
        _, unique = np.unique((points[rows] // SPACING).astype(np.int64) @ [1, 4096], return_index=True)
        rows = rows[np.sort(unique)]
    return rows[:MOST_POINTS]
