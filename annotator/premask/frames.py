"""First guesses of the geometry: every match is tried as a similarity of its own, and the best are refined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Features, Floats
from annotator.premask.matching import Matches

Affine = NDArray[np.float64]
"""`(2, 3)` float64: maps xy to xy."""

MOST_GUESSES = 400
"""Matches that are tried; beyond it only the best by ratio are."""

REFINED = 24
"""Best similarities that are refined in search of guesses that differ: more of them changed no pre-mask's IoU much."""

ALIKE = 0.05
"""Share of the object's size by which corners of two guesses differ that would be refined to the same map."""

PARTNERS = 3
"""Matches with which each one is joined where features have no scale and angle of their own."""

PAIR_APART = (0.15, 0.6)
"""Distance of such a pair in the reference, in object sizes: nearer ones say little, farther ones are rarely right."""

SCALES_AGREE = 2.2
"""How many times larger or smaller a change of scale may be than the features or the map say."""

MOST_TURNED = np.deg2rad(50)
"""Photographs of buildings stand upright: what turns by more is looked at with suspicion."""


@dataclass(frozen=True, slots=True, eq=False)
class Tentative:
    """Matches laid out for geometry: `source` and `target` `(n, 2)` float64 xy, how scale (natural logarithm) and angle
    (radians) change, `weight` `(n,)` in 0 to 1 from the ratio and from how crowded the place is, `inside` the mask.
    """

    source: NDArray[np.float64]
    target: NDArray[np.float64]
    scale: Floats
    angle: Floats
    weight: Floats
    inside: NDArray[np.bool_]
    framed: bool = True

    def __len__(self) -> int:
        return len(self.source)


def tentative(
    matches: Matches, reference: Features, index: Features, inside: NDArray[np.bool_], cell: float
) -> Tentative:
    """Lay out matches; `inside` tells for every match whether its place in the reference lies in the mask.

    Matches that share a `cell` (pixels) of the reference share their weight.
    """
    source = reference.points[matches.reference].astype(np.float64)
    target = index.points[matches.index].astype(np.float64)
    turn = index.angles[matches.index] - reference.angles[matches.reference]
    quality = np.clip((0.95 - matches.ratio) / 0.25, 0.1, 1.0)
    crowd = np.maximum(_crowding(source, cell), _crowding(target, cell))
    return Tentative(
        source=source,
        target=target,
        scale=np.log(index.scales[matches.index] / reference.scales[matches.reference]),
        angle=np.arctan2(np.sin(turn), np.cos(turn)),
        weight=(quality / np.sqrt(crowd)).astype(np.float32),
        inside=inside,
        framed=reference.framed and index.framed,
    )


def _crowding(points: NDArray[np.float64], cell: float) -> NDArray[np.float64]:
    """For every point the number of points in its square cell."""
    cells = np.floor(points / cell).astype(np.int64)
    _, which, counts = np.unique(cells[:, 0] + 100_003 * cells[:, 1], return_inverse=True, return_counts=True)
    return np.asarray(counts[which.ravel()], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """An affine map and how much weight of the matches agrees with it closely."""

    affine: Affine
    support: float


def guesses(given: Tentative, size: float, keep: int = 6) -> list[Guess]:
    """The best `keep` affine maps that differ, best first; `size` is the object's in the reference, in pixels."""
    seeds = np.flatnonzero(given.inside & ((np.abs(given.scale) < np.log(12)) | (not given.framed)))
    seeds = seeds[np.argsort(-given.weight[seeds], kind="stable")[:MOST_GUESSES]]
    if len(seeds) < 3:
        return []
    maps = _similarities(given, seeds) if given.framed else _similarities_of_two(given, seeds, size)
    if not len(maps):
        return []
    scores = _support(given, maps, size, 0.07) * _upright(np.arctan2(maps[:, 1, 0], maps[:, 0, 0]))
    best = maps[np.argsort(-scores, kind="stable")[:REFINED]]
    centre = np.average(given.source[given.inside], axis=0)
    corners = centre + 0.5 * size * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    refined = refine(given, best[_apart(_moved(best, corners), ALIKE * size * _scales(best))], size)
    places = _moved(refined, centre[None])
    chosen = refined[_apart(places, 0.15 * size * _scales(refined))[:keep]]
    supports = _support(given, chosen, size, 0.04)
    found = [Guess(affine, float(support)) for affine, support in zip(chosen, supports, strict=True)]
    return sorted(found, key=lambda one: -one.support)


def _moved(maps: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """`(k, n, 2)`: `points` `(n, 2)` through each of `(k, 2, 3)` maps."""
    moved: NDArray[np.float64] = points @ maps[:, :, :2].transpose(0, 2, 1) + maps[:, None, :, 2]
    return moved


def _apart(moved: NDArray[np.float64], reach: NDArray[np.float64]) -> list[int]:
    """Rows of `moved` `(k, n, 2)` that differ from every one taken before: a point lies at least `reach` `(k,)` off."""
    off = np.linalg.norm(moved[:, None] - moved[None], axis=3).max(axis=2)
    close = off < reach[:, None]
    taken: list[int] = []
    for row in range(len(moved)):
        if not close[row, taken].any():
            taken.append(row)
    return taken


def _similarities(given: Tentative, seeds: NDArray[np.intp]) -> NDArray[np.float64]:
    """`(n, 2, 3)`: the similarity that one match says by its scale, angle and place."""
    factor, angle = np.exp(given.scale[seeds].astype(np.float64)), given.angle[seeds].astype(np.float64)
    cosine, sine = factor * np.cos(angle), factor * np.sin(angle)
    linear = np.stack([np.stack([cosine, -sine], axis=1), np.stack([sine, cosine], axis=1)], axis=1)
    shift = given.target[seeds] - np.einsum("nij,nj->ni", linear, given.source[seeds])
    return np.concatenate([linear, shift[:, :, None]], axis=2)


def _similarities_of_two(given: Tentative, seeds: NDArray[np.intp], size: float) -> NDArray[np.float64]:
    """`(n, 2, 3)`: the similarity that two matches say by their places, for features without scale and angle.

    Each seed is joined with the best `PARTNERS` that fit it (see `_fitting`).
    """
    source, target = given.source[seeds], given.target[seeds]
    fitting = given.weight[seeds] * _fitting(source / size, target / size, given.scale[seeds])
    partners = _largest(fitting, PARTNERS)
    first = np.repeat(np.arange(len(seeds)), partners.shape[1])
    second = partners.ravel()
    usable = fitting[first, second] > 0
    first, second = first[usable], second[usable]
    a, b = source[second] - source[first], target[second] - target[first]
    lengths = np.maximum((a * a).sum(axis=1), 1e-9)
    cosine = (a * b).sum(axis=1) / lengths
    sine = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / lengths
    linear = np.stack([np.stack([cosine, -sine], axis=1), np.stack([sine, cosine], axis=1)], axis=1)
    shift = target[first] - np.einsum("nij,nj->ni", linear, source[first])
    factor = np.hypot(cosine, sine)
    sane_scale = (factor > 1 / 12) & (factor < 12)
    return np.asarray(np.concatenate([linear, shift[:, :, None]], axis=2)[sane_scale])


def _fitting(source: NDArray[np.float64], target: NDArray[np.float64], scale: Floats) -> NDArray[np.bool_]:
    """`(n, n)`: which matches can belong to one object, in object sizes: `PAIR_APART` in the reference, enlarged about
    as their features are (`scale`, natural logarithms), and not turned by more than `MOST_TURNED`.
    """
    x, y = (source - source.mean(axis=0)).astype(np.float32).T
    u, v = (target - target.mean(axis=0)).astype(np.float32).T
    across, down, right, below = (values - values[:, None] for values in (x, y, u, v))
    here, there = across * across + down * down, right * right + below * below
    enlarged = here * np.exp(scale + scale[:, None])
    along = across * right + down * below
    fits = (here > PAIR_APART[0] ** 2) & (here < PAIR_APART[1] ** 2)
    fits &= (there * SCALES_AGREE**2 > enlarged) & (there < enlarged * SCALES_AGREE**2)
    fits &= along * np.abs(along) > np.cos(MOST_TURNED) ** 2 * here * there
    return np.asarray(fits)


def _largest(values: Floats, count: int) -> NDArray[np.intp]:
    """`(n, count)`: columns of the largest values of every row, largest first, of equals the first.

    A few passes take a twentieth of the time of sorting every row.
    """
    left = values.copy()
    rows = np.arange(len(left))
    found = []
    for _ in range(min(count, left.shape[1])):
        found.append(left.argmax(axis=1))
        left[rows, found[-1]] = -np.inf
    return np.stack(found, axis=1)


def _support(given: Tentative, maps: NDArray[np.float64], size: float, share: float) -> NDArray[np.float64]:
    """How much weight agrees with each map in place (within `share` of the object's size), scale and angle."""
    linear, shift = maps[:, :, :2].astype(np.float32), maps[:, :, 2].astype(np.float32)
    source, target = given.source.astype(np.float32), given.target.astype(np.float32)
    factors = np.sqrt(np.maximum(np.abs(np.linalg.det(maps[:, :, :2])), 1e-9))
    error = np.zeros((len(maps), len(source)), dtype=np.float32)
    for axis in (0, 1):
        predicted = linear[:, axis] @ source.T + shift[:, axis, None]
        error += (predicted - target[None, :, axis]) ** 2
    tolerance = (share * size * factors).astype(np.float32)
    near = np.maximum(0.0, 1 - error / tolerance[:, None] ** 2)
    turns = np.arctan2(maps[:, 1, 0] - maps[:, 0, 1], maps[:, 0, 0] + maps[:, 1, 1]).astype(np.float32)
    weight = given.weight * np.where(given.inside, 1.0, 0.4).astype(np.float32)
    if not given.framed:
        return np.asarray(near @ weight, dtype=np.float64)
    same_scale = np.abs(given.scale[None] - np.log(factors).astype(np.float32)[:, None]) < np.log(SCALES_AGREE)
    turn = np.abs(given.angle[None] - turns[:, None])
    same_turn = np.minimum(turn, 2 * np.pi - turn) < np.deg2rad(40)
    return np.asarray((near * same_scale * same_turn) @ weight, dtype=np.float64)


def _upright(angles: NDArray[np.floating]) -> NDArray[np.float64]:
    """A turn beyond `MOST_TURNED` needs twice the support."""
    return np.where(np.abs(angles) > MOST_TURNED, 0.5, 1.0)


def _scales(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """`(k,)`: the enlargement of each map."""
    return np.asarray(np.sqrt(np.abs(np.linalg.det(maps[:, :, :2]))))


def refine(given: Tentative, starts: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """`(k, 2, 3)` maps, each fitted to what agrees with it, with a narrowing tolerance; without those not sane."""
    maps = starts
    weight = given.weight * np.where(given.inside, 1.0, 0.4)
    for share in (0.1, 0.07, 0.05):
        off = _moved(maps, given.source) - given.target
        squares = np.einsum("kni,kni->kn", off, off)
        weights = weight * np.maximum(0.0, 1 - squares / ((share * size * _scales(maps)) ** 2)[:, None])
        enough = np.count_nonzero(weights, axis=1) >= 3
        maps = _fit_affines(given.source, given.target, weights[enough], maps[enough], size)
        maps = maps[_sane(maps)]
    return maps


def fit_affine(
    source: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64], prior: Affine, size: float
) -> Affine:
    """Weighted least squares, held to the prior's linear part as two matches at the object's border would hold it."""
    return np.asarray(_fit_affines(source, target, weight[None], prior[None], size)[0])


def _fit_affines(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
    priors: NDArray[np.float64],
    size: float,
) -> NDArray[np.float64]:
    """`fit_affine` for several weights `(k, n)` and priors `(k, 2, 3)` of the same matches `(n, 2)` at once.

    About the weighted mean of the matches, shift and linear part do not depend on each other.
    """
    total = weights.sum(axis=1, keepdims=True)
    centre = weights @ source / total
    away = (source - centre[:, None]) / size
    left = target - _moved(priors, source)
    weighted = (weights[:, :, None] * away).transpose(0, 2, 1)
    change = np.linalg.solve(weighted @ away + 0.1 * np.eye(2), weighted @ left).transpose(0, 2, 1)
    linear = priors[:, :, :2] + change / size
    shift = weights[:, None] @ (target - source @ linear.transpose(0, 2, 1))
    return np.concatenate([linear, shift.transpose(0, 2, 1) / total[:, :, None]], axis=2)


def sane(affine: Affine) -> bool:
    """Not mirrored, scaled by 1/20 to 20, squeezed by no more than 5."""
    return bool(_sane(affine[None])[0])


def _sane(maps: NDArray[np.float64]) -> NDArray[np.bool_]:
    """`sane` for each of `(k, 2, 3)` maps."""
    known = np.asarray(np.isfinite(maps).all(axis=(1, 2)))
    linear = np.where(known[:, None, None], maps[:, :, :2], 0.0)
    large, small = np.linalg.svd(linear, compute_uv=False).T
    fair = (large < 20) & (small > 0.03) & (large < 5 * small)
    return np.asarray(known & fair & (np.linalg.det(linear) > 0))
