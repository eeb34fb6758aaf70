from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from annotator.domain.raster import Mask, fill
from annotator.domain.tracing import polygons_of, straightened, trace
from annotator.domain.validity import polygon_problems

masks = hnp.arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14)))


@given(masks)
@settings(max_examples=300)
def test_refilling_what_was_traced_gives_the_same_mask(mask: Mask) -> None:
    np.testing.assert_array_equal(fill(polygons_of(mask), (mask.shape[1], mask.shape[0])), mask)


@given(masks)
def test_traced_polygons_are_valid(mask: Mask) -> None:
    assert [problem for shape in polygons_of(mask) for problem in polygon_problems(shape)] == []


def from_rows(*rows: str) -> Mask:
    return np.array([[pixel == "#" for pixel in row] for row in rows])


@pytest.mark.parametrize(
    ("mask", "holes"),
    [
        (from_rows("#"), [0]),
        (from_rows("##"), [0]),
        (from_rows("#..", ".#.", "..#"), [0]),
        (from_rows("###", "#.#", "###"), [1]),
        (from_rows(".#.", "#.#", ".#."), [1]),
        (from_rows("#####", "#...#", "#.#.#", "#...#", "#####"), [1, 0]),
        (from_rows("##..", "##..", "...#"), [0, 0]),
    ],
)
def test_components_and_their_holes(mask: Mask, holes: list[int]) -> None:
    found = polygons_of(mask)
    assert [len(shape.holes) for shape in found] == holes
    np.testing.assert_array_equal(fill(found, (mask.shape[1], mask.shape[0])), mask)


def test_the_largest_component_comes_first() -> None:
    mask = np.zeros((20, 20), bool)
    mask[1:3, 1:3] = True
    mask[5:15, 5:15] = True
    assert trace(mask)[0][0].min() == 5


def test_a_hole_is_written_as_the_foreground_around_it() -> None:
    mask = np.ones((5, 5), bool)
    mask[2, 2] = False
    hole = trace(mask)[0][1][0]
    assert {tuple(point) for point in hole.tolist()} == {(2, 1), (1, 2), (2, 3), (3, 2)}


def test_straight_runs_go_and_turning_points_stay() -> None:
    run = np.array([[0, 0], [1, 0], [2, 0], [3, 1], [4, 2], [4, 3], [4, 4]], dtype=np.int32)
    assert straightened(run).tolist() == [[0, 0], [2, 0], [4, 2], [4, 4]]


def test_an_empty_mask_has_no_polygons() -> None:
    assert polygons_of(np.zeros((4, 4), bool)) == []
