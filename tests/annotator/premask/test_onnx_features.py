"""The adapter of local-feature models, with the real model where it is here and hostile files everywhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.matching import match
from annotator.premask.onnx_features import MOST_TILES, _tiles, load_features


@pytest.fixture(scope="module")
def model(shared: Path) -> Path:
    path = shared / "models" / "aliked-t16-top2k-480x640.onnx"
    if not path.is_file():
        pytest.skip("the shared model is not there")
    return path


def test_a_real_model_finds_the_same_places_in_a_moved_picture(model, picture):
    features = load_features(model)
    moved = np.roll(picture, (12, 20), axis=(0, 1))
    one, other = features.detect(picture, 400), features.detect(moved, 400)
    found = match(one, other)
    shift = other.points[found.index] - one.points[found.reference]
    assert len(found) > 60
    assert np.mean(np.abs(shift - [20, 12]).max(axis=1) < 3) > 0.7
    assert not one.framed
    assert np.allclose(np.linalg.norm(one.descriptors, axis=1), 1, atol=1e-4)


def test_features_stay_inside_an_image_that_is_tiled(model, picture):
    large = np.tile(picture, (2, 3, 1))
    found = load_features(model).detect(large, 2000)
    height, width = large.shape[:2]
    assert len(found) > 1200
    assert (found.points >= -1).all()
    assert (found.points <= [width, height]).all()


def test_the_checksum_is_checked(model):
    right = hashlib.sha256(model.read_bytes()).hexdigest()
    assert load_features(model, right).sha256 == right
    with pytest.raises(BadFileError, match="SHA-256"):
        load_features(model, "0" * 64)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07" * 50])
def test_files_that_are_no_models_are_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(BadFileError):
        load_features(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(BadFileError, match="cannot be read"):
        load_features(tmp_path / "none.onnx")


@pytest.mark.parametrize("size", [(640, 480), (300, 200), (1024, 768), (768, 1024), (5000, 4000), (4000, 30)])
def test_tiles_cover_the_image(size: tuple[int, int]):
    tiles = _tiles(*size, 640, 480)
    assert tiles[0] == (0, 0, *size)
    assert len(tiles) <= MOST_TILES + 1
    seen = np.zeros((size[1], size[0]), dtype=bool)
    for x1, y1, x2, y2 in tiles[1:] or tiles:
        assert 0 <= x1 < x2 <= size[0]
        assert 0 <= y1 < y2 <= size[1]
        seen[y1:y2, x1:x2] = True
    assert seen.all()
