"""The published data sets have 70 queries, two of which the official mAP skips and still counts (FORMAT B3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qa.evaluation.evaluate import evaluate
from qa.evaluation.json_form import as_data
from qa.evaluation.scores import DatasetScores
from qa.evaluation.scoring import Scoring

QUERIES = 70


@pytest.fixture
def published(bench: Any) -> Any:
    """70 queries of one easy and one hard image each, all in one group; the truth is predicted and ranked first."""
    label = {"bbx": [0.0, 0.0, 9.0, 9.0], "easy": [0], "hard": [1], "junk": [2]}
    bench.truth = {
        "gnd": [label] * QUERIES,
        "imlist": [f"image_{number}" for number in range(6)],
        "qimlist": [f"query_{number}" for number in range(QUERIES)],
    }
    bench.ranks = np.stack([np.arange(6)] * QUERIES, axis=1)
    bench.label_file = lambda key: bench.root / "labels" / bench.dataset / "g00" / f"image_{key.partition('_')[2]}.json"
    return bench


def scored(bench: Any, scoring: Scoring) -> DatasetScores:
    found = evaluate(bench.root, bench.results, ["mine"], scoring).methods[0].datasets[bench.dataset]
    assert found.plain is not None
    return found


@pytest.mark.parametrize(("dataset", "skipped"), [("oxford", (56, 63)), ("paris", (57, 59)), ("town", ())])
def test_a_perfect_method_reaches_68_of_70_officially(published: Any, dataset: str, skipped: tuple[int, ...]) -> None:
    published.dataset = dataset
    published.write()
    official, paper = (scored(published, scoring) for scoring in (Scoring.OFFICIAL, Scoring.PAPER))
    expected = (QUERIES - len(skipped)) / QUERIES
    assert [score.mean for score in official.plain.map.values()] == pytest.approx([expected] * 2, abs=1e-12)
    assert {score.mean for score in paper.plain.map.values()} == {1.0}
    assert official.plain.image["medium"].mean == paper.plain.image["hard"].mean == 1.0
    assert official.miou.medium_mask.mean == paper.miou.medium_mask.mean == 1.0
    assert np.flatnonzero(np.isnan(official.plain.map["medium_box"].aps[0])).tolist() == list(skipped)
    said = [remark for remark in official.remarks if "skipped" in remark]
    assert bool(said) == bool(skipped)
    assert not skipped or all(str(number) in said[0] for number in skipped)
    assert not any("skipped" in remark for remark in paper.remarks)


def test_what_is_skipped_counts_in_the_mean_of_miou(published: Any) -> None:
    """Query 56 finds nothing in its hard image: 69 of 70 hard, and half of its pairs in the medium mean."""
    published.predictions = {"56_1": []}
    found = scored(published.write(), Scoring.OFFICIAL)
    assert found.miou.hard_mask.mean == pytest.approx(69 / 70)
    assert found.miou.medium_mask.mean == pytest.approx(69.5 / 70)
    assert found.plain is not None
    assert found.plain.map["hard_box"].mean == pytest.approx(68 / 70)  # 56 is skipped whatever it finds


def test_records_of_the_json_name_every_query(published: Any) -> None:
    data = as_data(evaluate(published.write().root, published.results, ["mine"]))["oxford"]
    assert [record["query"] for record in data["per_query"]] == list(range(QUERIES))
    assert [record["query"] for record in data["per_query"] if record["ap_medium_box"] is None] == [56, 63]
    (group,) = data["per_group"]
    assert (group["group"], group["queries"], group["ap_medium_box"]) == ("g00", list(range(QUERIES)), 1.0)
    low, high = data["intervals"]["map"]["medium_box"]
    assert low <= 68 / 70 <= high <= 1.0
