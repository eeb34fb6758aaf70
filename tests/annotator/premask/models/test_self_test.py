"""The self-tests: what works passes with numbers, and what says nothing fails in a sentence."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.executor import Here, Processes
from annotator.premask.features import Features, Pixels
from annotator.premask.models import trial
from annotator.premask.models.click_test import drawn_object, place_inside
from annotator.premask.models.files import ModelKind
from annotator.premask.models.loading import load_features
from annotator.premask.models.matcher import load_matcher
from annotator.premask.models.self_test import FEWEST, NEAR, check_features, scene_views
from annotator.premask.models.trial import try_model
from annotator.premask.rootsift import RootSift, no_features

PATH = Path("model.onnx")


@dataclass(frozen=True)
class Fake:
    """Features by a rule of the test."""

    kind: str
    key: str = "fake"

    def detect(self, image: Pixels, limit: int) -> Features:
        height, width = image.shape[:2]
        y, x = (part.ravel()[:limit] for part in np.mgrid[8:height:12, 8:width:12])
        points = np.column_stack([x, y]).astype(np.float32)
        n = len(points)
        if self.kind == "nothing":
            return no_features(8)
        if self.kind == "noise":
            numbers = np.random.default_rng(int(image.sum())).normal(size=(n, 32))
        elif self.kind == "constant":
            numbers = np.ones((n, 32))
        else:  # where in the picture it is
            numbers = np.concatenate([np.sin(points * s) for s in (0.01, 0.03)] + [np.cos(points * 0.02)], axis=1)
        unit = (numbers / np.linalg.norm(numbers, axis=1, keepdims=True)).astype(np.float32)
        if self.kind == "not finite":
            unit[0] = np.nan
        ones = np.ones(n, np.float32)
        return Features(points, ones, 0 * ones, unit, ones)


def test_rootsift_passes_with_most_matches_right() -> None:
    result = check_features(PATH, RootSift())
    assert result.right > 200
    assert 0.7 < result.share <= 1
    assert result.chance < 0.02
    assert result.features == (1500, 1500)


def test_models_of_both_forms_pass(onnx_models) -> None:
    for path in (onnx_models.sparse(), onnx_models.sparse("f.onnx", width=320, height=240), onnx_models.dense()):
        result = check_features(path, load_features(path))
        assert result.right >= FEWEST
        assert result.share > 10 * max(result.chance, 0.01)


def test_a_real_model_passes(shared: Path) -> None:
    path = shared / "models" / "aliked-t16-top2k-480x640.onnx"
    if not path.is_file():
        pytest.skip("the shared model is not there")
    pytest.importorskip("onnxruntime")
    assert check_features(path, load_features(path)).share > 0.8


@pytest.mark.parametrize("kind", ["noise", "constant", "place"])
def test_features_that_say_nothing_fail(kind: str) -> None:
    with pytest.raises(BadFileError, match=r"model\.onnx: it fails the self-test: of \d+ matches .* \d+ are right"):
        check_features(PATH, Fake(kind))


def test_a_model_of_noise_fails(onnx_models) -> None:
    path = onnx_models.sparse(noise=True)
    with pytest.raises(BadFileError, match="fails the self-test"):
        check_features(path, load_features(path))


def test_no_features_and_no_numbers_are_told() -> None:
    with pytest.raises(BadFileError, match="finds no keypoints"):
        check_features(PATH, Fake("nothing"))
    with pytest.raises(BadFileError, match="not finite"):
        check_features(PATH, Fake("not finite"))


def test_the_two_views_differ_by_more_than_what_counts_as_right() -> None:
    (first, one), (second, other) = scene_views()
    assert first.shape == second.shape
    assert np.abs(first.astype(int) - second).mean() > 10
    assert one.lens.size == other.lens.size == (first.shape[1], first.shape[0])
    assert first.shape[1] > 100 * NEAR


def test_the_click_is_on_the_building() -> None:
    image, mask = drawn_object()
    assert mask.shape == image.shape[:2]
    x, y = place_inside(mask)
    assert mask[round(y), round(x)]
    square = np.zeros((20, 30), bool)
    square[4:9, 10:15] = True
    assert place_inside(square) == (12, 6)


def test_a_trial_tells_kind_runner_and_numbers(onnx_models) -> None:
    found = try_model([onnx_models.sparse()], Here())
    assert found.kind is ModelKind.LOCAL_FEATURES
    assert found.runner == "ONNX Runtime"
    assert "right" in found.words


def test_a_trial_in_another_process_tells_the_same_sentence(onnx_models) -> None:
    path = onnx_models.sparse(noise=True)
    with pytest.raises(BadFileError, match="fails the self-test") as caught:
        try_model([path])
    assert caught.value.path == str(path)


def test_a_crash_of_the_runtime_is_a_sentence(onnx_models, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        def results(self, _run, _work):
            return Processes(1).results(os._exit, [9])

    with pytest.raises(BadFileError, match="crashed"):
        try_model([onnx_models.sparse()], Dying())
    monkeypatch.setattr(trial, "_tried", lambda _: ("", "ONNX Runtime is not installed.", ""))
    with pytest.raises(EnvironmentFault, match="not installed"):
        try_model([onnx_models.sparse()], Here())


def outputs_of(onnx_models, name: str, inputs: dict[str, list[int]], outputs: dict[str, list[int]]) -> Path:
    graph = onnx_models.graph()
    for output, shape in outputs.items():
        graph.add("Identity", graph.constant(np.zeros(shape)), outputs=[output])
    return graph.write(onnx_models.folder / name, inputs, outputs)


EMBEDDED = [1, 256, 64, 64]
DECODING = {
    "image_embeddings": EMBEDDED, "point_coords": [1, 2, 2], "point_labels": [1, 2], "mask_input": [1, 1, 256, 256],
    "has_mask_input": [1], "orig_im_size": [2],
}  # fmt: skip
MASKS = {"masks": [1, 1, 256, 256], "iou_predictions": [1, 1], "low_res_masks": [1, 1, 256, 256]}


def encoder(onnx_models) -> Path:
    return outputs_of(onnx_models, "e.onnx", {"image": [1, 3, 1024, 1024]}, {"image_embeddings": EMBEDDED})


def decoder(onnx_models) -> Path:
    return outputs_of(onnx_models, "d.onnx", DECODING, MASKS)


def test_files_in_the_wrong_place_are_told(onnx_models) -> None:
    eyes, hand, features = encoder(onnx_models), decoder(onnx_models), onnx_models.sparse()
    for files, words in (
        ([eyes], "click-to-mask encoder; name its decoder too"),
        ([hand], "click-to-mask decoder; name its encoder first"),
        ([hand, eyes], "click-to-mask decoder; name its encoder first"),
        ([eyes, features], "local features; name an encoder"),
        ([features, hand], "local features; name an encoder"),
    ):
        with pytest.raises(BadFileError, match=words):
            try_model(files, Here())


def test_a_decoder_that_answers_nothing_is_refused(onnx_models) -> None:
    with pytest.raises(BadFileError):
        try_model([encoder(onnx_models), decoder(onnx_models)], Here())


def test_a_matcher_is_tried_with_the_features_that_it_matches(onnx_models) -> None:
    features = onnx_models.sparse("features.onnx")
    found = try_model([onnx_models.matcher()], Here(), features)
    assert found.kind is ModelKind.MATCHER
    assert found.runner == "ONNX Runtime"
    alone = check_features(features, load_features(features))
    both = check_features(features, load_features(features), load_matcher(onnx_models.matcher("other.onnx")))
    assert both.right > 0.9 * alone.right
    assert both.matches > alone.matches  # no ratio was asked
    assert f"{both.right} of {both.matches} matches" in found.words


def test_a_matcher_that_does_not_belong_to_the_features_is_refused(onnx_models) -> None:
    features = onnx_models.sparse("features.onnx")
    nothing, longer = onnx_models.matcher("nothing.onnx", least=2.0), onnx_models.matcher("longer.onnx", numbers=64)
    with pytest.raises(BadFileError, match=r"nothing\.onnx: it fails the self-test: of 0 matches"):
        try_model([nothing], Here(), features)
    with pytest.raises(BadFileError, match=r"longer\.onnx: it matches descriptors of 64 numbers, .* have 32"):
        try_model([longer], Here(), features)
    with pytest.raises(BadFileError, match="no decoder; leave --decoder out"):
        try_model([longer, features], Here(), features)
    with pytest.raises(BadFileError, match="it is no matcher of local features but: local features"):
        try_model([onnx_models.sparse("again.onnx")], Here(), features)


def test_a_matcher_without_its_features_is_told(onnx_models) -> None:
    path = onnx_models.matcher()
    words = r"matcher\.onnx: it is a matcher of local features; name the model of the project .* with --features"
    with pytest.raises(BadFileError, match=words):
        try_model([path])


def test_a_click_model_that_works_passes(toy_click_model, tmp_path: Path) -> None:
    found = try_model(toy_click_model(tmp_path), Here())
    assert found.kind is ModelKind.CLICK_TO_MASK
    assert found.words.startswith("a click on a drawn building marks")


@pytest.mark.parametrize(("answer", "words"), [("all", "marks everything"), ("none", "marks nothing")])
def test_a_click_model_that_says_nothing_fails(toy_click_model, tmp_path: Path, answer: str, words: str) -> None:
    files = toy_click_model(tmp_path, masks=(answer,), metadata="0..255")
    with pytest.raises(BadFileError, match=rf"decoder\.onnx: it fails the self-test: .* {words}"):
        try_model(files, Here())


def test_a_click_model_of_numbers_that_are_none_fails(toy_click_model, tmp_path: Path) -> None:
    files = toy_click_model(tmp_path, ending="masks = Log(answers)", metadata="0..255")
    with pytest.raises(BadFileError, match="not finite"):
        try_model(files, Here())
