"""IoU of masks with parts and holes in both protocols, counted pixel by pixel by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotator.domain.rle import encode
from qa.metrics.official_malformed import raw_iou
from qa.metrics.paper_iou import mask_of_polygons, mask_of_rle, paper_iou

SIZE = (40, 36)


def square(low: int, high: int) -> list[list[int]]:
    return [[low, low], [high, low], [high, high], [low, high]]


def on_paper(*polygons: list[list[list[int]]]) -> Any:
    return mask_of_polygons([[np.array(ring, float) for ring in polygon] for polygon in polygons], SIZE)


def test_the_box_of_several_parts_holds_all_of_them() -> None:
    """Squares 0..9 and 20..29 against the square 0..29."""
    paper = paper_iou(on_paper([square(0, 29)]), on_paper([square(0, 9)], [square(20, 29)]))
    assert paper.mask == 2 * 10**2 / 30**2
    assert paper.box == 1.0
    official = raw_iou(square(0, 29), [square(0, 9), square(20, 29)])  # on 29 by 29 pixels the second has 9 by 9
    assert official.mask == (10**2 + 9**2) / 29**2
    assert official.box == 1.0


def test_parts_that_touch_or_overlap_are_counted_once() -> None:
    truth = [square(0, 9), square(5, 14)]
    assert on_paper(*[[ring] for ring in truth]).pixels.area == 100 + 100 - 25
    assert raw_iou(square(0, 20), truth).mask == (100 + 100 - 25) / 20**2


def test_a_key_hole_ring_leaves_its_hole_out_in_both_ways() -> None:
    """The block of FORMAT A2: 7 by 6 pixels without 2 by 2; the far right column and the last row are lost."""
    ring = [[1, 1], [1, 3], [2, 3], [3, 2], [4, 2], [5, 3], [5, 4], [4, 5], [3, 5], [2, 4], [2, 3], [1, 3], [1, 6],
            [7, 6], [7, 1]]  # fmt: skip
    block = [[1, 1], [7, 1], [7, 6], [1, 6]]
    paper = paper_iou(on_paper([ring]), on_paper([block]))
    assert (paper.mask, paper.box) == (38 / 42, 1.0)
    official = raw_iou(ring, [block])  # on 7 by 7 pixels: columns 1..6, rows 1..6
    assert (official.mask, official.box) == ((36 - 4) / 36, 1.0)


def test_an_island_in_a_hole_is_a_part_of_its_own() -> None:
    block, hole, island = square(0, 20), square(4, 16), square(8, 12)
    mask = on_paper([block, hole], [island])
    assert mask.pixels.area == 21**2 - 11**2 + 5**2  # a hole's ring belongs to the object
    assert mask.box == (0, 0, 21, 21)
    together = on_paper([block, hole, island])
    assert paper_iou(together, mask).mask == 1.0


def test_a_ring_that_crosses_itself_is_filled_even_odd() -> None:
    """A square walked round twice is empty but for its ring; in one polygon as in one ring."""
    twice = [*square(2, 9), *square(2, 9)]
    assert on_paper([twice]).pixels.area == 8**2 - 6**2
    assert raw_iou(twice, [square(2, 30)]).mask == (8**2 - 6**2) / 28**2


def test_disjoint_masks_and_boxes_have_nothing_in_common() -> None:
    official = raw_iou(square(0, 5), [square(10, 20)])
    assert (official.box, official.mask) == (0.0, 0.0)
    paper = paper_iou(on_paper([square(0, 5)]), on_paper([square(10, 20)]))
    assert (paper.box, paper.mask) == (0.0, 0.0)


def test_masks_that_meet_in_a_box_only() -> None:
    """Two diagonal corners against the other two: the boxes are the same, the masks have no common pixel."""
    one, other = on_paper([square(0, 3)], [square(8, 11)]), np.zeros((SIZE[1], SIZE[0]), dtype=np.bool_)
    other[0:4, 8:12] = other[8:12, 0:4] = True
    found = paper_iou(one, mask_of_rle(encode(other)))
    assert (found.box, found.mask) == (1.0, 0.0)


@pytest.mark.parametrize("shift", [(0, 0), (1, 0), (0, 3), (7, 5)])
def test_iou_of_shifted_squares(shift: tuple[int, int]) -> None:
    """Squares of 10 by 10 pixels, `shift` apart."""
    moved = [[x + shift[0], y + shift[1]] for x, y in square(5, 14)]
    common = (10 - shift[0]) * (10 - shift[1])
    paper = paper_iou(on_paper([square(5, 14)]), on_paper([moved]))
    assert paper.mask == paper.box == common / (200 - common)
