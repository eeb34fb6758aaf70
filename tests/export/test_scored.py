"""A release is scored by the project's own evaluator: the truth as prediction is perfect (FORMAT A5)."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain import rle
from export.reader import ReleasedDataset, ReleasedPair, load_release
from export.release import release_material
from export.verify import verify_release
from qa.evaluation.evaluate import evaluate
from qa.evaluation.scores import DatasetScores
from qa.evaluation.scoring import Scoring


def save(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.array(value, dtype=object), allow_pickle=True)


def predicted(dataset: ReleasedDataset, form: Callable[[ReleasedPair], Any]) -> dict[str, Any]:
    """Every mask as the prediction of its pair for each query."""
    values = [form(pair) for pair in dataset.pairs]
    return {
        f"qimlist_{query}_imlist_{pair.index}": value
        for pair, value in zip(dataset.pairs, values, strict=True)
        for query in pair.queries
    }


def rings(pair: ReleasedPair) -> list[Any]:
    """One ring, or the polygons of several parts."""
    parts = [ring.tolist() for ring in pair.released.rings()]
    return parts[0] if len(parts) == 1 else [[part] for part in parts]


def largest_ring(pair: ReleasedPair) -> list[Any]:
    return list(pair.released.rings()[0].tolist())


def runs(pair: ReleasedPair) -> dict[str, Any]:
    return dict(rle.encode(pair.mask()))


def perfect_ranking(dataset: ReleasedDataset) -> np.ndarray:
    """`(images, queries)`: hard images first, then easy ones, then all others."""
    columns = []
    for query in dataset.truth.queries:
        first = [*query.hard, *query.easy]
        columns.append([*first, *(i for i in range(len(dataset.truth.index_images)) if i not in first)])
    return np.array(columns).T


def scored(release: Path, results: Path, predictions: dict[str, Any], scoring: Scoring) -> DatasetScores:
    dataset = load_release(release)["oxford"]
    save(results / "pixel-level/truth/matching_result/proxford.npy", predictions)
    (results / "image-level/RANKS").mkdir(parents=True, exist_ok=True)
    np.save(results / "image-level/RANKS/roxford.npy", perfect_ranking(dataset))
    return evaluate(release, results, ["truth"], scoring, cores=1).methods[0].datasets["oxford"]


@pytest.mark.parametrize("form", [rings, runs])
def test_the_truth_is_perfect_on_paper_in_every_form(released: Path, tmp_path: Path, form: Any) -> None:
    found = scored(released, tmp_path, predicted(load_release(released)["oxford"], form), Scoring.PAPER)
    assert set(found.pairs.mask.tolist()) == set(found.pairs.box.tolist()) == {1.0}
    assert found.plain is not None
    for column in ("medium_box", "medium_mask", "hard_box", "hard_mask"):
        assert (found.mean_of_miou(column).mean, found.plain.map[column].mean) == (1.0, 1.0)
    assert found.plain.image["hard"].mean == 1.0


def test_the_truth_is_perfect_officially_where_it_is_one_part(released: Path, tmp_path: Path) -> None:
    """A published prediction is one ring, which is all of a label of one part and the largest part of another."""
    dataset = load_release(released)["oxford"]
    found = scored(released, tmp_path, predicted(dataset, largest_ring), Scoring.OFFICIAL)
    assert found.raised == {}
    several = {pair.index for pair in dataset.pairs if pair.released.components > 1}
    assert several
    for index, box, mask in zip(found.pairs.pairs.index, found.pairs.box, found.pairs.mask, strict=True):
        assert (box == 1.0 and mask == 1.0) == (index not in several)


NAMES = ("Łódź 2", "im.v2", "神社", "a&b <c>", 'O\'Hara "q"', "é" * 60, "#%41", " x ")
"""Names of photographs that stand in paths, JSON, CSV, HTML and checksums; one is kept as it is, spaces and all."""


def test_image_names_of_any_kind_go_the_whole_way(make_material: Any, tmp_path: Path) -> None:
    release = tmp_path / "release"
    release_material([make_material(names=NAMES)], release)
    assert verify_release(release) == []
    dataset = load_release(release)["oxford"]
    assert {pair.key.image for pair in dataset.pairs} == {*NAMES, "im_008"} - {dataset.truth.index_images[6]}
    truth = pickle.loads((release / "revisitop/data/roxford5k/gnd_roxford5k.pkl").read_bytes())
    assert tuple(truth["imlist"][:8]) == NAMES
    assert (release / "labels/oxford/g00/神社.json").is_file()
    assert set(scored(release, tmp_path / "results", predicted(dataset, runs), Scoring.PAPER).pairs.mask.tolist()) == {
        1.0
    }
