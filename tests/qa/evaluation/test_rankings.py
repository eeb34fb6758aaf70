"""Ranking files read in blocks give the places of labelled images, whatever the layout of the array."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from annotator.domain.dataset import GroundTruth, Protocol, Query
from annotator.domain.errors import EnvironmentFault
from qa.evaluation.rankings import read_ranking

DATABASE = 50


@pytest.fixture
def truth() -> GroundTruth:
    rng = np.random.default_rng(3)
    queries = []
    for number in range(7):
        chosen = rng.permutation(DATABASE)[:12].tolist()
        lists = (tuple(sorted(chosen[start : start + 4])) for start in (0, 4, 8))
        queries.append(Query(number, f"q{number}", (0.0, 0.0, 1.0, 1.0), *lists))
    return GroundTruth("oxford", tuple(queries), tuple(f"i{number}" for number in range(DATABASE)))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<i8", ">i4", "<u2", "<i2"])
def test_blocks_and_layouts_give_the_same_places(
    truth: GroundTruth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, dtype: str
) -> None:
    monkeypatch.setattr("qa.evaluation.rankings.BLOCK", 160)
    rng = np.random.default_rng(5)
    table = np.stack([rng.permutation(400) for _ in range(7)], axis=1)
    path = tmp_path / "R1Moxford.npy"
    np.save(path, np.asarray(table, dtype=dtype, order=order))  # type: ignore[call-overload]  # a parameter's text
    ranking = read_ranking(path, truth)
    assert ranking.rows == 400
    for number, query in enumerate(truth.queries):
        expected = np.flatnonzero(np.isin(table[:, number], [*query.easy, *query.hard, *query.junk]))
        assert ranking.places[number].tolist() == expected.tolist()
        assert ranking.images[number].tolist() == table[expected, number].tolist()


def test_in_the_hard_protocol_easy_images_are_junk(truth: GroundTruth, tmp_path: Path) -> None:
    path = tmp_path / "roxford.npy"
    np.save(path, np.stack([np.arange(DATABASE)] * 7, axis=1))
    ranking = read_ranking(path, truth)
    hard, medium = ranking.ranked(truth, Protocol.HARD), ranking.ranked(truth, Protocol.MEDIUM)
    for query, hard_query, medium_query in zip(truth.queries, hard, medium, strict=True):
        out = {*query.easy, *query.junk}
        assert hard_query.ranks.tolist() == [image - sum(other < image for other in out) for image in query.hard]
        assert hard_query.positives[hard_query.which].tolist() == list(query.hard)
        both = sorted((*query.easy, *query.hard))
        assert medium_query.ranks.tolist() == [image - sum(other < image for other in query.junk) for image in both]
        assert medium_query.positives[medium_query.which].tolist() == both


def test_a_folder_in_place_of_the_file_is_a_fault_that_is_named(truth: GroundTruth, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=str(tmp_path)):
        read_ranking(tmp_path, truth)
