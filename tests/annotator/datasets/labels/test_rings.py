"""Key-hole rings come apart exactly; rings of one group nest."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotator.datasets.labels.rings import nested, opened_keyhole
from annotator.domain.geometry import Polygon, Ring, as_points, polygon
from annotator.domain.raster import Mask, fill

EXAMPLE = [[1, 1], [1, 3], [2, 3], [3, 2], [4, 2], [5, 3], [5, 4], [4, 5], [3, 5], [2, 4], [2, 3], [1, 3], [1, 6],
           [7, 6], [7, 1]]  # fmt: skip
"""The key-hole ring that FORMAT A2 shows."""


def ring(points: list[list[float]]) -> Ring:
    return Ring(as_points(points))


def _same_pixels(found: list[Polygon], original: Ring, size: tuple[int, int]) -> bool:
    return np.array_equal(fill(found, size), fill([Polygon(original)], size))


def test_the_example_of_the_format_comes_apart() -> None:
    (found,) = opened_keyhole(ring(EXAMPLE))
    assert found.outer.bounds == (1, 1, 7, 6)
    assert [hole.bounds for hole in found.holes] == [(2, 2, 5, 5)]
    assert _same_pixels([found], ring(EXAMPLE), (10, 8))


@pytest.mark.parametrize("winding", [1, -1])
def test_winding_does_not_matter(winding: int) -> None:
    hole = [[40.5, 40.5], [60.25, 40.5], [60.25, 60.75], [40.5, 60.75]][::winding]
    keyhole = [[10.5, 10.5], *hole, hole[0], [10.5, 10.5], [90.5, 12], [88, 91.25], [9, 85]]
    (found,) = opened_keyhole(ring(keyhole))
    assert len(found.holes) == 1
    assert {tuple(p) for p in found.holes[0].points.tolist()} == {tuple(p) for p in hole}
    assert _same_pixels([found], ring(keyhole), (100, 100))


def test_a_chain_of_holes_comes_apart() -> None:
    first = [[20, 40], [30, 40], [30, 50]]
    second = [[50, 40], [60, 40], [60, 50], [50, 50]]
    # From the outer ring to the first hole, on from its corner to the second, and all the way back.
    keyhole = [
        *[[0.5, 40], *first[:2], *second, second[0], first[1], *first[2:], first[0]],
        *[[0.5, 40], [0.5, 90], [90, 90], [90, 0], [0.5, 0]],
    ]
    (found,) = opened_keyhole(ring(keyhole))
    assert sorted(len(hole) for hole in found.holes) == [3, 4]
    assert _same_pixels([found], ring(keyhole), (100, 100))


def test_a_bridge_of_several_edges_comes_apart() -> None:
    bridge = [[10.25, 50.0], [20.5, 45.5], [30.0, 52.5]]
    hole = [[40.0, 50.0], [60.0, 40.0], [60.0, 60.0]]
    keyhole = [*bridge, *hole, hole[0], *bridge[::-1], [10.25, 90.0], [90.0, 90.0], [90.0, 5.0], [10.25, 5.0]]
    (found,) = opened_keyhole(ring(keyhole))
    assert len(found.holes) == 1
    assert len(found.holes[0]) == 3
    assert _same_pixels([found], ring(keyhole), (100, 100))


def test_plain_rings_stay_as_they_were_drawn() -> None:
    drawn = ring([[3.25, 4.5], [50.1, 8.75], [30.5, 60.125]])
    assert opened_keyhole(drawn) == [Polygon(drawn)]


def test_a_neck_between_two_parts_stays() -> None:
    """Two squares joined by a line of pixels that is run both ways: taking the line out would lose its pixels."""
    drawn = ring(
        [[0, 0], [10, 0], [10, 5], [20, 5], [20, 0], [30, 0], [30, 10], [20, 10], [20, 5], [10, 5], [10, 10], [0, 10]]
    )
    found = opened_keyhole(drawn)
    assert _same_pixels(found, drawn, (40, 20))
    assert found == [Polygon(drawn)]


def test_a_spur_stays() -> None:
    drawn = ring([[0, 0], [10, 0], [10, 5], [20, 5], [10, 5], [10, 10], [0, 10]])
    assert _same_pixels(opened_keyhole(drawn), drawn, (40, 20))


def _keyhole_of(mask: Mask) -> list[Ring]:
    """Key-hole rings made in the plainest way: from each hole's leftmost pixel left to the nearest ring pixel."""
    contours, hierarchy = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    rings = [[tuple(int(v) for v in p) for p in contour.reshape(-1, 2)] for contour in contours]
    made = []
    for number, parent in enumerate(hierarchy[0][:, 3]):
        if parent >= 0:
            continue
        merged = rings[number]
        holes = [rings[n] for n, p in enumerate(hierarchy[0][:, 3]) if p == number]
        for hole in sorted(holes, key=min):
            start = hole.index(min(hole))
            turned = hole[start:] + hole[:start]
            x, y = turned[0]
            reach = x
            while (reach, y) not in merged:
                reach -= 1
            bridge = [(step, y) for step in range(reach, x)]
            at = merged.index((reach, y))
            merged = [*merged[:at], *bridge, *turned, turned[0], *bridge[::-1], *merged[at + 1 :]]
        if len(merged) >= 3:
            made.append(ring([list(p) for p in merged]))
    return made


@settings(max_examples=60, deadline=None)
@given(small=arrays(np.bool_, (9, 11)), scale=st.sampled_from([1, 3]))
def test_keyholes_of_any_mask_keep_every_pixel(small: Mask, scale: int) -> None:
    mask = np.kron(small, np.ones((scale, scale), dtype=np.bool_)).astype(np.bool_)
    if not mask.any():
        return
    size = (mask.shape[1], mask.shape[0])
    for keyhole in _keyhole_of(mask):
        assert _same_pixels(opened_keyhole(keyhole), keyhole, size)


def test_rings_inside_a_ring_are_holes() -> None:
    outer, hole = [[0, 0], [90, 0], [90, 90], [0, 90]], [[20, 20], [70, 20], [70, 70], [20, 70]]
    island, pond, apart = (
        [[30, 30], [60, 30], [60, 60], [30, 60]],
        [[40, 40], [50, 40], [50, 50]],
        [[95, 0], [99, 0], [99, 9]],
    )
    found = nested([ring(points) for points in (apart, hole, pond, outer, island)])
    assert found == [polygon(outer, hole), polygon(island, pond), polygon(apart)]


def test_rings_that_overlap_are_polygons_of_their_own() -> None:
    first, second = [[0, 0], [50, 0], [50, 50], [0, 50]], [[40, 40], [80, 40], [80, 70], [40, 70]]
    assert nested([ring(first), ring(second)]) == [polygon(first), polygon(second)]


@given(st.lists(st.floats(min_value=4, max_value=40), min_size=1, max_size=4, unique=True))
def test_concentric_rings_alternate(radii: list[float]) -> None:
    angles = np.arange(12) / 12 * 2 * math.pi
    rings = [ring((50 + r * np.column_stack([np.cos(angles), np.sin(angles)])).tolist()) for r in radii]
    found = nested(rings)
    assert len(found) == (len(radii) + 1) // 2
    assert sum(len(one.holes) for one in found) == len(radii) // 2


def test_a_shape_that_was_duplicated_counts_once() -> None:
    """LabelMe's Duplicate keeps the group: were the copy a hole, only the outline would be left."""
    square, hole = Ring(as_points([[0, 0], [9, 0], [9, 9], [0, 9]])), Ring(as_points([[3, 3], [6, 3], [6, 6]]))
    assert nested([square, square]) == [Polygon(square)]
    assert nested([square, hole, square, hole]) == [Polygon(square, (hole,))]
