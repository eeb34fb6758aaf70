"""Average precision and both mAPs: by hand, and against the same sums written as plainly as FORMAT says them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.metrics.average_precision import THRESHOLDS, average_precision, ranked_query
from qa.metrics.image_map import image_map
from qa.metrics.official_map import official_map
from qa.metrics.paper_map import paper_map


@pytest.mark.parametrize(
    ("ranks", "positives", "expected"),
    [
        ([0], 1, 1.0),
        ([1], 1, (0 / 1 + 1 / 2) / 2),
        ([0, 1, 2], 3, 1.0),
        ([0, 2], 2, (1 + (1 / 2 + 2 / 3) / 2) / 2),
        ([0], 2, 1 / 2),  # the other one is not in the ranking
        ([3], 4, (0 / 3 + 1 / 4) / 2 / 4),
        ([], 5, 0.0),
    ],
)
def test_average_precision_by_hand(ranks: list[int], positives: int, expected: float) -> None:
    assert average_precision(np.array(ranks, dtype=np.int64), positives) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("measure", [official_map, paper_map])
def test_an_iou_of_exactly_the_threshold_does_not_pass(threshold: int, measure: Any) -> None:
    """One positive, first in the ranking: AP 1 below its IoU; at and above it 0 on paper, no AP officially."""
    query = ranked_query(np.array([0]), np.array([4]), [4], [])
    aps = measure([query], [np.array([threshold / 100])]).aps[:, 0]
    passed = sum(other < threshold for other in THRESHOLDS)
    assert aps[:passed].tolist() == [1.0] * passed
    assert np.nan_to_num(aps[passed:]).tolist() == [0.0] * (10 - passed)
    assert np.isnan(aps[passed:]).all() == (measure is official_map or passed == 10)


def test_what_fails_is_a_negative_officially_and_a_missed_positive_on_paper() -> None:
    """Ranking 5, 6, 7, of which 5 has an IoU of 0.3: 6 and 7 stand at ranks 1 and 2 behind it in both ways."""
    query = ranked_query(np.arange(3), np.array([5, 6, 7]), [5, 6, 7], [])
    iou = np.array([0.3, 1.0, 1.0])
    above = (0 / 1 + 1 / 2) / 2 + (1 / 2 + 2 / 3) / 2
    assert official_map([query], [iou]).mean == pytest.approx(above / 2)
    assert paper_map([query], [iou]).mean == pytest.approx(above / 3)


def test_junk_before_a_positive_takes_no_rank() -> None:
    places, images = np.arange(5), np.array([9, 8, 1, 9, 2])
    query = ranked_query(places, images, [1, 2], [8, 9])
    assert query.ranks.tolist() == [0, 1]
    assert image_map([query]).mean == 1.0


def test_a_skipped_query_counts_in_the_denominator_and_a_dropped_one_does_not() -> None:
    one = ranked_query(np.array([0]), np.array([4]), [4], [])
    perfect, none = np.array([1.0]), np.array([0.0])
    assert official_map([one] * 4, [perfect] * 4, skipped=(1, 3)).mean == 2 / 4
    assert official_map([one] * 4, [perfect, none, none, perfect], skipped=(3,)).mean == 1 / 2
    assert official_map([one] * 2, [none] * 2, skipped=(0,)).mean == 0.0
    assert math.isnan(official_map([one] * 2, [none] * 2).mean)
    assert paper_map([one] * 4, [perfect, none, none, perfect]).mean == 1 / 2


Case = tuple[list[int], list[int], list[int], list[float | None]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A ranking of some images of 0..11, of which some are positive and some junk, and an IoU of each positive."""
    roles = draw(st.lists(st.sampled_from("pjn"), min_size=1, max_size=12))
    positives = [image for image, role in enumerate(roles) if role == "p"]
    junk = [image for image, role in enumerate(roles) if role == "j"]
    order = draw(st.permutations(range(len(roles))))
    ranking = list(order)[: draw(st.integers(0, len(roles)))]
    ious = [draw(st.sampled_from([None, 0.0, 0.3, 0.5, 0.52, 0.7, 0.95, 0.96, 1.0])) for _ in positives]
    return ranking, draw(st.permutations(positives)), junk, ious


def plain_ap(ranking: list[int], true: set[int], junk: set[int], positives: int) -> float:
    """The trapezoids of Revisited Oxford and Paris, image by image."""
    area, seen, rank = 0.0, 0, 0
    for image in ranking:
        if image in junk:
            continue
        if image in true:
            before = 1.0 if rank == 0 else seen / rank
            area += (before + (seen + 1) / (rank + 1)) / 2 / positives
            seen += 1
        rank += 1
    return area


@settings(deadline=None, max_examples=200)
@given(st.lists(cases(), min_size=1, max_size=4), st.sets(st.integers(0, 3)))
def test_both_maps_are_what_a_plain_loop_gives(given_cases: list[Case], skipped: set[int]) -> None:
    queries, values = [], []
    for ranking, positives, junk, ious in given_cases:
        labelled = [(place, image) for place, image in enumerate(ranking) if image in {*positives, *junk}]
        places, images = (np.array([pair[part] for pair in labelled], dtype=np.int64) for part in (0, 1))
        queries.append(ranked_query(places, images, positives, junk))
        values.append(np.array([math.nan if iou is None else iou for iou in ious]))
    official, paper = official_map(queries, values, skipped), paper_map(queries, [np.nan_to_num(v) for v in values])
    for row, threshold in enumerate(THRESHOLDS):
        official_aps, paper_aps = [], []
        for number, (ranking, positives, junk, ious) in enumerate(given_cases):
            pairs = zip(positives, ious, strict=True)
            true = {image for image, iou in pairs if iou is not None and iou > threshold / 100}
            if number in skipped:
                official_aps.append(0.0)
            elif true:
                official_aps.append(plain_ap(ranking, true, set(junk), len(true)))
            if positives:
                paper_aps.append(plain_ap(ranking, true, set(junk), len(positives)))
        for found, expected in ((official, official_aps), (paper, paper_aps)):
            mean = sum(expected) / len(expected) if expected else math.nan
            assert found.maps[row] == pytest.approx(mean, abs=1e-12, nan_ok=True)
