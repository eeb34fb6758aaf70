from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("onnx", reason="the extra `train` is not installed")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")

import torch

from annotator.premask.training.export import write_onnx
from annotator.premask.training.extractor import TrainedFeatures, sampled
from annotator.premask.training.network import LocalFeatures, sample


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("model") / "features.onnx"
    torch.manual_seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's exporter warns about itself
        write_onnx(LocalFeatures(), path)
    return path.read_bytes()


def picture(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_features_lie_in_the_image_whatever_its_size(model: bytes) -> None:
    found = TrainedFeatures(model, threshold=0.0).detect(picture(157, 93), 200)
    assert 0 < len(found) <= 200
    assert (found.points >= 0).all()
    assert (found.points < [157, 93]).all()
    assert (np.diff(found.scores) <= 0).all()
    np.testing.assert_allclose(np.linalg.norm(found.descriptors, axis=1), 1, atol=1e-5)


def test_a_larger_image_is_shrunk_and_its_points_are_in_its_own_pixels(model: bytes) -> None:
    found = TrainedFeatures(model, threshold=0.0, longest=128).detect(picture(512, 256), 500)
    assert found.points[:, 0].max() > 256
    assert (found.points < [512, 256]).all()


def test_nothing_above_the_threshold_is_no_features(model: bytes) -> None:
    found = TrainedFeatures(model, threshold=1.1).detect(picture(96, 64), 10)
    assert len(found) == 0
    assert found.descriptors.shape == (0, 64)


def test_descriptors_are_read_as_in_training() -> None:
    maps = torch.nn.functional.normalize(torch.randn(64, 6, 8, generator=torch.Generator().manual_seed(0)), dim=0)
    points = np.random.default_rng(0).uniform(4, [59, 43], (50, 2)).astype(np.float32)
    expected = sample(maps, torch.from_numpy(points)).numpy()
    np.testing.assert_allclose(sampled(maps.numpy(), points), expected, atol=1e-5)


def test_the_key_names_the_model(model: bytes) -> None:
    assert TrainedFeatures(model).key != TrainedFeatures(model + b" ").key
