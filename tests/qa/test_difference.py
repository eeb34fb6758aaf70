from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from annotator.domain.errors import Place
from annotator.domain.raster import Mask
from qa.difference import SPECK, difference, iou

masks = arrays(np.bool_, (12, 17))


def block(x1: int, y1: int, x2: int, y2: int, shape: tuple[int, int] = (60, 80)) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    mask[y1 : y2 + 1, x1 : x2 + 1] = True
    return mask


def test_a_block_that_moved_by_hand() -> None:
    # 10 × 10 at x 10..19 against x 15..24: 50 shared of 150; each gains and loses 5 × 10
    found = difference(block(10, 10, 19, 19), block(15, 10, 24, 19), tolerance=2, percentile=100)
    assert found.iou == pytest.approx(50 / 150)
    assert found.hausdorff == pytest.approx(5.0)
    assert np.array_equal(found.added, block(20, 10, 24, 19))
    assert np.array_equal(found.removed, block(10, 10, 14, 19))
    first, second = found.places
    assert {first.kind, second.kind} == {"added", "removed"}
    added = first if first.kind == "added" else second
    assert (added.box, added.area) == ((20.0, 10.0, 24.0, 19.0), 50)
    assert found.added[int(added.centre.y), int(added.centre.x)]


def test_the_boundary_measure_by_hand() -> None:
    # The right side moves by 4. Of the old border (36 pixels) the 10 on that side lie 4 away from the new side, but 3
    # of them within 2 of the new top and 3 within 2 of the new bottom: 4 are too far. Of the new border (44 pixels) the
    # 10 of its right side and, of top and bottom, the one before it (3 away) are too far: 12.
    found = difference(block(10, 10, 19, 19), block(10, 10, 23, 19), tolerance=2)
    recall, precision = 32 / 36, 32 / 44
    assert found.boundary_f == pytest.approx(2 * recall * precision / (recall + precision))


def test_equal_masks_do_not_differ() -> None:
    found = difference(block(3, 3, 9, 9), block(3, 3, 9, 9))
    assert (found.iou, found.boundary_f, found.hausdorff, found.places) == (1.0, 1.0, 0.0, ())


def test_empty_masks() -> None:
    nothing = np.zeros((60, 80), dtype=bool)
    both = difference(nothing, nothing)
    assert (both.iou, both.boundary_f, both.hausdorff) == (1.0, 1.0, 0.0)
    one = difference(nothing, block(0, 0, 79, 59))
    assert (one.iou, one.boundary_f, one.hausdorff) == (0.0, 0.0, math.inf)
    assert one.places[0].area == 60 * 80


def test_places_are_sorted_and_specks_left_out() -> None:
    before = block(5, 5, 30, 30)
    after = before.copy()
    after[5:8, 5:8] = False  # 9 pixels
    after[40:45, 40:45] = True  # 25 pixels
    after[50, 50 : 50 + SPECK - 1] = True
    found = difference(before, after)
    assert [(place.kind, place.area) for place in found.places] == [("added", 25), ("removed", 9)]
    assert found.places[0].centre == Place(42.0, 42.0)
    assert found.added.sum() == 25 + SPECK - 1


def test_the_centre_of_a_ring_lies_on_it() -> None:
    after = block(10, 10, 30, 30) & ~block(12, 12, 28, 28)
    (place,) = difference(np.zeros_like(after), after).places
    assert after[int(place.centre.y), int(place.centre.x)]


def test_masks_of_two_images_are_not_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        difference(block(0, 0, 1, 1), block(0, 0, 1, 1, (10, 10)))


@given(before=masks, after=masks)
def test_what_is_added_and_removed_makes_one_from_the_other(before: Mask, after: Mask) -> None:
    found = difference(before, after)
    assert np.array_equal((before | found.added) & ~found.removed, after)
    assert not (found.added & before).any()
    assert found.iou == pytest.approx(iou(before, after))
    back = difference(after, before)
    assert (back.iou, back.hausdorff) == (found.iou, found.hausdorff)
    assert back.boundary_f == pytest.approx(found.boundary_f)
    assert np.array_equal(back.added, found.removed)
    assert 0 <= found.boundary_f <= 1
    assert sum(place.area for place in found.places) <= found.added.sum() + found.removed.sum()


@given(before=masks, after=masks)
def test_the_measures_are_those_of_their_definition(before: Mask, after: Mask) -> None:
    found = difference(before, after, tolerance=1.5, percentile=100)
    union = (before | after).sum()
    assert found.iou == pytest.approx((before & after).sum() / union if union else 1.0)
    if before.any() and after.any():
        first, second = border(before), border(after)
        gaps = np.sqrt(((first[:, None] - second[None]) ** 2).sum(axis=2))
        assert found.hausdorff == pytest.approx(max(gaps.min(axis=0).max(), gaps.min(axis=1).max()), abs=1e-3)
        recall, precision = (gaps.min(axis=1) <= 1.5).mean(), (gaps.min(axis=0) <= 1.5).mean()
        together = recall + precision
        assert found.boundary_f == pytest.approx(2 * recall * precision / together if together else 0.0)


def border(mask: Mask) -> np.ndarray:
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.argwhere(mask & ~inner)
