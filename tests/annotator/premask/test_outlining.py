"""Masks of proposers as polygons: valid for every mask, near it, without specks."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from annotator.domain.raster import fill
from annotator.domain.validity import polygon_problems
from annotator.premask.outlining import GRID, MOST_PIECES, SPECK, outlines
from annotator.premask.protocol import Proposal
from annotator.premask.stored import proposal_data, proposal_from

Mask = NDArray[np.bool_]


def rough(seed: int, share: float, size: tuple[int, int] = (40, 60)) -> Mask:
    """Blobs with holes, necks of one pixel and specks: noise whose neighbours vote, so that all of it occurs."""
    noise = np.random.default_rng(seed).random(size)
    smooth = sum(np.roll(noise, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) / 9
    return np.asarray(smooth > np.quantile(smooth, 1 - share))


masks = st.builds(rough, st.integers(0, 2**32 - 1), st.floats(0.02, 0.98))


@settings(max_examples=60, deadline=None)
@given(mask=masks, factor=st.sampled_from([1.0, 0.683, 0.5, 2048 / 12000]))
def test_every_polygon_is_valid_and_inside_the_image(mask: Mask, factor: float) -> None:
    found = outlines(mask, factor)
    width, height = round(mask.shape[1] / factor), round(mask.shape[0] / factor)
    assert found
    for polygon in found:
        assert polygon_problems(polygon, (width, height)) == []
        for ring in polygon.rings:
            assert np.array_equal(np.round(ring.points / GRID) * GRID, ring.points)


@settings(max_examples=30, deadline=None)
@given(mask=masks, factor=st.sampled_from([1.0, 0.683]))
def test_they_stay_valid_through_a_file(mask: Mask, factor: float) -> None:
    kept = json.loads(json.dumps(proposal_data(Proposal(outlines(mask, factor), 0.5, "pipeline"))))
    again = proposal_from(kept)
    assert again is not None
    for polygon in again.polygons:
        assert polygon_problems(polygon) == []


@settings(max_examples=30, deadline=None)
@given(mask=masks)
def test_specks_and_pinholes_are_left_out(mask: Mask) -> None:
    found = outlines(mask, 1.0)
    assert len(found) == 1 or all(polygon.area > SPECK - 1 for polygon in found)
    for polygon in found:
        assert all(abs(hole.signed_area) > SPECK - 1 for hole in polygon.holes)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_large_mask_stays_what_it_was(seed: int) -> None:
    """Only a thin rim changes: vertices move by less than a pixel."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:120, :160]
    mask = ((x - 80) / random.uniform(30, 60)) ** 2 + ((y - 60) / random.uniform(20, 45)) ** 2 < 1
    again = fill(outlines(mask, 1.0), (160, 120))
    assert np.count_nonzero(again ^ mask) < 0.06 * np.count_nonzero(mask)


def test_a_hole_that_thinning_pushes_over_the_border_is_cut_out() -> None:
    """A bulge of one pixel around a hole: thinned alone, the outer border runs straight through the hole."""
    mask = np.zeros((30, 40), dtype=bool)
    mask[5:20, 5:35] = True
    mask[20, 15:24] = True
    mask[17:20, 17:22] = False
    for polygon in outlines(mask, 1.0):
        assert polygon_problems(polygon) == []


@pytest.mark.parametrize("points", [[(3, 4)], [(3, 4), (4, 4), (5, 4)], [(2, 2), (3, 3)]])
def test_a_mask_of_a_few_pixels_still_has_a_polygon(points: list[tuple[int, int]]) -> None:
    mask = np.zeros((9, 9), dtype=bool)
    for x, y in points:
        mask[y, x] = True
    found = outlines(mask, 0.5)
    assert len(found) >= 1
    assert all(polygon_problems(polygon) == [] for polygon in found)


def test_nothing_has_no_polygon() -> None:
    assert outlines(np.zeros((9, 9), dtype=bool), 1.0) == ()


def test_places_are_brought_back_to_the_original() -> None:
    """The square of the pixel centres 2 to 7 at half size has its corners at 2·2 + 0.5 and 2·7 + 0.5."""
    mask = np.zeros((12, 12), dtype=bool)
    mask[2:8, 2:8] = True
    (found,) = outlines(mask, 0.5)
    assert found.bounds == (4.5, 4.5, 14.5, 14.5)


def test_of_thousands_of_specks_the_largest_are_outlined() -> None:
    """A field of squares of 4 pixels with two large ones among them, then the same as holes of a wall."""
    mask = np.zeros((400, 400), dtype=bool)
    for row in range(0, 396, 6):
        for column in range(0, 396, 6):
            mask[row : row + 4, column : column + 4] = True
    mask[60:120, 60:120] = mask[240:290, 240:300] = True
    found = outlines(mask, 1.0)
    assert len(found) == MOST_PIECES
    assert [round(polygon.area) > 2000 for polygon in found[:3]] == [True, True, False]
    wall = outlines(~mask, 1.0)
    assert sum(len(polygon.holes) for polygon in wall) == MOST_PIECES
    assert not fill(wall, (400, 400))[60:120, 60:120][5:-5, 5:-5].any()
