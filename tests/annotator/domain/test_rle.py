from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as coco

from annotator.domain import rle
from annotator.domain.errors import GeometryError
from annotator.domain.raster import Mask

masks = hnp.arrays(bool, st.tuples(st.integers(1, 40), st.integers(1, 40)))


@given(masks)
def test_both_forms_give_the_mask_back(mask: Mask) -> None:
    compressed = rle.encode(mask)
    np.testing.assert_array_equal(rle.decode(compressed), mask)
    np.testing.assert_array_equal(rle.decode({"size": list(mask.shape), "counts": rle.runs(mask)}), mask)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # the reference decoder's own
@given(masks)
def test_decoding_agrees_with_the_reference_decoder(mask: Mask) -> None:
    compressed = rle.encode(mask)
    np.testing.assert_array_equal(rle.decode(compressed), coco.decode(compressed).astype(bool))


def test_the_runs_of_the_release_format_example() -> None:
    mask = np.zeros((8, 10), bool)
    mask[1:7, 1:8] = True
    mask[3:5, 3:5] = False
    expected = [9, 6, 2, 6, 2, 2, 2, 2, 2, 2, 2, 2, 2, 6, 2, 6, 2, 6, 17]
    assert rle.runs(mask) == expected
    np.testing.assert_array_equal(rle.decode({"size": [8, 10], "counts": expected}), mask)


def test_a_mask_that_starts_with_foreground_starts_with_a_run_of_no_zeros() -> None:
    assert rle.runs(np.array([[True, False]])) == [0, 1, 1]


@pytest.mark.parametrize(
    "broken",
    [
        {"size": [8, 10], "counts": [80, 1]},
        {"size": [8, 10], "counts": [79]},
        {"size": [8, 10], "counts": [-5, 85]},
        {"size": [8, 10], "counts": [1.5, 78.5]},
        {"size": [8, 10], "counts": None},
        {"size": [8], "counts": [8]},
        {"size": [0, 10], "counts": []},
        {"size": [1 << 20, 1 << 20], "counts": [1 << 40]},
        {"size": [8, 10], "counts": "\x00\x01"},
        {"size": [8, 10], "counts": "oooooooooooo"},
        {"size": [8, 10], "counts": "P"},
        {"size": [8, 10], "counts": "9"},
    ],
)
def test_a_forged_mask_is_refused(broken: rle.Rle) -> None:
    with pytest.raises(GeometryError):
        rle.decode(broken)


@pytest.mark.parametrize("size", [[1 << 16, 1 << 16], [(1 << 30) + 1, 1], [1, (1 << 30) + 1]])
def test_a_mask_beyond_any_image_is_refused_before_memory_is_taken(size: list[int]) -> None:
    pixels = size[0] * size[1]
    counts = [min(1 << 30, pixels - start) for start in range(0, pixels, 1 << 30)]
    with pytest.raises(GeometryError, match="is larger than any image"):
        rle.decode({"size": size, "counts": counts})


@pytest.mark.parametrize("size", [[8.0, 10], ["8", 10], [True, 10], [-8, -10], [8, 10, 1], (8, 10), None])
def test_a_size_that_is_none_is_refused(size: object) -> None:
    with pytest.raises(GeometryError, match="is not \\[height, width\\]"):
        rle.decode({"size": size, "counts": [80]})  # type: ignore[typeddict-item]  # the wrong type is what is tested


@pytest.mark.parametrize("counts", [[True, 79], ["80"], [80.0], "80", 80, [[80]], [-1, 81], [(1 << 30) + 1]])
def test_runs_that_are_none_are_refused(counts: object) -> None:
    with pytest.raises(GeometryError):
        rle.decode({"size": [8, 10], "counts": counts})  # type: ignore[typeddict-item]  # the wrong type is what is tested


@given(st.text(max_size=12))
def test_any_text_is_a_mask_or_refused(text: str) -> None:
    try:
        found = rle.decode({"size": [3, 4], "counts": text})
    except GeometryError:
        return
    assert found.shape == (3, 4)
    assert rle.runs(rle.decode(rle.encode(found))) == rle.runs(found)
