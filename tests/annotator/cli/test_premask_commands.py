"""proposers, measure, premask, predict: what they print, write and refuse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from annotator.datasets.plain_npy import load_npy_dict
from annotator.domain.dataset import PairKey
from annotator.premask import registry
from annotator.premask.fitted import confidence_from
from annotator.premask.judge import MARKS
from annotator.premask.lesson_file import read_examples
from annotator.project import open_project
from annotator.project.premasks import premask
from resources import accessor

SIZE = (360, 300)


def facade(seed: int, width: int, height: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    image = cv2.resize(random.integers(0, 255, (height // 6, width // 6, 3), dtype=np.uint8), (width, height))
    for _ in range(50):
        x, y, a, b = (int(v) for v in random.integers(0, [width - 20, height - 20, 30, 30]))
        cv2.rectangle(image, (x, y), (x + a + 5, y + b + 5), tuple(int(v) for v in random.integers(0, 255, 3)), -1)
    return np.asarray(image, dtype=np.uint8)


def view(scale: float, x: int, y: int, background: int) -> tuple[np.ndarray, list[list[float]]]:
    """The same facade somewhere in another picture, and its corners."""
    image = facade(background, *SIZE) // 2 + 80
    part = cv2.resize(facade(1, 240, 200), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = part.shape[:2]
    image[y : y + height, x : x + width] = part
    right, low = x + width - 1, y + height - 1
    return image, [[x, y], [right, y], [right, low], [x, low]]


def label(path: Path, image: str, corners: list[list[float]]) -> None:
    shape = {"label": "object", "points": corners, "group_id": None, "shape_type": "polygon", "flags": {}}
    content = {"shapes": [shape], "imagePath": f"{image}.png", "imageWidth": SIZE[0], "imageHeight": SIZE[1]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module")
def masks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of masks of one landmark (a query, two index images; a third has no mask), and its images."""
    folder, images = tmp_path_factory.mktemp("masks"), tmp_path_factory.mktemp("images")
    views = {"query": (1.0, 40, 40, 2), "near": (0.8, 90, 60, 3), "far": (0.6, 120, 100, 4), "bare": (0.7, 30, 30, 5)}
    for name, given in views.items():
        pixels, corners = view(*given)
        Image.fromarray(pixels).save(images / f"{name}.png")
        if name != "bare":
            label(folder / ("queries" if name == "query" else "index") / f"town__{name}.json", name, corners)
    names = ["near", "far", "bare"]
    pairs = [{"group": "town", "query_indices": [0], "query_images": ["query"], "index_image": one} for one in names]
    (folder / "pairs.json").write_text(json.dumps(pairs), encoding="utf-8")
    return folder, images


def test_proposers_are_listed_with_the_default_first(cli: Any) -> None:
    data = cli("proposers", "--json").json
    assert data["default"] == registry.DEFAULT == next(iter(data["proposers"]))
    assert set(data["proposers"]) == {"group", "pipeline", "homography", "hull", "dense", "prototypes"}
    assert "(default)" in cli("proposers").out


def test_measure_as_json(cli: Any, masks: tuple[Path, Path], tmp_path: Path) -> None:
    given = (masks[0], "--images", masks[1], "--cache", tmp_path, "--workers", 1, "--references", "0,1,0,queries")
    found = cli("measure", *given, "--proposer", "pipeline", "--json")
    assert found.code == 0, found
    data = found.json["proposers"]["pipeline"]
    assert list(data) == ["0", "1", "queries"]
    for row in data.values():
        assert row["mask"] > 0.85
        assert row["box"] > 0.85
        assert row["cpu_seconds_per_pair"] > 0
        assert set(row["per_group"]) == {"town"}
        assert {pair["index"] for pair in row["pairs"]} == {"near", "far"}
        assert all(0 <= pair["confidence"] <= 1 for pair in row["pairs"])
    assert len(data["0"]["pairs"]) == 2  # what is named twice is measured once
    assert any("bare" in sentence for sentence in found.json["missing"])


def test_measure_takes_further_folders_of_masks(cli: Any, masks: tuple[Path, Path], two_towns: tuple[Any, ...]) -> None:
    given = ("--workers", 1, "--proposer", "hull")
    found = cli("measure", *two_towns, *given, "--json").json["proposers"]["hull"]["0"]
    assert found["per_group"]["town"] == found["per_group"]["village"]
    cli("measure", *two_towns, "--also", masks[0], *given).refused("the group town is in another folder too")


@pytest.fixture
def two_towns(masks: tuple[Path, Path], tmp_path: Path) -> tuple[Any, ...]:
    """Options for two folders of one landmark each."""
    other = tmp_path / "other"
    shutil.copytree(masks[0], other)
    for path in other.glob("*/town__*"):
        path.rename(path.with_name(path.name.replace("town", "village")))
    pairs = (other / "pairs.json").read_text(encoding="utf-8").replace('"town"', '"village"')
    (other / "pairs.json").write_text(pairs, encoding="utf-8")
    return masks[0], "--also", other, "--images", masks[1], "--cache", tmp_path / "cache"


def test_lessons_are_written_and_the_confidence_is_fitted(cli: Any, two_towns: tuple[Any, ...], tmp_path: Path) -> None:
    found = cli("measure", *two_towns, "--lessons", tmp_path / "lessons.npz")
    assert found.code == 0, found
    taught = read_examples(tmp_path / "lessons.npz")
    assert {one.building for one in taught} == {"town", "village"}
    assert any(one.covered for one in taught)
    assert f"{len(taught)} lessons of 2 buildings" in found.out

    cuts, out = tmp_path / "cuts", tmp_path / "fitted.json"
    cuts.mkdir()
    shutil.copy(accessor.path("premask/cut.onnx"), cuts / "0.onnx")
    (cuts / "without.json").write_text(json.dumps({"town": "0.onnx"}), encoding="utf-8")
    alone = cli("measure", *two_towns, "--fit", out)
    assert alone.code == 2
    assert "name the folder that the cut's training wrote with --cuts" in alone.err
    cli("measure", *two_towns, "--fit", out, "--cuts", cuts).refused("has no network without village")
    cli("measure", *two_towns, "--fit", out, "--cuts", tmp_path / "absent").refused("without.json")
    assert not out.exists()
    (cuts / "without.json").write_text(json.dumps({"town": "0.onnx", "village": "0.onnx"}), encoding="utf-8")
    found = cli("measure", *two_towns, "--fit", out, "--cuts", cuts)
    assert found.code == 0, found
    assert "on buildings left out: mean IoU after the cut" in found.out
    data = json.loads(out.read_text(encoding="utf-8"))
    assert data["fitted_on"] == {"town": 3, "village": 3}
    assert 0 <= float(confidence_from(data)(np.zeros(len(MARKS)))) <= 1


@pytest.mark.parametrize("content", ["[]", "{", '{"town": 5}', '{"town": "absent.onnx", "village": "absent.onnx"}'])
def test_a_folder_of_cuts_of_another_form_is_refused(
    cli: Any, two_towns: tuple[Any, ...], tmp_path: Path, content: str
) -> None:
    (tmp_path / "without.json").write_text(content, encoding="utf-8")
    found = cli("measure", *two_towns, "--fit", tmp_path / "fitted.json", "--cuts", tmp_path)
    found.refused("absent.onnx" if "absent" in content else "without.json")
    assert not (tmp_path / "fitted.json").exists()


def test_measure_is_the_same_in_processes(cli: Any, masks: tuple[Path, Path], tmp_path: Path) -> None:
    given = (masks[0], "--images", masks[1], "--cache", tmp_path, "--proposer", "hull", "--json")
    one, two = cli("measure", *given, "--workers", 1).json, cli("measure", *given, "--workers", 2).json
    pairs = [data["proposers"]["hull"]["0"]["pairs"] for data in (one, two)]
    assert pairs[0] == pairs[1]


def test_measure_prints_a_table(cli: Any, masks: tuple[Path, Path], tmp_path: Path) -> None:
    given = (masks[0], "--images", masks[1], "--cache", tmp_path, "--workers", 1)
    found = cli("measure", *given, "--proposer", "prototypes", "--proposer", "homography", "--proposer", "dense")
    assert found.code == 0, found
    for word in ("prototypes", "homography", "dense", "town", "rank correlation", "Left out (1)"):
        assert word in found.out


def test_measure_refuses_what_it_does_not_know(cli: Any, masks: tuple[Path, Path], tmp_path: Path) -> None:
    cli("measure", masks[0], "--images", masks[1], "--proposer", "magic").refused("no proposer 'magic'")
    cli("measure", masks[0], "--images", masks[1], "--features", tmp_path / "no.onnx").refused("no such model file")
    for references in ("many", "", ",", "-1", "1.5", "101", "٣"):
        found = cli("measure", masks[0], "--images", masks[1], "--references", references)
        assert (found.code, found.out) == (2, "")


def test_measure_takes_each_masked_image_as_the_one_reference(
    cli: Any, masks: tuple[Path, Path], tmp_path: Path
) -> None:
    given = (masks[0], "--images", masks[1], "--cache", tmp_path, "--references", "each,0", "--workers", 1)
    rows = cli("measure", *given, "--proposer", "homography", "--json").json["proposers"]["homography"]
    pairs = {key: {(one["query"], one["index"]) for one in rows[key]["pairs"]} for key in ("each", "0")}
    images = {index for _, index in pairs["0"]}
    assert pairs["each"] == {(one, other) for one in images for other in images if one != other}


@pytest.mark.usefixtures("tried_here")
def test_measure_shows_a_model_file_as_a_row_of_its_own(
    cli: Any, masks: tuple[Path, Path], tmp_path: Path, onnx_models: Any
) -> None:
    path = onnx_models.sparse("toy.onnx", width=320, height=240)
    given = (masks[0], "--images", masks[1], "--cache", tmp_path / "kept", "--proposer", "hull", "--json")
    rows = cli("measure", *given, "--features", path, "--workers", 1).json["proposers"]
    assert set(rows) == {"hull", "hull+toy"}
    pairs = [[pair["index"] for pair in rows[name]["0"]["pairs"]] for name in ("hull", "hull+toy")]
    assert pairs[0] == pairs[1] != []


@pytest.mark.usefixtures("tried_here")
def test_measure_shows_a_matcher_beside_its_features(
    cli: Any, masks: tuple[Path, Path], tmp_path: Path, onnx_models: Any
) -> None:
    path, glue = onnx_models.sparse("toy.onnx", width=320, height=240), onnx_models.matcher("glue.onnx")
    given = (masks[0], "--images", masks[1], "--cache", tmp_path / "kept", "--proposer", "hull", "--workers", 1)
    rows = cli("measure", *given, "--features", path, "--matcher", glue, "--json").json["proposers"]
    assert list(rows) == ["hull", "hull+toy", "hull+glue"]
    nothing = onnx_models.matcher("nothing.onnx", least=2.0)
    cli("measure", *given, "--features", path, "--matcher", nothing).refused("nothing.onnx: it fails the self-test")
    cli("measure", *given, "--features", path, "--matcher", tmp_path / "no.onnx").refused("there is no such file")
    for more in ((), ("--features", "rootsift")):
        found = cli("measure", *given, "--matcher", glue, *more)
        assert found.code == 2
        assert "--features" in found.err


def test_a_bad_model_file_is_one_sentence(cli: Any, masks: tuple[Path, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"no model")
    given = (masks[0], "--images", masks[1], "--cache", tmp_path / "kept", "--proposer", "hull", "--features", bad)
    for workers in (1, 2):
        found = cli("measure", *given, "--workers", workers)
        assert found.code == 1
        assert found.err.strip() == f"annotator: {bad}: it is no ONNX model; name an ONNX file."


@pytest.mark.usefixtures("tried_here")
def test_a_model_file_of_nonsense_makes_nothing(
    cli: Any, masks: tuple[Path, Path], project: Any, onnx_models: Any
) -> None:
    path = onnx_models.sparse(noise=True)
    cli("measure", masks[0], "--images", masks[1], "--features", path).refused("fails the self-test")
    cli("premask", project.project, "--features", path).refused("fails the self-test")
    with open_project(project.project) as opened:
        assert premask(opened, PairKey(0, "gate")) is None


@pytest.mark.parametrize("content", ["[", "{}", '[{"group": "a"}]', '[{"group": "../x", "query_images": ["a"]}]', "3"])
def test_measure_refuses_broken_tables(cli: Any, tmp_path: Path, content: str) -> None:
    (tmp_path / "pairs.json").write_text(content, encoding="utf-8")
    found = cli("measure", tmp_path, "--images", tmp_path)
    assert found.code == 1
    assert len(found.err.strip().splitlines()) == 1


def test_measure_refuses_a_mask_of_another_size(cli: Any, masks: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "images"
    shutil.copytree(masks[1], other)
    Image.fromarray(np.zeros((50, 60, 3), np.uint8)).save(other / "near.png")
    found = cli("measure", masks[0], "--images", other, "--proposer", "hull", "--workers", 1, "--cache", tmp_path)
    found.refused("was drawn on")


def test_premask_answers_every_open_pair_and_resumes(cli: Any, project: Any) -> None:
    first = cli("premask", project.project, "--workers", 1, "--json").json
    assert first["proposer"] == "group"
    assert first["proposed"] + first["refused"] == 2
    assert first["kept"] == 0
    again = cli("premask", project.project, "--workers", 1, "--json").json
    assert (again["kept"], again["proposed"], again["refused"]) == (2, 0, 0)
    with open_project(project.project) as opened:
        assert premask(opened, PairKey(0, "gate")) is not None
        assert premask(opened, PairKey(1, "door")) is None
    assert "2 kept" in cli("premask", project.project, "--workers", 1).out


def test_premask_on_a_cluster_answers_as_in_this_process(cli: Any, project: Any, cluster: str) -> None:
    def answers(*given: object) -> dict[str, Any]:
        found = cli("premask", project.project, *given, "--json")
        assert found.code == 0, found
        assert found.json["proposed"] + found.json["refused"] == 2
        folder = project.project / "cache" / "premasks"
        kept = {path.name: json.loads(path.read_text(encoding="utf-8"))["proposal"] for path in folder.rglob("*.json")}
        shutil.rmtree(folder)
        return {name: {**data, "seconds": 0, "alternatives": len(data["alternatives"])} for name, data in kept.items()}

    assert answers("--scheduler", cluster) == answers("--workers", 1)


def test_premask_of_a_group_without_an_approved_query_mask(cli: Any, project: Any) -> None:
    assert "No group has an approved query mask" in cli("premask", project.project, "--group", "g01").out


def test_premask_refuses_what_there_is_not(cli: Any, project: Any) -> None:
    cli("premask", project.project, "--group", "g09").refused("g09")
    cli("premask", project.project, "--proposer", "magic").refused("no proposer 'magic'")


@pytest.fixture
def released(town: Any) -> Path:
    """A benchmark directory of the town with query masks of the first group."""
    root: Path = town.folder / "benchmark"
    truth = root / "revisitop" / "data" / "town"
    truth.mkdir(parents=True)
    shutil.copy(town.ground_truth, truth / "gnd_town.pkl")
    for query, name in enumerate(("tower", "spire")):
        path = root / "queries" / "town" / f"{query}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(town.label(name), path)
    np.save(root / "town_pair2labelpath.npy", np.array({}, dtype=object))
    return root


def test_predict_writes_every_pair(cli: Any, town: Any, released: Path) -> None:
    out = town.folder / "results"
    found = cli("predict", released, "--images", town.images, "--out", out, "--proposer", "prototypes", "--workers", 1)
    assert found.code == 0, found
    path = out / "pixel-level" / "prototypes" / "matching_result" / "prtown.npy"
    table = load_npy_dict(path.read_bytes(), str(path))
    expected = {f"qimlist_{q}_imlist_{i}" for q in (0, 1) for i in (0, 1, 3)} | {"qimlist_2_imlist_2"}
    assert set(table) == expected
    assert table["qimlist_0_imlist_3"] == []  # its image is not here
    assert table["qimlist_2_imlist_2"] == []  # its query has no mask
    assert table["qimlist_0_imlist_0"] == table["qimlist_1_imlist_0"]
    for x, y in table["qimlist_0_imlist_0"]:
        assert 0 <= x < 90
        assert 0 <= y < 60
    assert not list(path.parent.glob(".*"))


def test_predict_lists_what_is_missing_of_each_data_set(cli: Any, town: Any, released: Path) -> None:
    label = {"easy": [0, 1], "hard": [], "junk": [], "bbx": [5, 5, 60, 50]}
    village = {"imlist": ["gate", "lost"], "qimlist": ["tower"], "gnd": [label]}
    truth = released / "revisitop" / "data" / "village"
    truth.mkdir()
    town.write_truth(village, "gnd_village.pkl").rename(truth / "gnd_village.pkl")
    shutil.copytree(released / "queries" / "town", released / "queries" / "village")
    np.save(released / "village_pair2labelpath.npy", np.array({}, dtype=object))
    out = town.folder / "results"
    found = cli("predict", released, "--images", town.images, "--out", out, "--proposer", "prototypes", "--workers", 1)
    first, second = found.out.split("village:")
    assert first.count("The image far is not in") == 1
    assert "lost" not in first
    assert second.count("The image lost is not in") == 1
    assert "far" not in second


def test_predict_into_what_is_no_folder_is_one_sentence(cli: Any, town: Any, released: Path) -> None:
    out = town.folder / "a file"
    out.write_text("of that name", encoding="utf-8")
    given = ("--images", town.images, "--out", out, "--proposer", "prototypes", "--workers", 1)
    cli("predict", released, *given).refused("cannot be written (Not a directory); name another folder")
    assert out.read_text(encoding="utf-8") == "of that name"


def test_predict_refuses_a_folder_that_is_no_benchmark(cli: Any, town: Any) -> None:
    cli("predict", town.folder, "--images", town.images, "--out", town.folder / "r").refused("holds no benchmark")


def test_predict_takes_a_model_file(cli: Any, town: Any, released: Path, onnx_models: Any) -> None:
    out, path = town.folder / "results", onnx_models.sparse("toy.onnx", width=320, height=240)
    given = ("--images", town.images, "--out", out, "--proposer", "hull", "--workers", 1)
    found = cli("predict", released, *given, "--features", path)
    assert found.code == 0, found
    assert (out / "pixel-level" / "hull+toy" / "matching_result" / "prtown.npy").is_file()
