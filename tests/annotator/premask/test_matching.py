"""Matching: mutual neighbours, the ratio beside one place, and guided rounds."""

from __future__ import annotations

import numpy as np

from annotator.premask.features import Features
from annotator.premask.guided import Field, Sought
from annotator.premask.guided import guided as searched
from annotator.premask.matching import Matches, match
from annotator.premask.rootsift import no_features
from annotator.premask.warp import Geometry


def unit(rows) -> np.ndarray:
    array = np.asarray(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def features(points, descriptors, scale: float = 4.0) -> Features:
    count = len(points)
    angles = np.linspace(0, 1, count).astype(np.float32)
    return Features(
        np.asarray(points, dtype=np.float32),
        np.full(count, scale, np.float32),
        angles,
        unit(descriptors),
        np.ones(count, np.float32),
    )


def random_features(count: int, seed: int) -> Features:
    random = np.random.default_rng(seed)
    return features(random.random((count, 2)) * 300, random.normal(size=(count, 32)))


def test_the_same_features_match_themselves():
    one = random_features(50, 1)
    found = match(one, one)
    assert np.array_equal(found.reference, np.arange(50))
    assert np.array_equal(found.index, np.arange(50))
    assert (found.ratio < 0.2).all()


def test_order_does_not_matter():
    one = random_features(40, 2)
    order = np.random.default_rng(0).permutation(40)
    found = match(one, one.take(order))
    assert np.array_equal(order[found.index], found.reference)


def test_nothing_matches_nothing():
    assert len(match(no_features(32), random_features(5, 1))) == 0
    assert len(match(random_features(5, 1), no_features(32))) == 0


def test_an_alternative_elsewhere_makes_a_match_ambiguous():
    query = features([[0, 0]], [[1, 0, 0]])
    twice = features([[10, 10], [90, 90], [50, 50]], [[1, 0.1, 0], [1, 0, 0.1], [0, 1, 0]])
    assert len(match(query, twice)) == 0


def test_a_second_feature_of_the_same_place_is_no_alternative():
    query = features([[0, 0]], [[1, 0, 0]])
    same_place = features([[10, 10], [12, 11], [50, 50]], [[1, 0.1, 0], [1, 0, 0.1], [0, 1, 0]])
    assert len(match(query, same_place)) == 1


def test_many_rows_are_matched_in_blocks():
    one = random_features(2500, 3)
    assert len(match(one, one)) == 2500


def plain(shift: float) -> Geometry:
    return Geometry(np.array([[1, 0, shift], [0, 1, 0], [0, 0, 1.0]]), (0, 0, 300, 300), np.zeros((2, 2, 2)))


def guided(one: Features, other: Features, geometry: Geometry, radius: float, scale: float) -> Matches:
    return searched(Sought(one), Field(other), geometry, radius, scale)


def test_guided_finds_only_near_where_the_geometry_points():
    one = random_features(60, 4)
    moved = Features(one.points + np.float32([20, 0]), one.scales, one.angles, one.descriptors, one.scores)
    assert len(guided(one, moved, plain(20), radius=5, scale=1)) == 60
    assert len(guided(one, moved, plain(120), radius=5, scale=1)) == 0


def test_guided_leaves_out_other_scales():
    one = random_features(60, 5)
    large = Features(one.points, one.scales * 6, one.angles, one.descriptors, one.scores)
    assert len(guided(one, large, plain(0), radius=5, scale=1)) == 0
    assert len(guided(one, large, plain(0), radius=5, scale=6)) == 60


def test_guided_without_features():
    assert len(guided(random_features(4, 1), no_features(32), plain(0), radius=5, scale=1)) == 0


def test_guided_leaves_out_what_lies_beyond_the_horizon():
    """A geometry in perspective: what is right of x = 200 has no place in the index image, the rest keeps its own."""
    one = random_features(300, 11)
    horizon = Geometry(np.array([[1, 0, 0], [0, 1, 0], [-1 / 200, 0, 1.0]]), (0, 0, 300, 300), np.zeros((2, 2, 2)))
    there = horizon.forward(one.points.astype(np.float64))
    seen = np.flatnonzero(one.points[:, 0] < 150)
    other = Features(
        there[seen].astype(np.float32), one.scales[seen], one.angles[seen], one.descriptors[seen], one.scores[seen]
    )
    assert not np.isfinite(there).all(), "some are beyond"
    found = guided(one, other, horizon, radius=5, scale=1)
    assert len(seen) > 100
    assert sorted(found.reference.tolist()) == seen.tolist()
    assert (seen[found.index] == found.reference).all()


def test_a_reference_is_laid_out_once_and_searched_from_many_times():
    one, other = random_features(250, 12), random_features(250, 13)
    sought = Sought(one)
    assert sorted(sought.order.tolist()) == list(range(250))
    first = searched(sought, Field(one), plain(0), 5, 1)
    searched(sought, Field(other), plain(40), 60, 1)
    again = searched(sought, Field(one), plain(0), 5, 1)
    assert np.array_equal(first.reference, again.reference)
    assert np.array_equal(first.ratio, again.ratio)
    assert len(first) == 250


def test_a_reference_without_features_finds_nothing():
    assert len(guided(no_features(32), random_features(4, 1), plain(0), radius=5, scale=1)) == 0


def test_neighbours_of_rounded_descriptors_are_those_of_a_plain_search():
    """Noisy copies among others: every copy finds its own, with the ratio of the exact descriptors."""
    random = np.random.default_rng(6)
    one = random_features(300, 7)
    noisy = unit(one.descriptors + random.normal(scale=0.05, size=one.descriptors.shape))
    other = Features(one.points, one.scales, one.angles, noisy, one.scores)
    found = match(one, other, apart=-1.0)  # every other feature is an alternative
    likeness = one.descriptors @ noisy.T
    assert len(found) > 290
    assert np.array_equal(found.index, likeness.argmax(axis=1)[found.reference])
    second = np.sort(likeness, axis=1)[:, -2]
    exact = np.sqrt((1 - likeness.max(axis=1)) / (1 - second))[found.reference]
    assert np.median(np.abs(found.ratio - exact)) < 1e-5
    assert (found.ratio <= exact + 1e-4).all(), "rounding may take the third for the second, never lose the first"


def test_guided_learned_features_stay_within_the_octave_of_their_view():
    one = random_features(60, 8)
    flat = Features(one.points, one.scales, np.zeros(60, np.float32), one.descriptors, one.scores)
    halved = Features(flat.points, flat.scales / 4, flat.angles, flat.descriptors, flat.scores)
    assert len(guided(flat, flat, plain(0), radius=5, scale=1)) == 60
    assert len(guided(flat, halved, plain(0), radius=5, scale=1)) == 0
    assert len(guided(flat, halved, plain(0), radius=5, scale=0.25)) == 60


def by_hand(one: Features, other: Features, shift: float, radius: float) -> set[tuple[int, int]]:
    """Mutual best in the window, with a ratio below 0.91 and a likeness above 0.8, in plain loops."""
    likeness = one.descriptors @ other.descriptors.T
    far = np.abs(one.points[:, None] + [shift, 0] - other.points[None]).max(axis=2) > radius
    likeness[far] = 0.0
    found = set()
    for row, values in enumerate(likeness):
        best, second = np.argsort(-values)[:2]
        same = np.abs(other.points[second] - other.points[best]).max() <= 3
        rival = min(values[second], 0.8 * values[best]) if same else values[second]
        ratio = np.sqrt((1 - values[best]) / (1 - rival))
        if values[best] > 0.8 and values[best] >= likeness[:, best].max() and ratio < 0.91:
            found.add((row, int(best)))
    return found


def test_guided_finds_what_a_search_by_hand_finds():
    random = np.random.default_rng(9)
    one = random_features(400, 10)
    moved = one.points + np.float32([20, 0]) + random.normal(scale=2, size=one.points.shape)
    noisy = unit(one.descriptors + random.normal(scale=0.08, size=one.descriptors.shape))
    other = Features(moved.astype(np.float32), one.scales, one.angles, noisy, one.scores)
    found = guided(one, other, plain(20), radius=12, scale=1)
    pairs = set(zip(found.reference.tolist(), found.index.tolist(), strict=True))
    expected = by_hand(one, other, 20, 12)
    assert len(expected) > 250
    assert len(pairs & expected) >= 0.99 * len(pairs | expected)
