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
