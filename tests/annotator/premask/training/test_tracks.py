"""Three photographs of eighty points: 0 and 1 match, 1 and 2 match, 0 and 2 only through tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from annotator.premask.training.correspondences import Pair, Photographs
from annotator.premask.training.tracks import FEWEST_SHARED, joined, with_tracks

SEEN = {image: np.column_stack([np.arange(80) + 100.0 * image, np.arange(80)]).astype(np.float32) for image in range(3)}


def _pair(first: int, second: int, rows: range, landmark: str = "tower") -> Pair:
    chosen = np.array(rows)
    sure = np.full(len(chosen), 0.5, np.float32)
    return Pair(landmark, first, second, SEEN[first][chosen], SEEN[second][chosen], sure, np.eye(3), chosen)


def test_photographs_that_only_tracks_join_become_a_pair() -> None:
    pairs = joined([_pair(0, 1, range(80)), _pair(1, 2, range(20, 80))])
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 1), (1, 2), (0, 2)]
    new = pairs[2]
    np.testing.assert_array_equal(new.points_first, SEEN[0][20:])
    np.testing.assert_array_equal(new.points_second, SEEN[2][20:])
    assert not new.fundamental.any()


def test_too_few_shared_points_join_nothing() -> None:
    pairs = joined([_pair(0, 1, range(80)), _pair(1, 2, range(80 - FEWEST_SHARED + 1, 80))])
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 1), (1, 2)]


def test_a_matched_pair_keeps_its_rows_and_gains_those_of_its_tracks() -> None:
    pairs = joined([_pair(0, 1, range(80)), _pair(1, 2, range(80)), _pair(2, 0, range(10))])
    closed = pairs[2]
    assert (closed.first, closed.second) == (2, 0)
    np.testing.assert_array_equal(closed.points_first, SEEN[2])
    np.testing.assert_array_equal(closed.points_second, SEEN[0])
    np.testing.assert_array_equal(closed.confidence, [0.5] * 10 + [1.0] * 70)
    np.testing.assert_array_equal(closed.fundamental, np.eye(3))


def test_matches_on_no_track_stay_and_join_nothing() -> None:
    loose = [replace(pair, tracks=np.full(80, -1)) for pair in (_pair(0, 1, range(80)), _pair(1, 2, range(80)))]
    pairs = joined(loose)
    assert [len(pair.points_first) for pair in pairs] == [80, 80]


def test_the_same_number_on_two_landmarks_is_not_the_same_point() -> None:
    apart = Photographs((), (), (_pair(0, 1, range(80)), _pair(1, 2, range(80), landmark="gate")))
    assert [(pair.first, pair.second) for pair in with_tracks(apart).pairs] == [(0, 1), (1, 2)]
