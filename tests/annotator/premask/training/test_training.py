from __future__ import annotations

import json
import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from annotator.domain.errors import BadFileError  # noqa: E402  # after the skip
from annotator.premask.training.correspondences import load, unpaired  # noqa: E402
from annotator.premask.training.losses import descriptor_loss, keypoint_labels  # noqa: E402
from annotator.premask.training.network import LocalFeatures, sample  # noqa: E402
from annotator.premask.training.train import Recipe, batch, train  # noqa: E402


def test_points_of_a_view_pair_show_the_same_place(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.premask.training.batches.weathered", lambda _rng, view: view)
    photographs = load(data, "train")
    for pair in batch(Recipe(pairs=6, warps=0.5), 0, photographs, unpaired(data)):
        patches = []
        for view, points in ((pair.first, pair.points_first), (pair.second, pair.points_second)):
            smooth = cv2.GaussianBlur(view, (0, 0), 3)
            patches.append(cv2.remap(smooth, points[:, None, 0], points[:, None, 1], cv2.INTER_LINEAR).ravel())
        same, others = np.corrcoef(*patches)[0, 1], np.corrcoef(patches[0], np.roll(patches[1], 7))[0, 1]
        assert same > 0.6
        assert same > abs(others) + 0.4


def _quiet(_line: str) -> None:
    """Say nothing."""


def test_a_short_run_reproduces_the_first_steps_and_a_resumed_one_goes_on(data: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    recipe = Recipe(steps=4, pairs=1, warps=0.5)
    photographs, alone = load(data, "train"), unpaired(data)
    train(recipe, photographs, alone, tmp_path / "whole", say=_quiet)
    train(recipe, photographs, alone, tmp_path / "short", stop_after=2, say=_quiet)
    whole = [json.loads(line) for line in (tmp_path / "whole" / "log.jsonl").read_text().splitlines()]
    short = [json.loads(line) for line in (tmp_path / "short" / "log.jsonl").read_text().splitlines()]
    assert short == whole[:2]
    train(recipe, photographs, alone, tmp_path / "short", say=_quiet)
    resumed = [json.loads(line) for line in (tmp_path / "short" / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in resumed] == [0, 1, 2, 3]
    assert resumed[3]["descriptor"] == pytest.approx(whole[3]["descriptor"], rel=1e-3)


def test_descriptors_are_unit_vectors_and_scores_have_the_images_size(tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from annotator.premask.training.export import write_onnx

    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's exporter warns about itself
        write_onnx(LocalFeatures(), tmp_path / "features.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "features.onnx"), providers=["CPUExecutionProvider"])
    image = np.random.default_rng(0).random((1, 1, 96, 160), dtype=np.float32)
    scores, descriptors = session.run(None, {"image": image})
    assert scores.shape == (1, 1, 96, 160)
    assert descriptors.shape == (1, 64, 12, 20)
    np.testing.assert_allclose(np.linalg.norm(descriptors, axis=1), 1, atol=1e-4)


def test_sampling_at_a_cells_centre_gives_its_descriptor() -> None:
    maps = torch.nn.functional.normalize(torch.randn(8, 4, 5, generator=torch.Generator().manual_seed(0)), dim=0)
    found = sample(maps, torch.tensor([[3.5, 3.5], [19.5, 11.5]]))
    torch.testing.assert_close(found, torch.stack([maps[:, 0, 0], maps[:, 1, 2]]))


def test_the_descriptor_loss_is_small_where_points_choose_each_other_and_large_where_not() -> None:
    maps = torch.zeros(4, 2, 2)
    for k, (row, column) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        maps[k, row, column] = 1
    points = torch.tensor([[3.5, 3.5], [11.5, 3.5], [3.5, 11.5], [11.5, 11.5]])
    assert descriptor_loss(maps, maps, points, points).item() < 0.01
    assert descriptor_loss(maps, maps, points, points.flip(0)).item() > 10


def test_another_cell_that_looks_the_same_costs_as_much_as_another_point() -> None:
    """Four cells in a row, the last a copy of the first: its descriptor halves the probability of the true match."""
    maps = torch.zeros(3, 1, 8)
    for cell, number in ((0, 0), (1, 1), (2, 2), (7, 0)):
        maps[number, 0, cell] = 1
    points = torch.tensor([[3.5, 3.5], [11.5, 3.5], [19.5, 3.5]])
    alone = maps.clone()
    alone[:, 0, 7] = 0
    # One of three points has a double, in both directions: 2 * log(2) / 3.
    expected = 2 * np.log(2) / 3
    assert descriptor_loss(maps, maps, points, points).item() == pytest.approx(expected, abs=0.01)
    assert descriptor_loss(alone, alone, points, points).item() < 0.01


def test_cells_near_the_true_place_are_no_negatives() -> None:
    maps = torch.zeros(2, 1, 8)
    maps[0, 0, 3] = maps[0, 0, 4] = 1  # neighbours see the same
    maps[1, 0, 0] = 1
    points = torch.tensor([[27.5, 3.5], [3.5, 3.5]])
    assert descriptor_loss(maps, maps, points, points).item() < 0.01


def test_keypoints_are_classes_of_their_cells() -> None:
    labels = keypoint_labels(torch.tensor([[9.2, 1.0], [-3.0, 5.0], [100.0, 5.0]]), 2, 3)
    assert labels[0, 1].item() == 1 * 8 + 1
    assert (labels == 64).sum().item() == 5


def test_a_folder_of_another_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"split\.json"):
        load(tmp_path, "train")
