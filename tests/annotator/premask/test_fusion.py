"""Fusion: what agrees outvotes what stands alone, and confidence stays a probability."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from annotator.premask.alignment import Alignment
from annotator.premask.fusion import contained, fused, overlaps, small
from annotator.premask.transfer import Candidate
from annotator.premask.warp import Geometry


def candidate(confidence: float, x: int, name: str, size: int = 60) -> Candidate:
    mask = np.zeros((200, 300), dtype=bool)
    mask[50 : 50 + size, x : x + size] = True
    none = np.zeros((0, 2))
    geometry = Geometry(np.eye(3), (0, 0, 1, 1), np.zeros((2, 2, 2)))
    empty = np.zeros(0)
    alignment = Alignment(
        geometry, np.eye(2, 3), none, none, empty.astype(np.float32), empty.astype(bool), 0.5, 0.01, 1.0, 1.0
    )
    return Candidate(alignment, mask, confidence, name)


def test_one_candidate_is_itself():
    one = candidate(0.7, 20, "a")
    mask, confidence, _, lead = fused([one])
    assert mask is one.mask
    assert confidence == 0.7
    assert lead is one


def test_two_that_agree_outvote_a_slightly_better_one():
    found = [candidate(0.62, 200, "alone"), candidate(0.6, 20, "a"), candidate(0.6, 22, "b")]
    mask, _, _, lead = fused(found)
    assert lead.reference in ("a", "b")
    assert mask[60, 40]
    assert not mask[60, 230]


def test_a_much_better_one_outvotes_two():
    found = [candidate(0.95, 200, "sure"), candidate(0.3, 20, "a"), candidate(0.3, 22, "b")]
    assert fused(found)[3].reference == "sure"


def test_order_does_not_matter():
    found = [candidate(0.5, 20, "a"), candidate(0.7, 24, "b"), candidate(0.6, 150, "c")]
    masks = [fused([found[k] for k in order])[0] for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2))]
    assert np.array_equal(masks[0], masks[1])
    assert np.array_equal(masks[0], masks[2])


@pytest.mark.parametrize("values", [(0.1, 0.2), (0.98, 0.99, 0.97), (0.5, 0.5)])
def test_confidence_stays_within_its_range(values):
    found = [candidate(value, 20 + 2 * k, str(k)) for k, value in enumerate(values)]
    assert 0 <= fused(found)[1] <= 0.98


def test_agreement_raises_and_contradiction_does_not():
    agree = fused([candidate(0.6, 20, "a"), candidate(0.6, 20, "b")])[1]
    contradict = fused([candidate(0.6, 20, "a"), candidate(0.6, 200, "b")])[1]
    assert agree > contradict


def test_overlaps_are_intersection_over_union():
    one, other = np.zeros((10, 10), dtype=bool), np.zeros((10, 10), dtype=bool)
    one[:4], other[2:6] = True, True
    found = overlaps([one, other])
    assert found[0, 1] == pytest.approx(20 / 60)
    assert found[0, 0] == 1


def test_small_keeps_the_shape_of_large_masks():
    mask = np.zeros((2000, 1000), dtype=bool)
    mask[500:1500, 250:750] = True
    found = small(mask)
    assert found.shape == (512, 256)
    assert abs(found.mean() - mask.mean()) < 0.01


def matched(one: Candidate, low: tuple[int, int], high: tuple[int, int], inside: bool = True) -> Candidate:
    """The candidate with a dense grid of matches in a rectangle."""
    grid = np.stack(np.meshgrid(np.arange(low[0], high[0], 2.0), np.arange(low[1], high[1], 2.0)), axis=-1)
    target = grid.reshape(-1, 2)
    within = np.full(len(target), inside)
    alignment = replace(one.alignment, source=target, target=target, inside=within)
    return replace(one, alignment=alignment)


def half_hidden() -> tuple[Candidate, Candidate]:
    """A whole object, and a more confident half of it from a reference in which the rest is hidden."""
    whole, half = candidate(0.75, 20, "whole"), candidate(0.8, 20, "half")
    mask = half.mask.copy()
    mask[80:] = False
    return whole, replace(half, mask=mask)


def test_matches_speak_for_what_another_reference_has_hidden():
    whole, half = half_hidden()
    assert not fused([whole, half])[0][100, 50]
    seen = matched(whole, (20, 50), (80, 110))
    assert fused([seen, half])[0][100, 50]


def test_matches_outside_the_mask_speak_against():
    whole, half = half_hidden()
    seen = matched(whole, (20, 50), (80, 110))
    against = matched(half, (20, 80), (80, 110), inside=False)
    assert not fused([seen, against])[0][100, 50]


def test_contained_is_the_share_of_the_smaller():
    whole, half = half_hidden()
    found = contained([whole.mask, half.mask])
    assert found[0, 1] == found[1, 0] == 1
    assert contained([whole.mask, candidate(0.5, 50, "beside").mask])[0, 1] == pytest.approx(0.5)
