"""Broken and hostile files: one clear sentence each, never a crash, a wrong number or much memory."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from qa.evaluation.evaluate import evaluate
from qa.evaluation.scoring import Scoring


def refused(bench: Any, words: str | None, scoring: Scoring = Scoring.OFFICIAL) -> str:
    with pytest.raises(BadFileError, match=words) as caught:
        evaluate(bench.root, bench.results, ["mine"], scoring)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("which", ["table_file", "prediction_file"])
def test_a_pickle_with_a_function_is_refused_and_nothing_of_it_runs(bench: Any, which: str, tmp_path: Path) -> None:
    bench.write()
    bench.save(getattr(bench, which), {"0_0": Bomb(tmp_path / "ran"), "qimlist_0_imlist_0": Bomb(tmp_path / "ran")})
    refused(bench, "nothing of it was run")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("which", ["table_file", "prediction_file", "ranking_file"])
@pytest.mark.parametrize("length", [0, 5, 60, 150, -1])
def test_cut_off_files_are_refused(bench: Any, which: str, length: int) -> None:
    path = getattr(bench.write(), which)
    path.write_bytes(path.read_bytes()[:length])
    assert str(path) in refused(bench, None)


@pytest.mark.parametrize("which", ["table_file", "prediction_file"])
def test_an_array_in_place_of_a_dict_is_refused(bench: Any, which: str) -> None:
    np.save(getattr(bench.write(), which), np.zeros(3))
    refused(bench, "dict")


@pytest.mark.parametrize(
    "path",
    [
        "../outside.json",
        "/etc/hostname",
        "labels/../../outside.json",
        "labels\\..\\x.json",
        "C:/x.json",
        "",
        "./a",
        "a\0b",
        "labels/\ud800.json",
    ],
)
def test_paths_that_leave_the_benchmark_are_refused(bench: Any, path: str) -> None:
    bench.write()
    bench.save(bench.table_file, bench.table() | {"0_0": path})
    assert "0_0" in refused(bench, "leads out of the benchmark")


def test_a_linked_folder_that_leaves_the_benchmark_is_refused(bench: Any, tmp_path: Path) -> None:
    bench.write()
    (tmp_path / "outside").mkdir()
    (bench.root / "labels" / "away").symlink_to(tmp_path / "outside")
    bench.save(bench.table_file, bench.table() | {"0_0": "labels/away/x.json"})
    refused(bench, "leads out of the benchmark")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[" * 500_000, "points"),
        ("[]", "no list of shapes"),
        ('{"shapes": 3}', "no list of shapes"),
        ('{"shapes": [{}]}', "no list of shapes"),
        ('{"shapes": [], "shapes": []}', "twice"),
        ('{"shapes": [{"points": [[NaN, 1], [5, 5], [9, 1]]}]}', "no place in any photograph"),
        ('{"shapes": [{"points": [[1e999, 1], [5, 5], [9, 1]]}]}', "no place in any photograph"),
        ('{"shapes": [{"points": [[1000000000, 1], [5, 5], [9, 1]]}]}', "no place in any photograph"),
        ('{"shapes": [{"points": [[%s, 1], [5, 5], [9, 1]]}]}' % ("9" * 400), "no place in any photograph"),
        ('{"shapes": [{"points": [[%s, 1], [5, 5], [9, 1]]}]}' % ("9" * 9000), "no JSON"),
    ],
)
@pytest.mark.parametrize("scoring", list(Scoring))
def test_broken_labels_are_refused(bench: Any, text: str, words: str, scoring: Scoring) -> None:
    bench.write()
    size = '"imageWidth": 100, "imageHeight": 80, '
    bench.label_file("0_1").write_text(text.replace('{"shapes"', "{" + size + '"shapes"', 1))
    assert "image_1.json" in refused(bench, words, scoring)


@pytest.mark.parametrize("odd", [[], None, [[1, 2, 3], [4]]])
def test_one_broken_shape_beside_a_good_one_is_not_passed_over(bench: Any, odd: Any) -> None:
    """On paper the label is refused; officially its pair raises and keeps the IoU of the pair before it."""
    bench.write()
    bench.write_label("2_3", [[[10, 10], [29, 10], [29, 29], [10, 29]], odd])
    assert "image_3.json" in refused(bench, "shape without points", Scoring.PAPER)
    found = evaluate(bench.root, bench.results, ["mine"]).methods[0].datasets["oxford"]
    assert list(found.raised) == ["2_3"]
    assert found.miou.medium_mask.per_query.tolist() == [1.0, 1.0, 1.0]


def test_a_label_of_two_million_points_is_refused(bench: Any) -> None:
    bench.write()
    bench.label_file("0_1").write_text('{"shapes": [{"points": [' + ",".join(["[1,2]"] * 2_000_000) + "]}]}")
    refused(bench, "more than 400000 points")


def test_a_missing_label_file_is_named(bench: Any) -> None:
    bench.write().label_file("0_1").unlink()
    assert "image_1.json" in refused(bench, "no such file")


def test_a_missing_label_entry_is_named(bench: Any) -> None:
    bench.write()
    bench.save(bench.table_file, {key: path for key, path in bench.table().items() if key != "0_1"})
    for scoring in Scoring:
        refused(bench, "no label for 0_1", scoring)


@pytest.mark.parametrize(
    "prediction",
    [
        [[float("nan"), 1], [5, 5], [9, 1]],
        [[float("inf"), 1], [5, 5], [9, 1]],
        [[10**9, 1], [5, 5], [9, 1]],
        [[10**40, 1], [5, 5], [9, 1]],
        [[1, 2]] * 200_001,
        np.full((4, 2), np.nan),
        np.full((200_001, 2), 1),
    ],
)
@pytest.mark.parametrize("scoring", list(Scoring))
def test_predictions_of_no_photograph_are_refused(bench: Any, prediction: Any, scoring: Scoring) -> None:
    bench.predictions = {"0_1": prediction}
    assert "0_1" in refused(bench.write(), "the prediction for 0_1 has", scoring)


def test_a_prediction_that_unfolds_without_end_is_refused(bench: Any) -> None:
    nested: Any = [1, 2]
    for _ in range(7):
        nested = [nested] * 12
    bench.predictions = {"0_1": nested}
    for scoring in Scoring:
        refused(bench.write(), "the prediction for 0_1", scoring)


@pytest.mark.parametrize("prediction", [5, None, 2.5])
def test_a_prediction_without_length_is_refused(bench: Any, prediction: Any) -> None:
    bench.write()
    bench.save(bench.prediction_file, bench.predicted() | {"qimlist_0_imlist_1": prediction})
    for scoring in Scoring:
        refused(bench, "the prediction for 0_1", scoring)


@pytest.mark.parametrize(
    "prediction",
    [
        {"size": [80, 100], "counts": "~~~"},
        {"size": [80, 100], "counts": [1, 2]},
        {"size": [100, 80], "counts": [8000]},
        {"size": [10**6, 10**6], "counts": [10**12]},
        {"counts": [8000]},
        [[[1, 2], [3]]],
        ["a", "b"],
        "text",
    ],
)
def test_predictions_in_no_form_are_refused_on_paper(bench: Any, prediction: Any) -> None:
    bench.predictions = {"0_1": prediction}
    refused(bench.write(), "the prediction for 0_1", Scoring.PAPER)


@pytest.mark.parametrize(
    "size", [{"imageWidth": None}, {"imageWidth": 0}, {"imageHeight": 10**9}, {"imageHeight": "80"}]
)
def test_wrong_image_sizes_are_refused_on_paper(bench: Any, size: dict[str, Any]) -> None:
    bench.write()
    bench.write_label("0_1", [[[1, 1], [5, 1], [5, 5]]], **size)
    refused(bench, "image", Scoring.PAPER)


def masks(bench: Any, document: Any) -> None:
    path = bench.root / "masks" / "oxford" / "masks.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))


def test_broken_mask_files_are_refused_on_paper(bench: Any) -> None:
    bench.write()
    image = {"id": 1, "width": 100, "height": 80}
    mask = {"image_id": 1, "category_id": 0, "segmentation": {"size": [80, 100], "counts": [10, 5, 7985]}}
    wrong = mask | {"segmentation": {"size": [100, 80], "counts": [8000]}}
    short = mask | {"segmentation": {"size": [80, 100], "counts": [3]}}
    for document, words in [
        ("{", "no JSON"),
        ({"images": 3}, "no list of run-length"),
        ({"images": [image], "annotations": [mask, mask]}, "two masks"),
        ({"images": [image], "annotations": [wrong]}, "size"),
        ({"images": [image], "annotations": [short]}, "runs cover 3 pixels"),
        ({"images": [], "annotations": [mask]}, "no list of run-length"),
    ]:
        masks(bench, document)
        refused(bench, words, Scoring.PAPER)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (np.zeros((6, 2), np.int64), "2 columns"),
        (np.zeros((3, 6), np.int64), "6 columns"),
        (np.zeros((6, 3)), "whole numbers"),
        (np.zeros(6, np.int64), "whole numbers"),
        (np.zeros((0, 3), np.int64), "whole numbers"),
    ],
)
def test_tables_that_are_no_rankings_are_refused(bench: Any, table: np.ndarray, words: str) -> None:
    bench.ranks = table
    refused(bench.write(), words)


def test_a_ranking_that_claims_to_be_huge_is_refused(bench: Any) -> None:
    path = bench.write().ranking_file
    data = path.read_bytes().replace(b"(6, 3)", b"(9999999999, 3)".ljust(6)).replace(b"          \n", b" \n", 1)
    path.write_bytes(data[:128] + data[-144:])
    refused(bench, None)


def test_an_object_ranking_is_refused(bench: Any) -> None:
    path = bench.write().ranking_file
    with path.open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, {"descr": "|O", "fortran_order": False, "shape": (6, 3)})
        stream.write(pickle.dumps([1]))
    refused(bench, "whole numbers")


def test_repeats_and_gaps_in_a_ranking_are_said_or_refused(bench: Any) -> None:
    bench.ranks = np.stack([[0, 0, 3, -1, 7, 2]] * 3, axis=1)
    found = evaluate(bench.write().root, bench.results, ["mine"]).methods[0].datasets["oxford"]
    assert any("more than once" in remark for remark in found.remarks)
    assert any("lacks positives" in remark for remark in found.remarks)
    refused(bench, "more than once", Scoring.PAPER)


def test_a_key_that_stands_twice_is_refused(bench: Any) -> None:
    path = bench.write().prediction_file
    data = path.read_bytes()
    assert data.count(b"qimlist_0_imlist_0") == 1
    path.write_bytes(data.replace(b"qimlist_0_imlist_0", b"qimlist_0_imlist_1"))
    refused(bench, "twice")


def test_a_pipe_in_place_of_a_label_is_refused_without_waiting(bench: Any) -> None:
    path = bench.write().label_file("0_1")
    path.unlink()
    os.mkfifo(path)
    refused(bench, "no ordinary file")
