"""Predictions that no published method writes: each is scored, or refused in a sentence that names its pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.domain.rle import runs
from qa.evaluation.evaluate import evaluate
from qa.evaluation.scores import DatasetScores
from qa.evaluation.scoring import Scoring
from qa.metrics.pairs import State

TRUTH = np.zeros((80, 100), dtype=np.bool_)
TRUTH[10:30, 10:30] = True
RUNS = runs(TRUTH)


def scored(bench: Any, prediction: Any, scoring: Scoring) -> DatasetScores:
    """The evaluation with one odd prediction, for the second pair of query 0; all others are the truth itself."""
    bench.predictions = {"0_0": prediction}
    found = evaluate(bench.write().root, bench.results, ["mine"], scoring).methods[0].datasets["oxford"]
    assert found.pairs.mask[[0, 2, 3, 4, 5]].tolist() == [1.0] * 5
    return found


@pytest.mark.parametrize("scoring", list(Scoring))
@pytest.mark.parametrize("prediction", [b"abc", b"", np.array(5), {1, 2}, True])
def test_what_is_no_list_is_refused_with_its_pair(bench: Any, prediction: Any, scoring: Scoring) -> None:
    with pytest.raises(BadFileError, match=r"proxford\.npy: .*(0_0|qimlist_0_imlist_0)") as caught:
        scored(bench, prediction, scoring)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "size",
    [
        ("a", 5),
        (None, 5),
        np.array([np.nan, 1.0]),
        np.array([80, 100, 3]),
        np.array([[80, 100]]),
        (100, 80),
        [80.5, 100],
    ],
)
def test_a_mask_of_no_possible_size_is_refused_on_paper(bench: Any, size: Any) -> None:
    with pytest.raises(BadFileError, match="the prediction for 0_0 is a mask of another size than its image"):
        scored(bench, {"size": size, "counts": RUNS}, Scoring.PAPER)


@pytest.mark.parametrize(
    "size", [(80, 100), [np.int64(80), np.int32(100)], np.array([80, 100]), np.array([80.0, 100.0]), [80.0, 100.0]]
)
@pytest.mark.parametrize("counts", [RUNS, np.array(RUNS)])
def test_sizes_and_runs_may_be_numpys(bench: Any, size: Any, counts: Any) -> None:
    found = scored(bench, {"size": size, "counts": counts}, Scoring.PAPER)
    assert (found.pairs.mask[1], found.pairs.box[1]) == (1.0, 1.0)


@pytest.mark.parametrize("nothing", [[], (), np.zeros((0, 2))])
@pytest.mark.parametrize("scoring", list(Scoring))
def test_every_empty_list_says_that_nothing_was_found(bench: Any, nothing: Any, scoring: Scoring) -> None:
    assert scored(bench, nothing, scoring).pairs.state[1] == State.EMPTY


def test_one_point_covers_one_pixel_on_paper(bench: Any) -> None:
    found = scored(bench, [[12, 12]], Scoring.PAPER)
    assert found.pairs.mask[1] == found.pairs.box[1] == 1 / 400


def test_a_line_covers_its_pixels_on_paper(bench: Any) -> None:
    found = scored(bench, [[10, 10], [29, 10]], Scoring.PAPER)
    assert found.pairs.mask[1] == found.pairs.box[1] == 20 / 400


def test_half_pixels_are_rounded_on_paper_and_cut_off_officially(bench: Any) -> None:
    """10..30 when rounded; 9..29 when cut off, on a canvas of 29 by 29 that loses row and column 29 of both."""
    larger = [[9.6, 9.6], [29.6, 9.6], [29.6, 29.6], [9.6, 29.6]]
    assert scored(bench, larger, Scoring.PAPER).pairs.mask[1] == 400 / 21**2
    assert scored(bench, larger, Scoring.OFFICIAL).pairs.mask[1] == 19**2 / 20**2
