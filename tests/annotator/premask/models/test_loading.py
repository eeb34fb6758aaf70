"""From a file to what runs it: which runtime, how many channels, and what a file of another kind is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.models.files import check, checksum
from annotator.premask.models.loading import load_features, trial_picture
from annotator.premask.models.local_features import LocalFeatures
from annotator.premask.models.runtimes import that_runs
from annotator.premask.models.session import RunsNotError

RANDOM = np.random.default_rng(5)
POINTS = RANDOM.uniform(-0.9, 0.9, (50, 2))
NUMBERS = RANDOM.normal(size=(50, 16))


def of_channels(onnx_models: Any, number: int) -> Path:
    """A model that leaves its channels free and runs with `number` of them alone."""
    graph = onnx_models.graph()
    shaped = graph.add("Reshape", "image", graph.constant([1, number, 64, 64], "int64"))
    zero = graph.add("Mul", graph.add("ReduceMean", shaped, keepdims=0), graph.constant(0.0))
    graph.add("Add", graph.constant(POINTS), zero, outputs=["keypoints"])
    graph.add("Identity", graph.constant(NUMBERS), outputs=["descriptors"])
    told = {"keypoints": [50, 2], "descriptors": [50, 16]}
    return graph.write(onnx_models.folder / f"of{number}.onnx", {"image": [1, "channels", 64, 64]}, told)


@pytest.mark.parametrize("number", [1, 3])
def test_channels_that_are_free_are_tried_as_colour_and_as_grey(onnx_models: Any, number: int) -> None:
    features = load_features(of_channels(onnx_models, number))
    assert isinstance(features, LocalFeatures)
    assert features.taken.channels == number
    assert len(features.detect(trial_picture((64, 64)), 100)) == 50


def test_a_model_that_runs_with_neither_is_told_why_colour_failed(onnx_models: Any) -> None:
    with pytest.raises(BadFileError, match=r"of2\.onnx: ONNX Runtime cannot run it \(The input .*:\{1,3,64,64\}"):
        load_features(of_channels(onnx_models, 2))


def test_models_of_another_kind_are_told_what_they_are(onnx_models: Any) -> None:
    with pytest.raises(BadFileError, match="it is a matcher of local features, no model of local features"):
        load_features(onnx_models.matcher())
    graph = onnx_models.graph()
    graph.add("Identity", graph.constant(np.zeros((1, 256, 64, 64))), outputs=["image_embeddings"])
    encoder = graph.write(
        onnx_models.folder / "e.onnx", {"image": [1, 3, 1024, 1024]}, {"image_embeddings": [1, 256, 64, 64]}
    )
    with pytest.raises(BadFileError, match="it is a click-to-mask encoder, no model of local features"):
        load_features(encoder)


def test_a_file_that_was_replaced_is_loaded_anew(onnx_models: Any) -> None:
    path = onnx_models.sparse()
    before = load_features(path)
    assert load_features(path) is before
    path.write_bytes(onnx_models.sparse("other.onnx", noise=True).read_bytes())
    after = load_features(path)
    assert after.key != before.key
    picture = trial_picture((96, 96))
    assert not np.array_equal(after.detect(picture, 50).descriptors, before.detect(picture, 50).descriptors)


def test_what_was_registered_is_checked_by_its_whole_checksum(onnx_models: Any) -> None:
    path = onnx_models.sparse()
    check(path, checksum(path))
    path.write_bytes(path.read_bytes() + b"\x00")
    with pytest.raises(BadFileError, match=r"its content is not what was registered .* put the registered file back"):
        check(path, checksum(onnx_models.sparse("again.onnx")))


def failing(error: Exception) -> Callable[[], str]:
    def fail() -> str:
        raise error

    return fail


def never() -> str:
    raise AssertionError("OpenCV was asked")


CANNOT = RunsNotError("m.onnx", "ONNX Runtime cannot load it (an odd thing)", "export it anew")
MISSING = EnvironmentFault("ONNX Runtime is not installed.")
BROKEN = BadFileError("m.onnx", "it is a decoder", "name another model")


def test_opencv_is_asked_only_where_onnx_runtime_cannot() -> None:
    assert that_runs(lambda: "runtime", never) == "runtime"
    with pytest.raises(BadFileError, match="it is a decoder; name another model"):
        that_runs(failing(BROKEN), never)
    for error in (CANNOT, MISSING):
        assert that_runs(failing(error), lambda: ["opencv"]) == ["opencv"]


def test_where_neither_runs_it_both_reasons_are_one_sentence() -> None:
    with pytest.raises(BadFileError) as caught:
        that_runs(failing(CANNOT), lambda: "OpenCV finds nothing with it")
    told = "m.onnx: ONNX Runtime cannot load it (an odd thing), and OpenCV finds nothing with it; export it anew."
    assert str(caught.value) == told
    with pytest.raises(EnvironmentFault, match="not installed"):
        that_runs(failing(MISSING), lambda: "OpenCV finds nothing with it")
