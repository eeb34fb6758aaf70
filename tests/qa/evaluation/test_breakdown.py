"""Scores query by query, group by group and by difficulty, and the sentences beside them, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qa.evaluation.breakdown import per_difficulty, per_group, per_query, query_aps
from qa.evaluation.evaluate import evaluate
from qa.evaluation.json_form import as_data
from qa.evaluation.scores import DatasetScores
from qa.evaluation.scoring import Scoring
from qa.metrics.average_precision import map_scores

NAN = np.nan


def ring(low: int, high: int) -> list[list[int]]:
    return [[low, low], [high, low], [high, high], [low, high]]


def scored(bench: Any, scoring: Scoring) -> DatasetScores:
    found = evaluate(bench.root, bench.results, ["mine"], scoring, cores=1)
    return found.methods[0].datasets["oxford"]


@pytest.fixture
def bench(bench: Any) -> Any:
    """Squares of 20 by 20 pixels are the truth; a square of 10 by 10 within has an IoU of a quarter.

    Query 0 finds nothing in its easy image, query 1 a quarter in its hard one; query 2 is right.
    """
    bench.predictions = {"0_0": [], "1_1": ring(10, 19)}
    return bench.write()


def test_queries_have_their_means_and_their_group(bench: Any) -> None:
    paper = per_query(scored(bench, Scoring.PAPER))
    assert [(row["query"], row["image"], row["group"]) for row in paper] == [
        (0, "query_0", "g00"),
        (1, "query_1", "g00"),
        (2, "query_2", "g01"),
    ]
    assert [row["medium_mask"] for row in paper] == [0.5, 0.625, 1.0]
    assert [row["hard_mask"] for row in paper] == [1.0, 0.25, 1.0]
    official = per_query(scored(bench, Scoring.OFFICIAL))
    assert official[0]["medium_mask"] == 1.0  # the empty easy pair is left out
    # On 29 by 29 pixels the truth has 19 by 19, on which the prediction of 10 by 10 lies.
    assert official[1]["hard_mask"] == pytest.approx(100 / 19**2)


def test_aps_of_queries_are_those_of_the_thresholds_that_have_one(bench: Any) -> None:
    """In the hard protocol images 1 and 1 stand first, and image 5 of query 2 behind three negatives."""
    paper, official = (per_query(scored(bench, scoring)) for scoring in (Scoring.PAPER, Scoring.OFFICIAL))
    assert [row["ap_hard_mask"] for row in paper] == [1.0, 0.0, pytest.approx((0 + 1 / 4) / 2)]
    assert [row["ap_hard_box"] for row in official] == [1.0, None, pytest.approx((0 + 1 / 4) / 2)]
    assert not any("ap_hard_mask" in row for row in official)


def test_groups_are_means_of_their_queries_that_have_a_number(bench: Any) -> None:
    first, second = per_group(scored(bench, Scoring.OFFICIAL))
    assert (first["group"], first["queries"], second["queries"]) == ("g00", [0, 1], [2])
    assert first["hard_mask"] == pytest.approx((1 + 100 / 19**2) / 2)
    assert first["ap_hard_box"] == 1.0  # query 1 has none
    paper = per_group(scored(bench, Scoring.PAPER))[0]
    assert (paper["medium_mask"], paper["ap_hard_mask"]) == ((0.5 + 0.625) / 2, 0.5)


def test_easy_and_hard_pairs_are_told_apart(bench: Any) -> None:
    paper = per_difficulty(scored(bench, Scoring.PAPER), Scoring.PAPER)
    assert paper["easy"] == {"pairs": 3, "empty": 1, "box": pytest.approx(2 / 3), "mask": pytest.approx(2 / 3)}
    assert paper["hard"] == {"pairs": 3, "empty": 0, "box": 0.75, "mask": 0.75}
    official = per_difficulty(scored(bench, Scoring.OFFICIAL), Scoring.OFFICIAL)
    assert (official["easy"]["empty"], official["easy"]["mask"]) == (1, 1.0)


def test_a_difficulty_that_no_query_has_is_no_number(bench: Any) -> None:
    for label in bench.truth["gnd"]:
        label["easy"] = []
    found = per_difficulty(scored(bench.write(), Scoring.PAPER), Scoring.PAPER)
    assert found["easy"] == {"pairs": 0, "empty": 0, "box": None, "mask": None}


def test_the_mean_ap_of_a_query_leaves_out_thresholds_without_one() -> None:
    aps = np.array([[1.0, 0.5, NAN], [0.5, NAN, NAN]])
    found = query_aps(map_scores(aps, ~np.isnan(aps)))
    np.testing.assert_array_equal(found, [0.75, 0.5, NAN])


def test_what_happened_in_a_run_is_said(bench: Any) -> None:
    official = scored(bench, Scoring.OFFICIAL).remarks
    assert (
        "Empty predictions: 0 of hard pairs, counted as 0, and 1 of easy pairs, left out of the medium mean."
        in official
    )
    assert any(
        remark.startswith("hard box mAP: over the ten thresholds, 10 times a query is dropped") for remark in official
    )
    paper = scored(bench, Scoring.PAPER).remarks
    assert "Empty predictions: 0 of hard pairs, counted as 0, and 1 of easy pairs, counted as 0." in paper
    assert not any("dropped" in remark for remark in paper)


def test_a_method_that_finds_nothing_has_no_official_map_and_a_paper_one_of_0(bench: Any) -> None:
    bench.predictions = {key: [] for key in bench.pair_keys()}
    bench.write()
    official = scored(bench, Scoring.OFFICIAL)
    assert official.plain is not None
    assert np.isnan(official.plain.map["hard_box"].mean)
    assert "hard box mAP: at some threshold no query is left, so there is no mean." in official.remarks
    assert official.miou.hard_mask.mean == official.miou.medium_mask.mean == 0.0
    data = as_data(evaluate(bench.root, bench.results, ["mine"], Scoring.OFFICIAL, cores=1))["oxford"]
    assert data["map"]["hard_box"] is None
    assert data["intervals"]["map"]["hard_box"] == [None, None]
    paper = scored(bench, Scoring.PAPER)
    assert paper.plain is not None
    assert (paper.plain.map["hard_mask"].mean, paper.miou.medium_mask.mean) == (0.0, 0.0)


def test_five_of_the_pairs_that_raise_are_named(bench: Any) -> None:
    bench.predictions = {key: [ring(10, 29), ring(40, 50)] for key in bench.pair_keys() if key != "0_1"}
    (said,) = [remark for remark in scored(bench.write(), Scoring.OFFICIAL).remarks if "raise" in remark]
    assert said.startswith("Pairs that make the official evaluator raise: 5; each keeps the previous pair's IoU")
    assert "others" not in said
