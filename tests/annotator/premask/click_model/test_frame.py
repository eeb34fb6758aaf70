"""Coordinates between an image and the input of a model, worked out by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.premask.click_model.frame import BLOCK, Enlarged, Frame, framed


@pytest.mark.parametrize(
    ("image", "content"),
    [((200, 100), (64, 32)), ((100, 200), (32, 64)), ((64, 64), (64, 64)), ((30, 20), (64, 43)), ((5000, 3), (64, 1))],
)
def test_an_image_fills_the_input_as_far_as_its_shape_allows(image, content) -> None:
    assert framed(image, (64, 64), stretched=False) == Frame(image, content, (64, 64))
    assert framed(image, (64, 64), stretched=True) == Frame(image, (64, 64), (64, 64))


def test_pixel_centres_are_integers_in_both() -> None:
    frame = framed((200, 100), (50, 50), stretched=False)  # four pixels of the image are one of the input
    # The first input pixel covers the image pixels 0 to 3, whose middle is 1.5; the last one 196 to 199.
    assert frame.to_canvas(np.array([[1.5, 1.5], [197.5, 97.5]])).tolist() == [[0, 0], [49, 24]]
    assert frame.to_canvas(np.array([[0.0, 3.0]])).tolist() == [[-0.375, 0.375]]
    assert frame.step == 4


def test_a_mask_ends_where_the_line_between_two_cells_crosses_zero() -> None:
    # Four cells over eight pixels: the cells' centres are at 0.5, 2.5, 4.5, 6.5. Between -1 at 2.5 and 3 at 4.5 the
    # value is 0 at 3.0, and there it is not above 0 yet.
    plane = np.tile(np.array([-5.0, -1.0, 3.0, 3.0], dtype=np.float32), (4, 1))
    frame = Frame((8, 8), (4, 4), (4, 4))
    assert Enlarged(plane, frame).positive()[0].tolist() == [False] * 4 + [True] * 4
    assert Enlarged(plane, frame).at(np.array([[2.0, 0.0], [3.0, 0.0], [4.0, 7.0]])).tolist() == [-2.0, 0.0, 2.0]


def test_what_lies_beyond_the_content_of_the_input_does_not_leak_in() -> None:
    frame = framed((8, 4), (4, 4), stretched=False)  # the content is the upper half
    plane = np.full((4, 4), -1.0, dtype=np.float32)
    plane[2:] = 1000.0
    assert not Enlarged(plane, frame).positive().any()
    plane[1] = 1.0
    # Rows -1 at 0.5 and 1 at 2.5: 0 at 1.5, so that the pixels of rows 2 and 3 are in.
    assert Enlarged(plane, frame).positive().tolist() == [[False] * 8] * 2 + [[True] * 8] * 2


def test_a_content_that_ends_within_a_cell_ends_there() -> None:
    frame = Frame((8, 6), (8, 6), (8, 8))
    plane = np.array([[-1.0] * 2, [1.0] * 2], dtype=np.float32)  # cells of four pixels; the second has two in it
    # Cell centres at 1.5 and 5.5: 0 at 3.5. The last centre inside is half a cell before the border, at row 3.5.
    assert Enlarged(plane, frame).positive()[:, 0].tolist() == [False] * 6
    plane[1] = 1.5
    assert Enlarged(plane, frame).positive()[:, 0].tolist() == [False] * 4 + [True] * 2


@pytest.mark.parametrize("image", [(3 * BLOCK + 7, 2 * BLOCK - 5), (40, 30), (1, 1), (1, 300)])
def test_blocks_change_nothing(image) -> None:
    plane = np.random.default_rng(4).normal(size=(24, 32)).astype(np.float32)
    plane = np.asarray(cv2.GaussianBlur(plane, (0, 0), 2.0))
    found = Enlarged(plane, Frame(image, (32, 24), (32, 24))).positive()
    whole = cv2.resize(plane.astype(np.float64), image, interpolation=cv2.INTER_LINEAR)
    if image == (1, 1):
        assert found.shape == (1, 1)
    else:
        assert found.shape == whole.shape
        assert (found == (whole > 0))[np.abs(whole) > 1e-5].all()


def test_values_at_places_are_those_that_the_mask_is_made_of() -> None:
    plane = np.random.default_rng(5).normal(size=(16, 16)).astype(np.float32)
    enlarged = Enlarged(plane, framed((100, 70), (64, 64), stretched=False))
    mask = enlarged.positive()
    y, x = np.mgrid[:70:3, :100:3]
    at = enlarged.at(np.stack([x.ravel() + 0.3, y.ravel() - 0.2], axis=1))
    assert ((at > 0) == mask[y.ravel(), x.ravel()]).all()
    assert enlarged.at(np.array([[-50.0, 900.0]])).shape == (1,)
