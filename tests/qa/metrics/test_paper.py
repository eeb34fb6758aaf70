"""The paper's protocol, computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.raster import fill
from annotator.domain.rle import encode
from qa.metrics.average_precision import ranked_query
from qa.metrics.paper_iou import NOTHING, mask_of_polygons, mask_of_rle, paper_iou
from qa.metrics.paper_map import paper_map

SIZE = (12, 10)


def ring(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64)


def test_rings_cover_their_own_pixels_on_the_canvas_of_the_image() -> None:
    truth = mask_of_polygons([[ring(0, 0, 9, 9)]], SIZE)
    prediction = mask_of_polygons([[ring(0, 0, 8, 8)]], SIZE)
    assert truth.pixels.area == 100
    assert truth.box == (0, 0, 10, 10)
    found = paper_iou(prediction, truth)
    assert (found.mask, found.box) == (0.81, 0.81)  # where the official canvas gives 1.0


def test_a_hole_is_absent_and_the_box_does_not_mind() -> None:
    whole, holed = (
        mask_of_polygons([[ring(0, 0, 7, 7)]], SIZE),
        mask_of_polygons([[ring(0, 0, 7, 7), ring(1, 1, 6, 6)]], SIZE),
    )
    assert holed.pixels.area == 64 - 4 * 4  # the ring of a hole belongs to the object
    assert paper_iou(holed, whole).mask == 48 / 64
    assert paper_iou(holed, whole).box == 1.0


def test_several_polygons_are_united() -> None:
    both = mask_of_polygons([[ring(0, 0, 3, 3)], [ring(2, 2, 5, 5)]], SIZE)
    assert both.pixels.area == 16 + 16 - 4
    assert both.box == (0, 0, 6, 6)


def test_what_lies_outside_the_image_is_cut_off() -> None:
    mask = mask_of_polygons([[ring(-5, -5, 3, 3)]], SIZE)
    assert (mask.pixels.area, mask.box) == (16, (0, 0, 4, 4))
    assert mask_of_polygons([[ring(30, 30, 40, 40)]], SIZE).pixels.area == 0


def test_masks_apart_and_nothing_at_all_have_no_overlap() -> None:
    here = mask_of_polygons([[ring(0, 0, 3, 3)]], SIZE)
    for other in (mask_of_polygons([[ring(6, 6, 8, 8)]], SIZE), NOTHING):
        assert (paper_iou(other, here).mask, paper_iou(other, here).box) == (0.0, 0.0)
    assert paper_iou(NOTHING, NOTHING).mask == 0.0


def test_run_lengths_of_the_format_page() -> None:
    mask = mask_of_rle({"size": [8, 10], "counts": [9, 6, 2, 6, 2, 2, 2, 2, 2, 2, 2, 2, 2, 6, 2, 6, 2, 6, 17]})
    assert (mask.pixels.area, mask.box) == (38, (1, 1, 7, 6))
    with pytest.raises(GeometryError):
        mask_of_rle({"size": [8, 10], "counts": [9]})
    assert mask_of_rle({"size": [8, 10], "counts": [80]}).pixels.area == 0


Corners = list[tuple[int, int]]
points = st.lists(st.tuples(st.integers(-4, 20), st.integers(-4, 20)), min_size=3, max_size=8, unique=True)


@settings(deadline=None)
@given(st.lists(points, min_size=1, max_size=3), points)
def test_windows_run_lengths_and_whole_canvases_agree(
    truth: list[list[tuple[int, int]]], other: list[tuple[int, int]]
) -> None:
    masks = [fill([polygon(ring) for ring in truth], SIZE), fill([polygon(other)], SIZE)]
    windows = [
        mask_of_polygons([[np.array(ring, float)] for ring in truth], SIZE),
        mask_of_polygons([[np.array(other, float)]], SIZE),
    ]
    runs = [mask_of_rle(encode(mask)) for mask in masks]
    union = (masks[0] | masks[1]).sum()
    expected = (masks[0] & masks[1]).sum() / union if union else 0.0
    assert paper_iou(*windows).mask == paper_iou(*runs).mask == expected
    assert [mask.pixels.area for mask in windows] == [mask.sum() for mask in masks]
    assert [mask.box for mask in windows if mask.pixels.area] == [mask.box for mask in runs if mask.pixels.area]
    assert paper_iou(*windows).box == paper_iou(*runs).box


def test_map_divides_by_all_positives_and_drops_nobody() -> None:
    places, images = np.array([0, 1, 2, 3]), np.array([7, 8, 9, 5])
    first = ranked_query(places, images, [5, 8, 9], [7])  # junk 7 goes: 8, 9, 5 at ranks 0, 1, 2
    second = ranked_query(places, images, [7], [])
    found = paper_map([first, second], [np.array([0.9, 0.4, 0.5]), np.array([0.2])])
    # Only image 5 exceeds 0.5 (0.5 itself does not): at rank 2, (0/2 + 1/3) / 2, over three positives.
    assert found.aps[0, 0] == pytest.approx(1 / 18)
    assert found.aps[:, 1].tolist() == [0.0] * 10
    assert found.maps[0] == pytest.approx(1 / 36)
    assert found.maps[-1] == 0.0


def test_a_query_without_positives_has_no_ap() -> None:
    nobody = ranked_query(np.array([0]), np.array([3]), [], [3])
    found = paper_map([nobody], [np.zeros(0)])
    assert np.isnan(found.mean)
