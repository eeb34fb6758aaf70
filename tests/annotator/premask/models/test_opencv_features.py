"""OpenCV 5 runs a file itself where ONNX Runtime is missing or fails."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.matching import match
from annotator.premask.models.loading import load_features, trial_picture
from annotator.premask.models.opencv_features import RUNNERS, OpenCvFeatures, opencv_features

pytestmark = pytest.mark.skipif(not hasattr(cv2, "ALIKED"), reason="this OpenCV has no cv2.ALIKED")


@pytest.fixture
def square(onnx_models) -> Path:
    """A model as cv2.ALIKED takes it: 640 x 640, keypoints in -1 to 1, descriptors, scores."""
    return onnx_models.sparse("square.onnx", width=640, height=640, count=500)


def remove_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on ONNX Runtime is not installed."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


def test_without_onnx_runtime_opencv_runs_the_file(square: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_runtime(monkeypatch)
    features = load_features(square)
    assert isinstance(features, OpenCvFeatures)
    assert features.runner == "ALIKED"
    image = trial_picture((640, 640))
    one, other = features.detect(image, 300), features.detect(np.roll(image, (8, 14), axis=(0, 1)), 300)
    found = match(one, other)
    shift = other.points[found.index] - one.points[found.reference]
    assert len(found) > 150
    assert np.mean(np.abs(shift - [14, 8]).max(axis=1) < 1.5) > 0.9
    assert np.allclose(np.linalg.norm(one.descriptors, axis=1), 1, atol=1e-4)
    assert not one.framed
    assert (np.diff(one.scores) <= 0).all()


def test_both_runtimes_find_the_same_places(square: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_runtime(monkeypatch)
    image = trial_picture((640, 640))
    by_opencv = load_features(square).detect(image, 200)
    monkeypatch.undo()
    twin = square.with_name("twin.onnx")
    twin.write_bytes(square.read_bytes())
    by_runtime = load_features(twin).detect(image, 200)
    apart = np.linalg.norm(by_opencv.points[:, None] - by_runtime.points[None], axis=2).min(axis=1)
    assert np.mean(apart < 1.6) > 0.9  # OpenCV takes 1 for the right border, the model for the last pixel


def test_where_opencv_cannot_either_the_missing_runtime_is_told(onnx_models, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_runtime(monkeypatch)
    path = onnx_models.fixed(outputs={"classes": np.zeros((1, 10))})
    with pytest.raises(EnvironmentFault, match="ONNX Runtime is not installed; install 'onnxruntime'"):
        load_features(path)


def test_onnx_runtime_comes_first(square: Path) -> None:
    assert not isinstance(load_features(square), OpenCvFeatures)


def test_why_opencv_does_not_run_a_file_is_told_in_a_line(onnx_models) -> None:
    path = onnx_models.fixed(outputs={"classes": np.zeros((1, 10))})
    told = opencv_features(path, "0" * 64, trial_picture((640, 480)))
    assert isinstance(told, str)
    assert told.startswith("OpenCV's ALIKED")
    assert "\n" not in told
    assert len(told) < 260


def test_every_runner_fails_in_a_sentence(onnx_models) -> None:
    path = onnx_models.fixed(outputs={"classes": np.zeros((1, 10))})
    for runner in RUNNERS:
        with pytest.raises(BadFileError, match=f"OpenCV's {runner}"):
            OpenCvFeatures(path, "0" * 64, runner).detect(trial_picture((64, 64)), 10)


def test_the_shared_model_is_run_by_onnx_runtime_alone(shared: Path) -> None:
    path = shared / "models" / "aliked-t16-top2k-480x640.onnx"
    if not path.is_file():
        pytest.skip("the shared model is not there")
    told = opencv_features(path, "shared", trial_picture((640, 480)))
    assert isinstance(told, str)
    assert "OpenCV's ALIKED cannot run it" in told
