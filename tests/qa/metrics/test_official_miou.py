"""Mean of mIoU in the official way: the golden data set, and the oddities by hand."""

from __future__ import annotations

import gzip
import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain.dataset import GroundTruth, Query
from qa.metrics.official_malformed import raw_iou
from qa.metrics.official_miou import OfficialScriptStopsError, official_iou_table, official_miou
from qa.metrics.pairs import PairScores, State, pair_list
from qa.metrics.paper_miou import paper_miou


def ground_truth(*labels: tuple[list[int], list[int]]) -> GroundTruth:
    """A ground truth of (easy, hard) per query."""
    queries = tuple(
        Query(number, f"query_{number}", (0.0, 0.0, 1.0, 1.0), tuple(easy), tuple(hard), ())
        for number, (easy, hard) in enumerate(labels)
    )
    return GroundTruth("oxford", queries, tuple(f"image_{number}" for number in range(20)))


def scores(truth: GroundTruth, values: dict[str, Any]) -> PairScores:
    """`values`: IoU of both kinds, a (box, mask) tuple, or a State."""
    pairs = pair_list(truth)
    box, mask = np.full(len(pairs), np.nan), np.full(len(pairs), np.nan)
    state = np.zeros(len(pairs), np.uint8)
    for position, key in enumerate(pairs.written()):
        value = values[key]
        if isinstance(value, State):
            state[position] = value
        else:
            box[position], mask[position] = value if isinstance(value, tuple) else (value, value)
    return PairScores(pairs, box, mask, state)


def test_pairs_come_query_by_query_hard_first() -> None:
    pairs = pair_list(ground_truth(([3, 4], [1]), ([], [2])))
    assert list(pairs.written()) == ["0_1", "0_3", "0_4", "1_2"]
    assert pairs.hard.tolist() == [True, False, False, True]


def test_medium_counts_both_and_hard_counts_hard() -> None:
    found = official_miou(
        scores(ground_truth(([3], [1, 2]), ([], [2])), {"0_3": 1.0, "0_1": 0.5, "0_2": 0.0, "1_2": 0.25})
    )
    assert found.medium_box.per_query.tolist() == [0.5, 0.25]
    assert found.hard_mask.per_query.tolist() == [0.25, 0.25]
    assert (found.medium_mask.mean, found.hard_box.mean) == (0.375, 0.25)


def test_an_empty_easy_pair_is_left_out_and_an_empty_hard_pair_counts_nothing() -> None:
    given = scores(ground_truth(([3, 4], [1, 2])), {"0_3": State.EMPTY, "0_4": 0.75, "0_1": State.EMPTY, "0_2": 0.75})
    assert official_miou(given).medium_box.mean == 0.5
    assert official_miou(given).hard_box.mean == 0.375
    assert paper_miou(given).medium_box.mean == 0.375  # the paper counts all four


def test_a_pair_that_raises_keeps_the_previous_ious() -> None:
    given = scores(
        ground_truth(([3, 4], [1, 2])),
        {"0_1": (0.5, 0.25), "0_2": State.RAISED, "0_3": State.EMPTY, "0_4": State.RAISED},
    )
    found = official_miou(given)
    assert found.hard_box.mean == 0.5
    assert found.hard_mask.mean == 0.25
    assert found.medium_box.mean == pytest.approx(1 / 3)  # 0.5, 0.5 and, after the empty pair, 0
    assert given.keys_in(State.RAISED) == ("0_2", "0_4")


def test_a_pair_that_raises_after_its_box_keeps_only_the_mask() -> None:
    given = scores(ground_truth(([], [1, 2])), {"0_1": (0.5, 0.25), "0_2": State.RAISED_AFTER_BOX})
    given.box[1] = 1.0
    found = official_miou(given)
    assert (found.hard_box.mean, found.hard_mask.mean) == (0.75, 0.25)


def test_the_first_pair_has_nothing_to_reuse() -> None:
    with pytest.raises(OfficialScriptStopsError, match="0_1"):
        official_miou(scores(ground_truth(([], [1])), {"0_1": State.RAISED}))


def test_a_missing_prediction_stops_the_official_script_and_counts_nothing_in_the_paper() -> None:
    given = scores(ground_truth(([], [1, 2])), {"0_1": 0.5, "0_2": State.MISSING})
    with pytest.raises(OfficialScriptStopsError, match="0_2"):
        official_miou(given)
    assert paper_miou(given).hard_box.mean == 0.25


def test_a_query_without_hard_pairs_makes_the_hard_mean_nan() -> None:
    found = official_miou(scores(ground_truth(([3], []), ([], [1])), {"0_3": 1.0, "1_1": 1.0}))
    assert math.isnan(found.hard_box.mean)
    assert found.medium_box.mean == 1.0


def test_the_table_for_map_has_no_entry_for_empty_easy_pairs_and_pairs_that_raise() -> None:
    given = scores(
        ground_truth(([3, 4], [1, 2])), {"0_1": (0.5, 0.1), "0_2": State.RAISED, "0_3": State.EMPTY, "0_4": (0.75, 0.1)}
    )
    np.testing.assert_array_equal(official_iou_table(given), [0.5, np.nan, np.nan, 0.75])


@pytest.fixture(scope="module")
def golden(shared: Path) -> tuple[PairScores, dict[str, Any]]:
    folder = shared / "golden" / "miou_case"
    pairs = json.loads(gzip.decompress((folder / "pairs.json.gz").read_bytes()))
    labels = pickle.loads((shared / "data" / "roxford5k" / "gnd_roxford5k.pkl").read_bytes())["gnd"]
    truth = ground_truth(*((query["easy"], query["hard"]) for query in labels))
    given: dict[str, Any] = {}
    for key, pair in pairs.items():
        if pair["prediction"]:
            iou = raw_iou(pair["prediction"], pair["truth"])
            given[key] = (iou.box, iou.mask)
        else:
            given[key] = State.EMPTY
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    return scores(truth, given), expected


def test_the_golden_data_set_is_equal_to_the_last_bit(golden: tuple[PairScores, dict[str, Any]]) -> None:
    found = official_miou(golden[0])
    for name in ("medium_box", "medium_mask", "hard_box", "hard_mask"):
        score, expected = getattr(found, name), golden[1][name.replace("mask", "seg")]
        assert score.mean == expected["mmiou"]
        assert score.per_query.tolist() == expected["mious"]


def test_single_pairs_of_the_golden_data_set_are_equal(golden: tuple[PairScores, dict[str, Any]]) -> None:
    given, expected = golden
    table = official_iou_table(given)
    place = {key: position for position, key in enumerate(given.pairs.written())}
    for key, values in expected["pair_iou"].items():
        position = place[key]
        if values is None:
            assert np.isnan(table[position])
        else:
            assert table[position] == values[0]
            assert (given.mask[position] if given.state[position] == State.SCORED else 0) == values[1]
