"""Local-feature models of every form: the same places come out, whatever the model calls and measures them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.features import Features, Pixels
from annotator.premask.matching import match
from annotator.premask.models.dense import peaks, read_at
from annotator.premask.models.loading import load_features, trial_picture
from annotator.premask.models.local_features import LONGEST, LocalFeatures


def moved(image: Pixels, x: int, y: int) -> Pixels:
    return np.roll(image, (y, x), axis=(0, 1))


def agreement(one: Features, other: Features, x: int, y: int, near: float = 1.5) -> tuple[int, float]:
    """How many matches there are, and the share of those that moved by (x, y)."""
    found = match(one, other)
    shift = other.points[found.index] - one.points[found.reference]
    return len(found), float(np.mean(np.abs(shift - [x, y]).max(axis=1) < near))


FORMS = {
    "free size, -1 to 1": {},
    "fixed size, in tiles": {"width": 320, "height": 240},
    "0 to 1": {"coordinates": "0..1"},
    "pixels, with a batch axis": {"coordinates": "pixels", "batched": True},
    "pixels, rows first": {"coordinates": "pixels", "rows_first": True},
    "other order": {"listed": (2, 1, 0)},
    "names that say nothing": {"names": ("a", "b", "c"), "listed": (1, 2, 0)},
    "without scores": {"listed": (1, 0)},
    "one output of rows": {"single": True, "coordinates": "pixels"},
    "descriptors turned": {"turned": True, "batched": True},
    "grey": {"channels": 1},
    "channels not fixed": {"channels": "c"},
    "no batch axis": {"order": "CHW"},
    "channels last": {"order": "NHWC"},
    "channels last, no batch axis": {"order": "HWC"},
    "height and width alone": {"order": "HW", "channels": 1},
    "whole numbers": {"order": "uint8"},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_finds_the_same_places_in_a_moved_picture(onnx_models, form: str) -> None:
    features = load_features(onnx_models.sparse(**FORMS[form]))
    image = trial_picture((600, 420))
    one, other = features.detect(image, 500), features.detect(moved(image, 12, 7), 500)
    count, share = agreement(one, other, 12, 7)
    assert count > 150
    assert share > 0.9
    assert len(one) == 500
    assert not one.framed
    assert np.allclose(np.linalg.norm(one.descriptors, axis=1), 1, atol=1e-4)
    assert (np.diff(one.scores) <= 0).all()
    assert all(part.dtype == np.float32 for part in (one.points, one.scales, one.angles, one.descriptors, one.scores))


def test_all_forms_give_the_same_keypoints(onnx_models) -> None:
    image = trial_picture((384, 256))
    forms = [form for form in FORMS if not form.startswith(("fixed", "grey", "height", "without"))]
    found = [load_features(onnx_models.sparse(f"{n}.onnx", **FORMS[form])) for n, form in enumerate(forms)]
    first, *others = (features.detect(image, 300) for features in found)
    for form, other in zip(forms[1:], others, strict=True):
        assert np.allclose(first.points, other.points, atol=0.01), form
        assert np.allclose(first.descriptors, other.descriptors, atol=1e-3), form


def test_keypoints_lie_where_the_picture_has_its_spots(onnx_models) -> None:
    image = np.full((256, 320, 3), 40, np.uint8)
    spots = [(60, 50), (200, 80), (100, 190), (290, 220)]
    for x, y in spots:
        image[y - 1 : y + 2, x - 1 : x + 2] = 230
    for options in ({}, {"coordinates": "pixels", "rows_first": True}, {"width": 320, "height": 256}):
        found = load_features(onnx_models.sparse(f"{len(options)}.onnx", **options)).detect(image, 4)
        assert sorted(map(tuple, np.rint(found.points).astype(int))) == sorted(spots), options


def test_a_dense_model_gives_keypoints_and_descriptors_from_its_maps(onnx_models) -> None:
    for names in (("scores", "descriptors"), ("a", "b")):
        features = load_features(onnx_models.dense(f"{names[0]}.onnx", names=names))
        image = trial_picture((600, 420))
        one, other = features.detect(image, 500), features.detect(moved(image, 16, 8), 500)
        count, share = agreement(one, other, 16, 8)
        assert count > 300
        assert share > 0.9
        assert one.descriptors.shape == (500, 64)
        assert np.allclose(np.linalg.norm(one.descriptors, axis=1), 1, atol=1e-4)


def test_an_image_that_is_no_multiple_of_what_a_dense_model_takes_is_filled_up(onnx_models) -> None:
    image = trial_picture((501, 333))
    found = load_features(onnx_models.dense()).detect(image, 3000)
    assert len(found) > 300
    assert (found.points >= 0).all()
    assert (found.points <= [500, 332]).all()


def test_peaks_are_highest_first_and_keep_off_the_border() -> None:
    scores = np.zeros((40, 60), np.float32)
    scores[10, 20], scores[10, 22], scores[30, 50], scores[1, 1], scores[20, 30] = 0.9, 0.8, 0.95, 1.0, 0.005
    points, best = peaks(scores, 10)
    assert points.tolist() == [[50, 30], [20, 10]]
    assert np.allclose(best, [0.95, 0.9])
    assert peaks(scores, 1)[0].tolist() == [[50, 30]]


def test_descriptors_are_read_between_the_centres_of_cells() -> None:
    grid = np.zeros((1, 1, 2), np.float32)
    grid[0, 0] = [0, 8]
    points = np.array([[3.5, 3.5], [11.5, 3.5], [7.5, 3.5], [5.5, 0], [0, 0], [15, 7]], np.float32)
    assert np.allclose(read_at(grid, points, 8)[:, 0], [0, 8, 4, 2, 0, 8])


def test_an_image_without_anything_gives_no_features(onnx_models) -> None:
    grey = np.full((300, 400, 3), 128, np.uint8)
    for path in (onnx_models.sparse(), onnx_models.sparse("f.onnx", width=160, height=128), onnx_models.dense()):
        features = load_features(path)
        found = features.detect(grey, 100)
        assert len(found) == 0
        assert found.descriptors.shape[1] == features.detect(trial_picture((400, 300)), 5).descriptors.shape[1]


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 20), (16, 16), (1, 1)])
def test_images_of_any_size_give_points_inside_them(onnx_models, size: tuple[int, int]) -> None:
    image = np.asarray(np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3)), np.uint8)
    for path in (onnx_models.sparse(count=200), onnx_models.sparse("f.onnx", width=160, height=128, count=200)):
        found = load_features(path).detect(image, 300)
        assert (found.points >= -1).all()
        assert (found.points <= size).all()


def test_a_free_input_sees_no_more_than_its_longest_side(onnx_models) -> None:
    features = load_features(onnx_models.sparse())
    assert isinstance(features, LocalFeatures)
    wide = features.detect(trial_picture((2 * LONGEST, 640)), 100)
    assert np.allclose(wide.scales, 2 * 24)
    assert wide.points[:, 0].max() > LONGEST


@pytest.mark.parametrize("fixed", [False, True])
def test_several_threads_give_what_one_gives(onnx_models, fixed: bool) -> None:
    path = onnx_models.sparse(**({"width": 320, "height": 240} if fixed else {}))
    image = trial_picture((640, 480))
    one, several = (load_features(path, threads=threads).detect(image, 400) for threads in (1, 4))
    assert np.abs(one.points - several.points).max() < 1e-4
    assert np.abs(one.descriptors - several.descriptors).max() < 1e-4
    assert np.abs(one.scores - several.scores).max() < 1e-4


def test_the_key_tells_models_apart(onnx_models) -> None:
    one, other = onnx_models.sparse("a.onnx"), onnx_models.sparse("b.onnx", count=300)
    keys = {load_features(path).key for path in (one, other)}
    assert len(keys) == 2
    other.write_bytes(one.read_bytes())
    assert load_features(other).key == load_features(one).key


def test_the_checksum_is_checked(onnx_models) -> None:
    path = onnx_models.sparse()
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert right[:32] in load_features(path, right).key
    with pytest.raises(BadFileError, match="SHA-256"):
        load_features(path, "0" * 64)


@pytest.fixture(scope="module")
def model(shared: Path) -> Path:
    path = shared / "models" / "aliked-t16-top2k-480x640.onnx"
    if not path.is_file():
        pytest.skip("the shared model is not there")
    pytest.importorskip("onnxruntime")
    return path


def test_a_real_model_finds_the_same_places_in_a_moved_picture(model: Path, picture: Pixels) -> None:
    features = load_features(model)
    one, other = features.detect(picture, 400), features.detect(moved(picture, 20, 12), 400)
    count, share = agreement(one, other, 20, 12, near=3)
    assert count > 60
    assert share > 0.7


def test_a_real_model_stays_inside_an_image_that_is_tiled(model: Path, picture: Pixels) -> None:
    large = np.tile(picture, (2, 3, 1))
    found = load_features(model).detect(large, 2000)
    height, width = large.shape[:2]
    assert len(found) > 1200
    assert (found.points >= -1).all()
    assert (found.points <= [width, height]).all()
