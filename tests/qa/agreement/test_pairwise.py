from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotator.domain.raster import Mask
from annotator.domain.rules import Rules
from qa.agreement.pairwise import agreement, compare, kappa_of_votes, pixel_kappa, vote_counts
from qa.difference import difference


def rectangle(x1: int, y1: int, x2: int, y2: int) -> Mask:
    mask = np.zeros((60, 80), dtype=bool)
    mask[y1:y2, x1:x2] = True
    return mask


def test_three_rectangles_by_hand() -> None:
    masks = [rectangle(10, 10, 30, 30), rectangle(10, 10, 30, 25), rectangle(10, 10, 20, 30)]
    found = agreement(masks, Rules())
    assert found.comparisons[0, 1].iou == pytest.approx(300 / 400)
    assert found.comparisons[0, 2].iou == pytest.approx(200 / 400)
    assert found.comparisons[1, 2].iou == pytest.approx(150 / 350)
    assert found.lowest == pytest.approx(150 / 350)
    assert found.mean_iou == pytest.approx((0.75 + 0.5 + 150 / 350) / 3)
    assert found.votes == (50, 200, 150)
    assert found.comparisons[0, 1].hausdorff == pytest.approx(5)


def test_fleiss_kappa_by_hand() -> None:
    # Ten pixels, three people: 4 nobody, 1 one vote, 1 two votes, 4 all three.
    # P̄ = (4 + 4 + 2 · 1/3) / 10 = 0.8667; rate = (1 + 2 + 12) / 30 = 0.5, so chance = 0.5.
    assert kappa_of_votes((1, 1, 4), 10) == pytest.approx((0.866667 - 0.5) / 0.5, abs=1e-5)


def test_kappa_of_two_people_is_scotts_pi() -> None:
    # 100 pixels: 40 both, 10 one of them, 50 neither: observed 0.9, rate 0.45, chance 0.505.
    assert kappa_of_votes((10, 40), 100) == pytest.approx((0.9 - 0.505) / 0.495)


def test_background_far_away_does_not_raise_kappa() -> None:
    first, second = rectangle(20, 20, 40, 40), rectangle(22, 20, 42, 40)
    wide = [np.pad(mask, 400) for mask in (first, second)]
    assert pixel_kappa(wide) == pytest.approx(pixel_kappa([first, second]))


def test_equal_masks_agree_wholly_even_when_they_fill_the_image() -> None:
    assert pixel_kappa([np.ones((5, 6), bool)] * 3) == 1.0
    assert pixel_kappa([rectangle(3, 3, 9, 9)] * 3) == pytest.approx(1.0)
    assert agreement([rectangle(3, 3, 9, 9)] * 3, Rules()).lowest == 1.0


def test_one_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="two masks or more"):
        agreement([rectangle(1, 1, 5, 5)], Rules())


masks = arrays(np.bool_, (7, 9))


@given(masks, masks, masks)
def test_votes_and_numbers_stay_in_their_ranges(first: Mask, second: Mask, third: Mask) -> None:
    found = agreement([first, second, third], Rules())
    assert vote_counts([first, second, third]) == found.votes
    assert sum(found.votes) == (first | second | third).sum()
    assert found.votes[2] == (first & second & third).sum()
    assert -0.5 - 1e-9 <= found.kappa <= 1.0
    assert 0 <= found.lowest <= found.mean_iou <= 1


@given(masks, masks, st.floats(1, 3))
def test_it_is_the_difference_that_the_window_shows(first: Mask, second: Mask, tolerance: float) -> None:
    rules = Rules(boundary_tolerance=tolerance)
    shown = difference(first, second, tolerance, rules.hausdorff_percentile)
    found = compare(first, second, rules)
    assert (found.iou, found.boundary_f, found.hausdorff) == (shown.iou, shown.boundary_f, shown.hausdorff)
