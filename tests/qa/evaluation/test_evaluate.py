"""Whole evaluations of a small benchmark, with numbers computed by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from annotator.domain.rle import encode
from qa.evaluation.evaluate import evaluate
from qa.evaluation.layout import WrongFolderError
from qa.evaluation.scores import DatasetScores
from qa.evaluation.scoring import Scoring
from qa.metrics.official_miou import OfficialScriptStopsError
from qa.metrics.pairs import State


def run(bench: Any, scoring: Scoring = Scoring.OFFICIAL, **options: Any) -> DatasetScores:
    found = evaluate(bench.root, bench.results, ["mine"], scoring, **options)
    scores: DatasetScores = found.methods[0].datasets[bench.dataset]
    return scores


def ring(low: int, high: int) -> list[list[int]]:
    return [[low, low], [high, low], [high, high], [low, high]]


def full(low: int, high: int) -> np.ndarray:
    mask = np.zeros((80, 100), dtype=np.bool_)
    mask[low : high + 1, low : high + 1] = True
    return mask


@pytest.mark.parametrize("scoring", list(Scoring))
def test_the_truth_as_prediction_is_perfect(bench: Any, scoring: Scoring) -> None:
    scores = run(bench.write(), scoring)
    for column in ("medium_box", "medium_mask", "hard_box", "hard_mask"):
        assert scores.mean_of_miou(column).mean == 1.0
    assert scores.raised == {}
    assert not any("prediction" in remark or "raise" in remark for remark in scores.remarks)


def test_both_protocols_on_one_pair_computed_by_hand(bench: Any) -> None:
    bench.predictions = {key: ring(10, 28) for key in bench.pair_keys()}
    official = run(bench.write())
    paper = run(bench, Scoring.PAPER)
    assert official.miou.medium_box.mean == 1.0  # the canvas of 29 by 29 loses row and column 29
    assert paper.miou.medium_box.mean == pytest.approx(19**2 / 20**2)
    assert paper.miou.medium_mask.mean == pytest.approx(19**2 / 20**2)


def test_map_by_hand_in_both_ways(bench: Any) -> None:
    # Query 0: easy 0, hard 1, junk 2; ranked 0, 1, 2, ... Only image 1 passes.
    bench.predictions = {"0_0": ring(60, 70), "1_0": ring(60, 70), "2_3": ring(60, 70), "2_5": ring(60, 70)}
    official = run(bench.write()).plain
    paper = run(bench, Scoring.PAPER).plain
    assert official is not None
    assert paper is not None
    # At rank 1 of all: trapezoid (0/1 + 1/2) / 2, over one passing positive; query 2 is dropped.
    np.testing.assert_array_equal(official.map["medium_box"].aps[:, 0], np.full(10, 0.25))
    assert official.map["medium_box"].mean == 0.25
    assert set(official.map) == {"medium_box", "hard_box"}
    # The paper divides by both positives and keeps query 2 with AP 0.
    np.testing.assert_array_equal(paper.map["medium_mask"].aps[:, 0], np.full(10, 0.125))
    assert paper.map["medium_mask"].mean == pytest.approx(0.25 / 3)
    # Hard: the easy image 0 is junk, so image 1 is at rank 0.
    assert official.map["hard_box"].mean == 1.0
    assert official.image["medium"].aps[0, 0] == 1.0


def test_empty_and_missing_predictions(bench: Any) -> None:
    bench.predictions = {"0_0": [], "2_5": []}
    official = run(bench.write())
    assert official.miou.medium_box.per_query.tolist() == [1.0, 1.0, 0.5]
    assert run(bench, Scoring.PAPER).miou.medium_box.per_query.tolist() == [0.5, 1.0, 0.5]
    bench.predictions = {"0_0": None}
    with pytest.raises(OfficialScriptStopsError, match="0_0"):
        run(bench.write())
    paper = run(bench, Scoring.PAPER)
    assert paper.miou.medium_box.per_query.tolist() == [0.5, 1.0, 1.0]
    assert any("Pairs without a prediction: 1, counted as 0" in remark for remark in paper.remarks)


def test_a_label_is_not_needed_where_nothing_is_predicted(bench: Any) -> None:
    bench.predictions = {"2_3": [], "2_5": []}
    bench.write()
    bench.label_file("2_3").unlink()
    bench.save(bench.table_file, {key: path for key, path in bench.table().items() if key != "2_5"})
    assert run(bench).miou.hard_box.per_query.tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("rings", [[ring(10, 29), ring(40, 50)], [[5, 5]] * 2 + [[[1, 2]]]])
def test_what_makes_the_official_evaluator_raise_is_reported(bench: Any, rings: Any) -> None:
    bench.predictions = {"1_1": rings}
    scores = run(bench.write())
    assert list(scores.raised) == ["1_1"]
    assert scores.miou.hard_mask.per_query.tolist() == [1.0, 1.0, 1.0]  # the previous pair's
    assert any("1_1" in remark and "raise" in remark for remark in scores.remarks)


def test_the_forms_of_predictions_give_the_same_numbers_on_paper(bench: Any) -> None:
    block_with_hole = full(10, 29) & ~full(15, 19)
    truth = [[*ring(10, 29), [10, 10], [14, 14], [14, 20], [20, 20], [20, 14], [14, 14]]]
    bench.shapes = {str(index): truth for index in (0, 1, 3, 5)}
    forms = {
        "0_0": [ring(10, 29), ring(14, 20)],
        "0_1": [[ring(10, 29), ring(14, 20)]],
        "1_0": encode(block_with_hole),
        "1_1": {"size": (80, 100), "counts": encode(block_with_hole)["counts"]},
        "2_3": [[ring(10, 29), ring(14, 20)], [ring(10, 12)]],
        "2_5": np.array(truth[0]),
    }
    bench.predictions = forms
    scores = run(bench.write(), Scoring.PAPER)
    assert scores.pairs.mask.tolist() == [1.0] * 6
    assert scores.pairs.box.tolist() == [1.0] * 6


def test_exact_masks_stand_above_labels(bench: Any) -> None:
    bench.write()
    mask = encode(full(10, 19))
    document = {
        "images": [{"id": index, "width": 100, "height": 80} for index in (0, 1)],
        "annotations": [{"image_id": 1, "category_id": 0, "segmentation": mask}],
    }
    path = bench.root / "masks" / "oxford" / "masks.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))
    paper = run(bench, Scoring.PAPER)
    assert paper.miou.hard_mask.per_query.tolist() == [0.25, 0.25, 1.0]
    assert run(bench).miou.hard_mask.per_query.tolist() == [1.0, 1.0, 1.0]  # official knows labels only


def test_one_process_and_several_agree(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.evaluation.pair_scoring.CHUNK", 1)
    bench.predictions = {"0_0": ring(12, 40), "2_5": [], "1_1": ring(0, 99)}
    one, several = run(bench.write(), cores=1), run(bench, cores=2)
    np.testing.assert_array_equal(one.pairs.box, several.pairs.box)
    np.testing.assert_array_equal(one.pairs.state, several.pairs.state)


def test_a_file_that_is_not_regular_is_read_the_general_way(bench: Any) -> None:
    shared = ring(10, 29)
    bench.predictions = dict.fromkeys(bench.pair_keys(), shared)  # one list for all: the pickle refers back
    assert run(bench.write()).miou.medium_mask.mean == 1.0


def test_rankings_are_chosen_by_name(bench: Any) -> None:
    bench.write()
    other = bench.results / "image-level" / "other" / "roxford.npy"
    other.parent.mkdir()
    np.save(other, np.stack([np.arange(6)[::-1]] * 3, axis=1))
    plain, chosen = run(bench).plain, run(bench, ranks="other").plain
    assert plain is not None
    assert chosen is not None
    assert plain.image["medium"].mean > chosen.image["medium"].mean
    (bench.ranking_file.parent).rename(bench.ranking_file.parent.with_name("third"))
    with pytest.raises(WrongFolderError, match="--ranks"):
        run(bench)


def test_without_rankings_there_is_no_map_and_it_says_so(bench: Any) -> None:
    bench.write().ranking_file.unlink()
    scores = run(bench)
    assert scores.plain is None
    assert any("no ranking" in remark for remark in scores.remarks)


def test_distractors_beyond_the_database_count_as_negatives(bench: Any) -> None:
    bench.write()
    in_order = np.stack([np.array([1_000_004, 7, 0, 1, 2, 3, 4, 5])] * 3, axis=1)
    np.save(bench.ranking_file.with_name("R1Moxford.npy"), in_order)
    scores = run(bench)
    assert scores.distractors is not None
    assert scores.distractors.rows == 8
    assert scores.distractors.map["hard_box"].aps[0, 0] == pytest.approx((0 + 1 / 3) / 2)


def test_unknown_methods_are_named(bench: Any) -> None:
    bench.write()
    with pytest.raises(WrongFolderError, match="folders there: mine"):
        evaluate(bench.root, bench.results, ["yours"])
    with pytest.raises(WrongFolderError):
        evaluate(bench.root, bench.results, ["../pixel-level/mine"])


def test_pairs_that_draw_nothing_are_no_number_and_are_reported(bench: Any) -> None:
    bench.shapes = {"5": [[[9, 0], [9, 9]]]}
    bench.predictions = {"2_5": [[9, 0], [9, 9]]}
    scores = run(bench.write())
    assert np.isnan(scores.miou.hard_mask.mean)
    assert scores.pairs.state.tolist() == [State.SCORED] * 6
    assert any("no number" in remark for remark in scores.remarks)
