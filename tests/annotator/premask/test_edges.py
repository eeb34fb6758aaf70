"""Outlines are drawn to the image's edges, and no further than they may move."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.premask.edges import REACH, drawn_to_edges, guided_filter
from annotator.premask.window import Window

STONE, SKY = (190, 160, 110), (90, 140, 220)
SHAPE = (150, 170)

COARSE = 0.02
"""A geometry whose matches miss by a fiftieth of the object's size."""


def square(top: int, left: int, side: int = 80) -> np.ndarray:
    mask = np.zeros(SHAPE, dtype=bool)
    mask[top : top + side, left : left + side] = True
    return mask


def painted(mask: np.ndarray) -> np.ndarray:
    """A stone building before the sky, with a little noise."""
    noise = np.random.default_rng(1).integers(-8, 9, (*mask.shape, 3))
    return (np.where(mask[..., None], STONE, SKY) + noise).clip(0, 255).astype(np.uint8)


def window_on(image: np.ndarray, expected: np.ndarray, factor: float = 1.0) -> Window:
    known = np.ones(expected.shape, dtype=bool)
    return Window((0.0, 0.0), factor, image, image, expected.astype(np.float32), known)


def sure_of(mask: np.ndarray) -> np.ndarray:
    return np.where(mask, 0.8, 0.2).astype(np.float32)


@pytest.mark.parametrize(("down", "across"), [(3, 0), (0, -3), (2, 3)])
def test_an_outline_beside_an_edge_goes_to_it(down: int, across: int, iou):
    truth, warped = square(30, 40), square(30 + down, 40 + across)
    found = drawn_to_edges(warped, warped, window_on(painted(truth), warped), sure_of(warped), COARSE)
    assert iou(warped, truth) < 0.93
    assert iou(found, truth) > 0.975


def test_it_moves_no_further_than_its_reach():
    """The building goes on to the right, in the same stone: what ends there is the object, not the image."""
    building, object_ = square(30, 40, 100), square(30, 40)
    found = drawn_to_edges(object_, object_, window_on(painted(building), object_), sure_of(object_), COARSE)
    reach = round(REACH * 80)
    assert not found[:, 40 + 80 + reach + 1 :].any()
    assert found[30 + reach + 1 : 30 + 80 - reach - 1, 40 + reach + 1 : 40 + 80 - reach - 1].all()


def test_the_outline_of_an_exact_geometry_moves_less(iou):
    truth, warped = square(30, 40), square(33, 40)
    window = window_on(painted(truth), warped)
    coarse, exact = (drawn_to_edges(warped, warped, window, sure_of(warped), miss) for miss in (COARSE, 0.002))
    assert iou(coarse, truth) > 0.975
    assert iou(warped, exact) > 0.97


def test_thin_tips_on_an_edge_are_kept():
    truth = square(40, 40)
    truth[20:40, 78:82] = True
    found = drawn_to_edges(truth, truth, window_on(painted(truth), truth), sure_of(truth), COARSE)
    assert np.flatnonzero(found.any(axis=1))[0] <= 23


def test_without_edges_the_outline_stays(iou):
    warped = square(30, 40)
    image = np.full((*SHAPE, 3), STONE, dtype=np.uint8)
    assert iou(drawn_to_edges(warped, warped, window_on(image, warped), sure_of(warped), COARSE), warped) > 0.95


def test_evidence_of_something_else_takes_what_has_its_colour(iou):
    """A strip of the sky's colour within the outline, of which the evidence says that it is not the object."""
    truth, warped = square(30, 40), square(30, 40)
    truth[30:33] = False
    inside = sure_of(truth)
    found = drawn_to_edges(warped, warped, window_on(painted(truth), warped), inside, COARSE)
    assert iou(found, truth) > 0.975


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_it_lands_in_the_image_whatever_the_windows_size(factor: float, iou):
    truth, warped = square(30, 40), square(33, 40)
    size = round(SHAPE[0] / factor), round(SHAPE[1] / factor)
    rows = np.minimum((np.arange(size[0]) * factor).astype(int), SHAPE[0] - 1)
    columns = np.minimum((np.arange(size[1]) * factor).astype(int), SHAPE[1] - 1)
    large_truth, large_warped = truth[rows][:, columns], warped[rows][:, columns]
    found = drawn_to_edges(large_warped, warped, window_on(painted(truth), warped, factor), sure_of(warped), COARSE)
    assert found.shape == large_warped.shape
    assert iou(found, large_truth) > iou(large_warped, large_truth) + 0.04


def test_the_mask_outside_the_window_is_kept():
    whole = np.zeros((200, 260), dtype=bool)
    whole[180:195, 230:250] = True
    whole[30:110, 40:120] = True
    warped = square(30, 40)
    found = drawn_to_edges(whole, warped, window_on(painted(warped), warped), sure_of(warped), COARSE)
    assert found[180:195, 230:250].all()


def test_a_filter_keeps_what_is_linear_in_the_colours():
    image = np.random.default_rng(2).integers(0, 256, (6, 7, 3)).repeat(12, axis=0).repeat(12, axis=1).astype(np.uint8)
    colours = image.astype(np.float32) / 255
    given = (0.2 + 0.5 * colours[..., 0] - 0.3 * colours[..., 1] + 0.1 * colours[..., 2]).astype(np.float32)
    assert np.abs(guided_filter(image, given, 10) - given).max() < 0.02


def test_a_filter_keeps_a_constant_also_where_the_image_has_one_colour():
    grey = np.full((40, 50, 3), 77, dtype=np.uint8)
    assert guided_filter(grey, np.full((40, 50), 0.3, np.float32), 8) == pytest.approx(0.3, abs=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (9, 3)])
def test_a_tiny_window_is_no_error(shape):
    image = np.zeros((*shape, 3), dtype=np.uint8)
    assert guided_filter(image, np.zeros(shape, np.float32), 2).shape == shape
