"""Whatever stands in the place of any part of a benchmark's or a method's files: numbers or one sentence, no crash."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain.errors import AnnotatorError
from qa.evaluation.csv_form import as_csv
from qa.evaluation.evaluate import evaluate
from qa.evaluation.json_form import as_data
from qa.evaluation.page import PageRequest, page
from qa.evaluation.scoring import Scoring
from qa.evaluation.text_form import notes, tables

PLAIN: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1.5, -0.5, 2**40, float("nan"), float("inf"), "", "x", "9" * 5000, "\ud800", [], {},
    [[]], [1], {"a": 1}, [[1, 2], [3, 4]], [[[1, 2], [3, 4]]], {"size": [80, 100], "counts": [8000]},
)  # fmt: skip
PICKLED: tuple[Any, ...] = (*PLAIN, b"x", (1, 2), {1, 2}, np.zeros(3), np.array(1), np.zeros((2, 2)), np.zeros((0, 2)))


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value))


def write_pickle(path: Path, value: Any) -> None:
    path.write_bytes(pickle.dumps(value, 2))


def write_npy(path: Path, value: Any) -> None:
    array = np.empty((), dtype=object)
    array[()] = value
    np.save(path, array, allow_pickle=True)


MASKS = {
    "images": [{"id": index, "width": 100, "height": 80} for index in (0, 1)],
    "annotations": [{"image_id": 1, "category_id": 0, "segmentation": {"size": [80, 100], "counts": [10, 5, 7985]}}],
}

Case = tuple[Path, Any, Callable[[Path, Any], None], tuple[Any, ...]]


def cases(bench: Any) -> dict[str, Case]:
    """The files by name, each with its content, how it is written, and what may stand in it."""
    label, masks = bench.label_file("0_1"), bench.root / "masks/oxford/masks.json"
    truth = bench.root / "revisitop/data/roxford5k/gnd_roxford5k.pkl"
    return {
        "label": (label, json.loads(label.read_text()), write_json, PLAIN),
        "masks": (masks, MASKS, write_json, PLAIN),
        "predictions": (bench.prediction_file, bench.predicted(), write_npy, PICKLED),
        "pair table": (bench.table_file, bench.table(), write_npy, PICKLED),
        "ground truth": (truth, bench.truth, write_pickle, PICKLED),
    }


def outcome(bench: Any, scoring: Scoring) -> str:
    """Every form of an evaluation, or the sentence that there is none; raises whatever else happens."""
    try:
        found = evaluate(bench.root, bench.results, ["mine"], scoring, cores=1)
        told = [json.dumps(as_data(found), allow_nan=False), as_csv(found), *notes(found)]
        told.append(page(PageRequest(bench.root, bench.results, "mine"), found))
        assert tables(found)
        return "".join(told)
    except AnnotatorError as error:
        return str(error)


@pytest.mark.parametrize("name", ["label", "masks", "predictions", "pair table", "ground truth"])
def test_a_forged_file_is_scored_or_refused_in_a_sentence(bench: Any, forgeries: Any, name: str) -> None:
    bench.write()
    (bench.root / "masks/oxford").mkdir(parents=True)
    path, content, write, junk = cases(bench)[name]
    for done, forged in forgeries(content, junk, 120):
        write(path, forged)
        for scoring in Scoring:
            told = outcome(bench, scoring)
            assert told, done
            assert told.startswith("{") or "\n" not in told, done


def test_what_was_not_forged_is_scored(bench: Any) -> None:
    bench.write()
    assert all(outcome(bench, scoring).startswith("{") for scoring in Scoring)
