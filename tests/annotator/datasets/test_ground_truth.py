"""Ground-truth files: the real ones, the same in both forms, and everything that must be refused."""

from __future__ import annotations

import copy
import hashlib
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io

from annotator.datasets.ground_truth import dataset_name, read_ground_truth
from annotator.domain.dataset import query_groups
from annotator.domain.errors import BadFileError

GOOD: dict[str, Any] = {
    "imlist": ["a", "b", "c", "d"],
    "qimlist": ["q0", "q1"],
    "gnd": [
        {"easy": [2, 0], "hard": [1], "junk": [3], "bbx": [1.5, 2, 30, 40]},
        {"easy": [0, 2], "hard": [1], "junk": [3], "bbx": [0, 0, 5, 5]},
    ],
}


def _write(folder: Path, content: object, name: str = "gnd_town.pkl") -> Path:
    path = folder / name
    path.write_bytes(pickle.dumps(content, 2))
    return path


def _write_mat(folder: Path, content: dict[str, Any]) -> Path:
    kind = [(key, "O") for key in ("easy", "hard", "junk", "bbx")]
    labels = np.zeros((len(content["gnd"]), 1), dtype=kind)
    for row, label in enumerate(content["gnd"]):
        for key in ("easy", "hard", "junk"):
            labels[row, 0][key] = np.array([[index + 1 for index in label[key]]], dtype=np.int32)
        labels[row, 0]["bbx"] = np.array([label["bbx"]])
    cells = {
        key: np.array([[np.array([name]) for name in content[key]]], dtype=object) for key in ("imlist", "qimlist")
    }
    path = folder / "gnd_town.mat"
    scipy.io.savemat(path, {**cells, "gnd": labels})
    return path


def test_a_ground_truth_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD)
    truth = read_ground_truth(path)
    assert truth.dataset == "town"
    assert truth.index_images == ("a", "b", "c", "d")
    assert truth.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    first = truth.queries[0]
    assert (first.number, first.image, first.box) == (0, "q0", (1.5, 2.0, 30.0, 40.0))
    assert (first.easy, first.hard, first.junk) == ((0, 2), (1,), (3,))


def test_arrays_and_tuples_in_place_of_lists_are_the_same(tmp_path: Path) -> None:
    other = copy.deepcopy(GOOD)
    other["imlist"] = tuple(other["imlist"])
    for label in other["gnd"]:
        label["easy"] = np.array(label["easy"], dtype=np.uint16)
        label["hard"] = tuple(label["hard"])
        label["bbx"] = np.array(label["bbx"], dtype=np.float32)
    found = read_ground_truth(_write(tmp_path, other, "gnd_other.pkl"))
    assert found.queries == read_ground_truth(_write(tmp_path, GOOD)).queries


def test_both_forms_give_the_same(tmp_path: Path) -> None:
    from_pickle = read_ground_truth(_write(tmp_path, GOOD))
    from_matlab = read_ground_truth(_write_mat(tmp_path, GOOD))
    assert from_matlab == replace(from_pickle, sha256=from_matlab.sha256)


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("gnd_roxford5k.pkl", "oxford"),
        ("gnd_rparis6k.mat", "paris"),
        ("gnd_My Town-2.pkl", "my_town_2"),
        ("streets.pkl", "streets"),
        ("gnd_.pkl", "dataset"),
    ],
)
def test_datasets_are_named_by_their_file(name: str, dataset: str) -> None:
    assert dataset_name(Path(name)) == dataset


def _set(*keys: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        place: Any = content
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.pop("imlist"), "no 'imlist'"),
        (lambda c: c["gnd"].pop(), "1 entries for the 2 images"),
        (lambda c: c["gnd"][1].pop("junk"), "query 1"),
        (_set("gnd", 1, "easy", 0, value=4), "the index 4, outside the 4"),
        (_set("gnd", 1, "easy", 0, value=-1), "the index -1"),
        (_set("gnd", 1, "easy", 0, value=1.5), "no index number"),
        (_set("gnd", 1, "easy", 0, value=True), "no index number"),
        (_set("gnd", 1, "easy", value=[0, 0]), "twice"),
        (_set("gnd", 1, "easy", value=[0] * 9), "longer"),
        (_set("gnd", 1, "easy", value=5), "no list"),
        (_set("gnd", 1, "hard", value=[0]), "in two of easy, hard and junk"),
        (_set("gnd", 1, "bbx", value=[5, 0, 5, 9]), "encloses nothing"),
        (_set("gnd", 1, "bbx", value=[0, 0, float("nan"), 9]), "not x1"),
        (_set("gnd", 1, "bbx", value=[0, 0, float("inf"), 9]), "not x1"),
        (_set("gnd", 1, "bbx", value=[0, 0, 9]), "not x1"),
        (_set("gnd", 1, "bbx", value=["a", 0, 1, 9]), "not x1"),
        (_set("imlist", 1, value="a"), "twice"),
        (_set("imlist", 1, value="../secret"), "leaves the image folder"),
        (_set("imlist", 1, value=".."), "leaves the image folder"),
        (_set("qimlist", 1, value="/etc/passwd"), "leaves the image folder"),
        (_set("qimlist", 1, value="a\\b"), "leaves the image folder"),
        (_set("qimlist", 1, value="C:b"), "leaves the image folder"),
        (_set("qimlist", 1, value="b\0"), "control character"),
        (_set("qimlist", 1, value="half \ud83c of a sign"), "control character"),
        (_set("gnd", 1, "easy", 0, value=10**5000), "the index of countless digits, outside the 4"),
        (_set("gnd", 1, "bbx", value=[0, 0, 10**400, 9]), "not x1"),
        (_set("qimlist", 1, value=""), "no text"),
        (_set("qimlist", 1, value=7), "no text"),
        (_set("qimlist", 1, value="x" * 300), "longer than"),
    ],
)
def test_what_cannot_be_a_ground_truth_is_one_sentence(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    content = copy.deepcopy(GOOD)
    change(content)
    with pytest.raises(BadFileError, match=words) as caught:
        read_ground_truth(_write(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "it-ran"),)

    with pytest.raises(BadFileError, match="nothing of it was run"):
        read_ground_truth(_write(tmp_path, {**GOOD, "gnd": Evil()}))
    assert not (tmp_path / "it-ran").exists()


@pytest.mark.parametrize("content", [b"", b"MATLAB 5.0 MAT-file" + bytes(200), b"\x89HDF" + bytes(600)])
def test_broken_matlab_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gnd_x.mat"
    path.write_bytes(content)
    with pytest.raises(BadFileError):
        read_ground_truth(path)


def test_a_truncated_matlab_file_is_refused(tmp_path: Path) -> None:
    path = _write_mat(tmp_path, GOOD)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(BadFileError):
        read_ground_truth(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no such file"):
        read_ground_truth(tmp_path / "absent.pkl")
    with pytest.raises(BadFileError, match="holds no dict"):
        read_ground_truth(_write(tmp_path, [1, 2]))


@pytest.mark.parametrize(
    ("name", "dataset", "groups", "pairs", "first"),
    [
        ("roxford5k", "oxford", 26, 2463, [0, 1, 2, 3, 4, 55]),
        ("rparis6k", "paris", 25, 6361, [0, 1, 2, 3, 4]),
    ],
)
def test_the_real_files(shared: Path, name: str, dataset: str, groups: int, pairs: int, first: list[int]) -> None:
    truth = read_ground_truth(shared / "data" / name / f"gnd_{name}.pkl")
    assert truth.dataset == dataset
    assert len(truth.queries) == 70
    found = query_groups(truth)
    assert len(found) == groups
    assert sum(len(group.positives) for group in found) == pairs
    assert [query.number for query in found[0].queries] == first
    other = read_ground_truth(shared / "data" / name / f"gnd_{name}.mat")
    assert other == replace(truth, sha256=other.sha256)
