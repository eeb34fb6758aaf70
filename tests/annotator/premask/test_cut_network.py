"""The embedded network of the cut: what it is given, what it says, and files that are no such network."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.cut_network import LEAST_SIDE, RESOURCE, SHRINK, cut_from, embedded_cut, shrunk
from annotator.premask.evidence import PLANES
from annotator.premask.models.files import checksum
from resources import accessor


def planes(height: int = 120, width: int = 150) -> np.ndarray:
    """An object that fills the middle third, found again everywhere."""
    found = np.zeros((height, width, len(PLANES)), np.float32)
    inner = slice(height // 3, 2 * height // 3), slice(width // 3, 2 * width // 3)
    for name, value in (("expected", 1), ("depth", 0.6), ("near inside", 0.9), ("seen", 1), ("likeness fine", 0.9)):
        found[(*inner, PLANES.index(name))] = value
    found[..., PLANES.index("known")] = 1
    found[..., PLANES.index("coverage")] = 0.9
    found[..., PLANES.index("inliers")] = 0.8
    return found


def test_an_object_that_is_found_again_is_the_object() -> None:
    inside = embedded_cut()(planes())
    assert inside.shape == (120, 150)
    assert inside.dtype == np.float32
    assert inside[55:65, 65:85].min() > 0.5
    assert inside[:20].max() < 0.5


@pytest.mark.parametrize("size", [(1, 1), (5, 400), (23, 24), (360, 10)])
def test_any_window_has_its_probabilities(size: tuple[int, int]) -> None:
    inside = embedded_cut()(planes(*size))
    assert inside.shape == size
    assert ((inside >= 0) & (inside <= 1)).all()


def test_shrunk_planes_are_means_and_give_the_same() -> None:
    given = planes(90, 150)
    small = shrunk(given)
    assert small.shape == (len(PLANES), 90 // SHRINK, 150 // SHRINK)
    assert small[3, 4, 5] == pytest.approx(given[12:15, 15:18, 3].mean(), abs=1e-5)
    assert shrunk(planes(3, 3)).shape == (len(PLANES), LEAST_SIDE, LEAST_SIDE)
    cut = embedded_cut()
    assert np.array_equal(cut(given), cut.of_shrunk(small, given.shape[:2]))


def test_the_card_names_the_weights() -> None:
    card = accessor.read_text("premask/cut.md")
    assert checksum(accessor.path(RESOURCE)) in card


def test_a_file_of_the_weights_is_read_and_another_model_is_refused(tmp_path: Path) -> None:
    shutil.copy(accessor.path(RESOURCE), tmp_path / "cut.onnx")
    assert np.array_equal(cut_from(tmp_path / "cut.onnx")(planes()), embedded_cut()(planes()))
    shutil.copy(accessor.path("premask/product.onnx"), tmp_path / "other.onnx")
    with pytest.raises(BadFileError, match=r"other\.onnx: .*is no network for 19 planes"):
        cut_from(tmp_path / "other.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"nothing")
    with pytest.raises(BadFileError, match=r"broken\.onnx"):
        cut_from(tmp_path / "broken.onnx")
    with pytest.raises(BadFileError, match="there is no such file"):
        cut_from(tmp_path / "absent.onnx")
