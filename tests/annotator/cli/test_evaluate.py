"""The command `annotator evaluate`: output, files and exit codes."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.cli.app import run as run_app
from annotator.cli.surroundings import Surroundings

RING = [[10, 10], [29, 10], [29, 29], [10, 29]]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Benchmark and results of both data sets: two queries, of which the second finds nothing."""
    root, results = tmp_path / "benchmark", tmp_path / "results"
    for dataset, name in (("oxford", "roxford5k"), ("paris", "rparis6k")):
        gnd = [{"bbx": [0.0, 0.0, 5.0, 5.0], "easy": [0], "hard": [q + 1], "junk": []} for q in range(2)]
        truth = {"gnd": gnd, "imlist": ["a", "b", "c"], "qimlist": ["q", "r"]}
        target = root / "revisitop" / "data" / name / f"gnd_{name}.pkl"
        target.parent.mkdir(parents=True)
        target.write_bytes(pickle.dumps(truth))
        label = root / "labels" / dataset / "all.json"
        label.parent.mkdir(parents=True)
        label.write_text(json.dumps({"imageWidth": 60, "imageHeight": 60, "shapes": [{"points": RING}]}))
        pairs = [(0, 1), (0, 0), (1, 2), (1, 0)]
        save(root / f"{dataset}_pair2labelpath.npy", {f"{q}_{i}": f"labels/{dataset}/all.json" for q, i in pairs})
        for method in ("one", "two"):
            found = {f"qimlist_{q}_imlist_{i}": RING if q == 0 or method == "two" else [] for q, i in pairs}
            save(results / "pixel-level" / method / "matching_result" / f"pr{dataset}.npy", found)
        ranks = results / "image-level" / "RANKS" / f"r{dataset}.npy"
        ranks.parent.mkdir(parents=True, exist_ok=True)
        np.save(ranks, np.array([[0, 0], [1, 1], [2, 2]]))
    return root, results


def save(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.array(value, dtype=object))


def run(folders: tuple[Path, Path], *options: str) -> int:
    """The exit code of the command; its output goes to capsys."""
    command = ["evaluate", "--benchmark", str(folders[0]), "--results", str(folders[1]), *options]
    return run_app(command, Surroundings(lambda _project, _name: 0, lambda _project, _out: ()))


def data_of(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert run(folders, *options, "--json") == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


Capture = pytest.CaptureFixture[str]


def test_json_of_one_method_keeps_the_contract(folders: tuple[Path, Path], capsys: Capture) -> None:
    data = data_of(folders, capsys, "--method", "one")
    assert data["protocol"] == "official"
    for dataset in ("oxford", "paris"):
        assert data[dataset]["mmiou"] == {"medium_box": 0.5, "medium_mask": 0.5, "hard_box": 0.5, "hard_mask": 0.5}
        assert data[dataset]["map"] == {"medium_box": 1.0, "medium_mask": None, "hard_box": 1.0, "hard_mask": None}


def test_json_of_the_paper_has_masks_and_other_numbers(folders: tuple[Path, Path], capsys: Capture) -> None:
    data = data_of(folders, capsys, "--method", "one", "--protocol", "paper")
    assert data["protocol"] == "paper"
    assert data["oxford"]["map"] == {"medium_box": 0.5, "medium_mask": 0.5, "hard_box": 0.5, "hard_mask": 0.5}


def test_several_methods_stand_under_their_names(folders: tuple[Path, Path], capsys: Capture) -> None:
    data = data_of(folders, capsys, "--method", "one", "--method", "two", "--method", "one")
    assert list(data["methods"]) == ["one", "two"]
    assert data["methods"]["two"]["paris"]["mmiou"]["hard_mask"] == 1.0
    assert "oxford" not in data


def test_the_text_says_by_which_protocol_and_where_they_differ(folders: tuple[Path, Path], capsys: Capture) -> None:
    for protocol in ("official", "paper"):
        assert run(folders, "--method", "one", "--method", "two", "--protocol", protocol) == 0
        text = capsys.readouterr().out
        assert f"Scored by the {protocol} protocol" in text
        assert "Where the official and the paper's protocol differ" in text
        assert "PROxford" in text


def test_files_are_written(folders: tuple[Path, Path], tmp_path: Path) -> None:
    csv, latex, html = (tmp_path / name for name in ("s.csv", "s.tex", "s.html"))
    options = ["--csv", str(csv), "--latex", str(latex), "--html", str(html), "--query", "paris:1"]
    assert run(folders, "--method", "one", *options) == 0
    assert csv.read_text().startswith("protocol,method")
    assert r"\toprule" in latex.read_text()
    assert "PRParis, query 1: r" in html.read_text()
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--method", "three"],
        ["--method", "one", "--csv", "no-such-folder/s.csv"],
        ["--method", "one", "--csv", "a-file/s.csv"],
        ["--method", "one", "--latex", "a-file/s.tex"],
        ["--method", "one", "--html", "a-file"],
        ["--method", "one", "--html", "page.html", "--images", "no-such-folder"],
        ["--method", "../one"],
        ["--method", ""],
        ["--method", "one", "--ranks", "none"],
        ["--method", "one", "--ranks", "../RANKS"],
        ["--method", "one", "--html", "page.html", "--query", "oxford:9"],
        ["--method", "one", "--benchmark", "no-such-folder"],
    ],
)
def test_expected_failures_are_one_sentence_and_exit_1(
    folders: tuple[Path, Path], options: list[str], capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").mkdir() if options[-1] == "a-file" else Path("a-file").touch()
    before = sorted(tmp_path.rglob("*"))
    assert run(folders, *options) == 1
    assert sorted(tmp_path.rglob("*")) == before
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.endswith(".\n")
    assert output.err.count("\n") == 1


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--method", "one", "--protocol", "other"],
        ["--method", "one", "--query", "zero"],
        ["--method", "one", "--workers", "-1"],
    ],
)
def test_wrong_usage_exits_2(folders: tuple[Path, Path], options: list[str]) -> None:
    assert run(folders, *options) == 2


def test_help_names_the_protocols(folders: tuple[Path, Path], capsys: Capture) -> None:
    assert run(folders, "--help") == 0
    assert "official" in capsys.readouterr().out


def test_a_method_is_written_as_its_folder_is_named(folders: tuple[Path, Path], capsys: Capture) -> None:
    """Square brackets are marks of colour in the library that draws the tables."""
    pixels = folders[1] / "pixel-level"
    (pixels / "one").rename(pixels / "ours [red]v2")
    assert run(folders, "--method", "ours [red]v2") == 0
    assert "ours [red]v2" in capsys.readouterr().out
