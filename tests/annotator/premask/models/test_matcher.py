"""Matcher files: what they take and give, one view at a time, by ONNX Runtime or by OpenCV."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.features import Features, Floats, joined
from annotator.premask.models.matcher import MOST, LearnedMatcher, check_numbers, load_matcher, placed, views

RANDOM = np.random.default_rng(2)
TWO = tuple[Floats, Floats]

needs_opencv = pytest.mark.skipif(not hasattr(cv2, "LightGlueMatcher"), reason="this OpenCV has no LightGlueMatcher")


def unit(count: int, numbers: int = 32) -> Floats:
    drawn = RANDOM.normal(size=(count, numbers)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def features(descriptors: Floats, scale: float = 24.0, points: Floats | None = None) -> Features:
    count = len(descriptors)
    at = RANDOM.uniform(0, 640, (count, 2)).astype(np.float32) if points is None else points
    ones = np.ones(count, np.float32)
    scores = np.linspace(1, 0.1, count, dtype=np.float32)
    return Features(at, scale * ones, 0 * ones, descriptors, scores)


@dataclass
class Spy:
    """Pairs equal rows of both images with a confidence that a test gives; remembers what it was asked."""

    confidence: float = 1.0
    asked: list[tuple[TWO, TWO]] = field(default_factory=list)

    def __call__(self, points: TWO, descriptors: TWO) -> tuple[Any, Floats]:
        self.asked.append((points, descriptors))
        count = min(len(part) for part in points)
        return np.column_stack([np.arange(count)] * 2), np.full(count, self.confidence, np.float32)


@pytest.mark.parametrize("form", ["pairs", "rows"])
@pytest.mark.parametrize("numbers", [32, "d"])
def test_a_file_of_either_form_finds_the_same_features_again(onnx_models, form: str, numbers: int | str) -> None:
    matcher = load_matcher(onnx_models.matcher(form=form, numbers=numbers))
    assert matcher.runner == "ONNX Runtime"
    assert matcher.numbers == (32 if numbers == 32 else None)
    ours, order = unit(90), RANDOM.permutation(70)
    found = matcher(features(ours), features(ours[order]))
    assert found.reference.tolist() == sorted(order.tolist())
    assert order[found.index].tolist() == found.reference.tolist()
    assert found.ratio == pytest.approx(0.7)


@pytest.mark.parametrize("form", ["pairs", "rows"])
def test_nothing_alike_gives_no_matches(onnx_models, form: str) -> None:
    matcher = load_matcher(onnx_models.matcher(form=form, least=0.999))
    assert len(matcher(features(unit(30)), features(unit(30)))) == 0
    assert len(matcher(features(unit(30)), features(unit(0)))) == 0
    assert len(matcher(features(unit(0)), features(unit(30)))) == 0
    one = unit(1)
    assert len(matcher(features(one), features(one))) == 1


def test_the_model_sees_one_view_at_a_time() -> None:
    """A list of learned features holds those of several sizes of a crop; they differ in scale."""
    pairs = Spy()
    fine, coarse = features(unit(40), 10.0), features(unit(20), 10 / 0.6)
    matcher = LearnedMatcher(Path("m.onnx"), pairs, "a test")
    matcher(joined([fine, coarse]), features(unit(30), 24.0))
    assert [tuple(len(part) for part in points) for points, _ in pairs.asked] == [(40, 30), (20, 30)]
    assert np.array_equal(pairs.asked[1][1][0], coarse.descriptors)
    for points, _ in pairs.asked:
        for part in points:
            assert np.abs(part).max() <= 1
            assert np.ptp(part, axis=0).max() > 1.9


def test_features_of_all_views_are_matched_in_their_own_rows(onnx_models) -> None:
    matcher = load_matcher(onnx_models.matcher(least=0.9))
    first, second, third = unit(30), unit(20), unit(25)
    reference = joined([features(first, 10.0), features(second, 16.7), features(third, 28.0)])
    index = features(np.concatenate([third[5:], first[:12], unit(9)]))
    found = matcher(reference, index)
    assert found.reference.tolist() == [*range(12), *range(55, 75)]
    assert found.index.tolist() == [*range(20, 32), *range(20)]


def test_a_feature_is_in_one_match_at_most_the_most_confident() -> None:
    """Two views of the reference claim the same three features of the index image."""

    @dataclass
    class Growing(Spy):
        def __call__(self, points: TWO, descriptors: TWO) -> tuple[Any, Floats]:
            rows, _ = super().__call__(points, descriptors)
            return rows, np.full(len(rows), 0.4 * len(self.asked), np.float32)

    reference = joined([features(unit(3), 10.0), features(unit(3), 20.0)])
    found = LearnedMatcher(Path("m.onnx"), Growing(), "a test")(reference, features(unit(3)))
    assert found.reference.tolist() == [3, 4, 5]
    assert found.index.tolist() == [0, 1, 2]
    assert found.ratio == pytest.approx(0.95 - 0.25 * 0.8)


def test_views_are_told_by_scale_and_hold_the_strongest() -> None:
    tiles = [features(unit(4), scale) for scale in (10.0, 10.02, 9.98)]  # one size, rounded
    whole = features(unit(3), 14.0)
    found = joined([*tiles, whole])
    best_first = np.argsort(-found.scores, kind="stable")
    parts = [best_first[part] for part in views(found.take(best_first))]
    assert [sorted(part.tolist()) for part in parts] == [list(range(12)), [12, 13, 14]]
    many = features(unit(MOST + 50, 8))
    shuffled = many.take(RANDOM.permutation(len(many)))
    (rows,) = views(shuffled)
    assert len(rows) == MOST
    assert (np.diff(rows) > 0).all()
    assert shuffled.scores[rows].min() > np.delete(shuffled.scores, rows).max()
    assert views(features(unit(0))) == []


def test_views_of_one_scale_are_told_by_their_scores() -> None:
    """Two tilted views have the same scale; each begins with its best feature."""
    left, right = features(unit(5), 12.0), features(unit(4), 12.0)
    assert [part.tolist() for part in views(joined([left, right]))] == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]


def test_points_are_laid_about_the_middle_of_their_view() -> None:
    corners = np.array([[100, 50], [299, 50], [100, 149]], np.float32)
    assert placed(corners) == pytest.approx(np.array([[-0.995, -0.495], [0.995, -0.495], [-0.995, 0.495]]), abs=1e-6)
    assert placed(corners[:1]).tolist() == [[0, 0]]


def test_one_and_several_threads_give_the_same(onnx_models) -> None:
    path, ours = onnx_models.matcher(), unit(200)
    one, several = (load_matcher(path, threads)(features(ours), features(ours)) for threads in (1, 3))
    assert np.array_equal(one.index, several.index)
    assert one.ratio == pytest.approx(several.ratio, abs=1e-4)


def test_descriptors_of_another_length_are_told(onnx_models) -> None:
    matcher = load_matcher(onnx_models.matcher(numbers=32))
    check_numbers(matcher, 32)
    check_numbers(load_matcher(onnx_models.matcher("free.onnx", numbers="d")), 128)
    with pytest.raises(BadFileError, match=r"descriptors of 32 numbers, and those of the model have 64; .*--features"):
        check_numbers(matcher, 64)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kpts0": [1, 500, 2]}, "a fixed number of points"),
        ({"desc1": [2, "m", 32]}, "a fixed number of points or pairs"),
        ({"image_sizes": [2, 2]}, "something else than points and descriptors of two images"),
        ({"kpts0": (["n", 2])}, "no lists of one pair"),
        ({"kpts1": ([1, "m", 2], "int64")}, "no lists of one pair"),
    ],
)
def test_files_that_take_something_else_are_told(onnx_models, told: dict[str, Any], words: str) -> None:
    shapes = {"kpts0": [1, "n", 2], "kpts1": [1, "m", 2], "desc0": [1, "n", 32], "desc1": [1, "m", 32]} | told
    path = constant_matcher(onnx_models, shapes, np.zeros((4, 2)), np.ones(4))
    with pytest.raises(BadFileError, match=rf"constant\.onnx: .*{words}"):
        load_matcher(path)


@pytest.mark.parametrize(
    ("matches", "scores", "words"),
    [
        (np.zeros((4, 3)), np.ones(4), "do not go together"),
        (np.zeros((4, 2)), np.ones(5), "do not go together"),
        (np.full((4, 2), 64), np.ones(4), "matches of features that there are not"),
        (np.zeros((4, 2)), np.full(4, np.nan), "or no confidences"),
    ],
)
def test_files_that_give_nonsense_are_told(onnx_models, matches: Any, scores: Any, words: str) -> None:
    shapes = {"kpts0": [1, "n", 2], "kpts1": [1, "m", 2], "desc0": [1, "n", 32], "desc1": [1, "m", 32]}
    with pytest.raises(BadFileError, match=words):
        load_matcher(constant_matcher(onnx_models, shapes, matches, scores))


def test_files_that_are_no_matchers_are_told(onnx_models, tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="it is no matcher of local features but: local features"):
        load_matcher(onnx_models.sparse())
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(BadFileError, match="it is no ONNX model"):
        load_matcher(tmp_path / "bad.onnx")


@needs_opencv
def test_without_onnx_runtime_opencv_finds_the_same(onnx_models, monkeypatch: pytest.MonkeyPatch) -> None:
    path, ours, order = onnx_models.matcher(), unit(80), RANDOM.permutation(60)
    given = features(ours), features(ours[order])
    by_runtime = load_matcher(path)(*given)
    twin = path.with_name("twin.onnx")
    twin.write_bytes(path.read_bytes())
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    matcher = load_matcher(twin)
    assert matcher.runner == "OpenCV's LightGlueMatcher"
    by_opencv = matcher(*given)
    assert len(by_opencv) == 60
    assert np.array_equal(by_opencv.index, by_runtime.index)
    assert by_opencv.ratio == pytest.approx(by_runtime.ratio, abs=1e-4)


@needs_opencv
def test_what_opencv_cannot_run_is_a_sentence(onnx_models, monkeypatch: pytest.MonkeyPatch) -> None:
    matcher, features_file = onnx_models.matcher(numbers="d"), onnx_models.sparse()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(BadFileError, match="OpenCV's LightGlueMatcher cannot run it") as caught:
        load_matcher(features_file)(features(unit(9)), features(unit(9)))
    assert "\n" not in str(caught.value)
    with pytest.raises(BadFileError, match="OpenCV's LightGlueMatcher cannot run it"):
        load_matcher(matcher)(features(unit(9, 32)), features(unit(9, 16)))


def test_without_either_the_missing_runtime_is_told(onnx_models, monkeypatch: pytest.MonkeyPatch) -> None:
    path = onnx_models.matcher()
    monkeypatch.delattr(cv2, "LightGlueMatcher", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EnvironmentFault, match="ONNX Runtime is not installed"):
        load_matcher(path)
    monkeypatch.undo()
    monkeypatch.delattr(cv2, "LightGlueMatcher", raising=False)
    graph = onnx_models.graph()
    for name in ("matches0", "mscores0"):
        graph.add("NoSuchThing", "kpts0", outputs=[name])
    told = {"kpts0": [1, "n", 2], "kpts1": [1, "m", 2], "desc0": [1, "n", 32], "desc1": [1, "m", 32]}
    odd = graph.write(onnx_models.folder / "odd.onnx", told, {"matches0": ["k", 2], "mscores0": ["k"]})
    with pytest.raises(BadFileError, match=r"ONNX Runtime cannot load it .*NoSuchThing.* runs no such models"):
        load_matcher(odd)


def constant_matcher(onnx_models, shapes: dict[str, Any], matches: Any, scores: Any) -> Path:
    """A matcher that gives the same whatever it gets."""
    graph = onnx_models.graph()
    graph.add("Identity", graph.constant(matches, "int64"), outputs=["matches0"])
    graph.add("Identity", graph.constant(scores), outputs=["mscores0"])
    outputs = {"matches0": (list(matches.shape), "int64"), "mscores0": list(scores.shape)}
    return graph.write(onnx_models.folder / "constant.onnx", shapes, outputs)
