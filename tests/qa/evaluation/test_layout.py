"""Where a benchmark directory and results keep their files, for names that begin and end like others."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io

from qa.evaluation.evaluate import evaluate
from qa.evaluation.layout import Benchmark, Results, WrongFolderError


def ground_truth(root: Path, folder: str, name: str) -> Path:
    path = root / "revisitop" / "data" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps({}))
    return path


def test_datasets_whose_names_are_part_of_each_other_keep_their_own_files(tmp_path: Path) -> None:
    """A release may hold `night` and `night_rain`: the files of one must not make those of the other unclear."""
    night, rain = (ground_truth(tmp_path, name, f"gnd_{name}.pkl") for name in ("night", "night_rain"))
    assert Benchmark(tmp_path).ground_truth("night") == night
    assert Benchmark(tmp_path).ground_truth("night_rain") == rain


def test_a_ground_truth_of_others_may_add_to_the_name(tmp_path: Path) -> None:
    path = ground_truth(tmp_path, "rtown5k", "gnd_rtown5k.pkl")
    assert Benchmark(tmp_path).ground_truth("town") == path
    ground_truth(tmp_path, "rtown1k", "gnd_rtown1k.pkl")
    with pytest.raises(WrongFolderError, match="no ground-truth file for town"):
        Benchmark(tmp_path).ground_truth("town")


@pytest.mark.parametrize("dataset", ["oxford", "town"])
def test_a_ground_truth_that_is_not_there_is_named(tmp_path: Path, dataset: str) -> None:
    ground_truth(tmp_path, "oxford_old", "gnd_oxford_old.pkl")  # for the published sets nothing else will do
    with pytest.raises(WrongFolderError, match=f"no ground-truth file for {dataset}; copy the original"):
        Benchmark(tmp_path).ground_truth(dataset)


def test_a_release_made_from_a_matlab_ground_truth_is_scored(bench: Any) -> None:
    bench.write()
    pickled = Benchmark(bench.root).ground_truth("oxford")
    lists = ("easy", "hard", "junk")
    labels = np.zeros((1, 3), dtype=[(name, object) for name in (*lists, "bbx")])
    for number, label in enumerate(bench.truth["gnd"]):
        counted = [np.array(label[name], dtype=float) + 1 for name in lists]  # MATLAB counts from 1
        labels[0, number] = (*counted, np.array(label["bbx"]))
    names = {key: np.array(bench.truth[key], dtype=object) for key in ("imlist", "qimlist")}
    scipy.io.savemat(pickled.with_suffix(".mat"), {**names, "gnd": labels})
    before = evaluate(bench.root, bench.results, ["mine"]).methods[0].datasets["oxford"]
    pickled.unlink()
    after = evaluate(bench.root, bench.results, ["mine"]).methods[0].datasets["oxford"]
    assert after.truth.queries == before.truth.queries
    assert after.miou.medium_mask.mean == before.miou.medium_mask.mean == 1.0


def test_of_both_forms_the_pickle_is_read_as_the_published_evaluator_does(tmp_path: Path) -> None:
    ground_truth(tmp_path, "roxford5k", "gnd_roxford5k.mat")
    path = ground_truth(tmp_path, "roxford5k", "gnd_roxford5k.pkl")
    assert Benchmark(tmp_path).ground_truth("oxford") == path


def test_the_published_datasets_come_first_and_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongFolderError, match="holds no benchmark: there is no file that ends in _pair2label"):
        Benchmark(tmp_path).datasets()
    for name in ("zoo", "paris", "abbey", "oxford"):
        (tmp_path / f"{name}_pair2labelpath.npy").touch()
    assert Benchmark(tmp_path).datasets() == ("oxford", "paris", "abbey", "zoo")


def test_results_are_found_in_the_folder_or_in_its_results(tmp_path: Path) -> None:
    (tmp_path / "a" / "results" / "pixel-level" / "mine").mkdir(parents=True)
    assert Results.found(tmp_path / "a") == Results(tmp_path / "a" / "results")
    assert Results.found(tmp_path / "a").methods() == ("mine",)
    (tmp_path / "a" / "pixel-level").mkdir()  # then the folder itself is meant
    assert Results.found(tmp_path / "a") == Results(tmp_path / "a")
    assert Results.found(tmp_path / "b") == Results(tmp_path / "b")
    assert Results(tmp_path / "b").methods() == Results(tmp_path / "b").rankings() == ()


@pytest.mark.parametrize(
    ("folders", "wanted", "chosen"),
    [
        ((), None, None),
        (("other",), None, "other"),
        (("RANKS", "other"), None, "RANKS"),
        (("RANKS", "mine"), None, "mine"),
        (("RANKS", "mine", "other"), "other", "other"),
    ],
)
def test_which_rankings_go_with_a_method(
    tmp_path: Path, folders: tuple[str, ...], wanted: str | None, chosen: str | None
) -> None:
    for name in folders:
        (tmp_path / "image-level" / name).mkdir(parents=True)
    assert Results(tmp_path).chosen_ranking(wanted, "mine") == chosen


def test_rankings_that_are_not_clear_or_not_there_are_told(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "image-level" / name).mkdir(parents=True)
    with pytest.raises(WrongFolderError, match=r"several rankings \(one, two\); choose one with --ranks"):
        Results(tmp_path).chosen_ranking(None, "mine")
    with pytest.raises(WrongFolderError, match="no rankings named three"):
        Results(tmp_path).chosen_ranking("three", "mine")


def test_a_dataset_that_a_method_has_no_predictions_for_is_left_out(bench: Any) -> None:
    bench.write()
    shutil.copy(bench.table_file, bench.root / "paris_pair2labelpath.npy")
    folder = bench.root / "revisitop" / "data"
    shutil.copytree(folder / "roxford5k", folder / "rparis6k")
    (folder / "rparis6k" / "gnd_roxford5k.pkl").rename(folder / "rparis6k" / "gnd_rparis6k.pkl")
    assert evaluate(bench.root, bench.results, ["mine"]).datasets() == ("oxford",)
