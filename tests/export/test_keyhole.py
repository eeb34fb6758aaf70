"""Key-hole rings: refilled with the scorer's rules they are the mask, whatever the mask."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from annotator.domain import rle
from export.keyhole import KeyholeError, exact_rings, keyhole_ring, refill

Mask = NDArray[np.bool_]

FORMAT_RUNS = [9, 6, 2, 6, 2, 2, 2, 2, 2, 2, 2, 2, 2, 6, 2, 6, 2, 6, 17]
FORMAT_RING = [
    [1, 1], [1, 3], [2, 3], [3, 2], [4, 2], [5, 3], [5, 4], [4, 5],
    [3, 5], [2, 4], [2, 3], [1, 3], [1, 6], [7, 6], [7, 1],
]  # fmt: skip


def scorer_fill(rings: list[list[list[float]]], width: int, height: int) -> Mask:
    """FORMAT B1 in its own words: truncate, fill each shape even-odd with its ring, unite."""
    union = np.zeros((height, width), dtype=np.uint8)
    for ring in rings:
        canvas = np.zeros((height, width), dtype=np.uint8)
        cv2.fillPoly(canvas, [np.trunc(np.array(ring)).astype(np.int32)], 1)
        union |= canvas
    return union.astype(bool)


def require_exact(mask: Mask) -> list[list[list[int]]]:
    rings = [ring.tolist() for ring in exact_rings(mask).rings]
    height, width = mask.shape
    assert int((scorer_fill(rings, width, height) != mask).sum()) == 0
    components = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1
    assert len(rings) == components
    for ring in rings:
        points = np.array(ring)
        assert points.shape[0] >= 1
        assert points.min() >= 0
        assert (points < [width, height]).all()
        assert mask[points[:, 1], points[:, 0]].all()
    areas = [scorer_fill([ring], width, height).sum() for ring in rings]
    assert areas == sorted(areas, reverse=True)
    return rings


def test_the_example_of_the_format_comes_out_ring_for_ring() -> None:
    found = exact_rings(rle.decode({"size": [8, 10], "counts": FORMAT_RUNS}))
    assert [ring.tolist() for ring in found.rings] == [FORMAT_RING]
    assert found.holes == 1


def masks(seed: int) -> Mask:
    """Random masks of many kinds, from noise to blocks with holes, islands and one-pixel walls, on every border."""
    rng = np.random.default_rng(seed)
    height, width = (int(side) for side in rng.integers(1, 48, 2))
    kind = seed % 5
    mask = rng.random((height, width)) < rng.uniform(0.03, 0.97)
    if kind == 1:
        mask = np.kron(mask, np.ones(rng.integers(1, 5, 2), dtype=bool))
    elif kind == 2:  # full, with holes that hold islands that hold holes
        mask = np.ones((height, width), dtype=bool)
        for value in (False, True, False):
            for _ in range(int(rng.integers(1, 7))):
                x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
                mask[y : y + int(rng.integers(1, 14)), x : x + int(rng.integers(1, 14))] = value
    elif kind == 3:  # lines of one pixel: diagonals, crossings, loops
        canvas = np.zeros((height, width), dtype=np.uint8)
        for _ in range(int(rng.integers(1, 9))):
            ends = rng.integers(0, [width, height, width, height]).tolist()
            cv2.line(canvas, tuple(ends[:2]), tuple(ends[2:]), 1)
        mask = canvas.astype(bool)
    elif kind == 4:  # smooth blobs as people draw them
        canvas = np.zeros((height, width), dtype=np.uint8)
        for value in (1, 1, 0, 1, 0):
            centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
            axes = (int(rng.integers(0, 15)), int(rng.integers(0, 15)))
            cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, value, -1)
        mask = canvas.astype(bool)
    return mask


def test_two_thousand_random_masks_differ_in_no_pixel() -> None:
    holes = islands = borders = 0
    for seed in range(2_000):
        mask = masks(seed)
        rings = require_exact(mask)
        holes += exact_rings(mask).holes > 0
        islands += len(rings) > 1
        borders += bool(mask.any(axis=0)[[0, -1]].all() and mask.any(axis=1)[[0, -1]].all())
    assert min(holes, islands, borders) > 500


@settings(max_examples=150, deadline=None)
@given(arrays(np.bool_, st.tuples(st.integers(1, 14), st.integers(1, 14))))
def test_any_small_mask(mask: Mask) -> None:
    require_exact(mask)


@pytest.mark.parametrize(
    ("rows", "shapes", "holes"),
    [
        (["#"], 1, 0),
        ([".#", "#."], 1, 0),
        (["#..", ".#.", "..#"], 1, 0),
        (["###", "#.#", "###"], 1, 1),
        (["#####", "#...#", "#.#.#", "#...#", "#####"], 2, 1),
        ([".#.", "#.#", ".#."], 1, 1),
        (["#######", "#.#.#.#", "#######"], 1, 3),
        (["#####", "#.#.#", "#####", "#.#.#", "#####"], 1, 4),
        (["###....", "#.#....", "#######", "....#.#", "....###"], 1, 2),
        (["#.#.#", ".#.#.", "#.#.#"], 1, 1),
        (["####", "####"], 1, 0),
        (["....", "...."], 0, 0),
    ],
)
def test_drawn_cases(rows: list[str], shapes: int, holes: int) -> None:
    mask = np.array([[cell == "#" for cell in row] for row in rows])
    assert len(require_exact(mask)) == shapes
    assert exact_rings(mask).holes == holes


def test_a_comb_of_many_holes_stays_one_ring_and_straight_runs_are_dropped() -> None:
    mask = np.ones((41, 401), dtype=bool)
    mask[1:-1:2, 1:-1:2] = False
    (ring,) = require_exact(mask)
    assert exact_rings(mask).holes == 20 * 200
    assert len(ring) < 20 * 200 * 8
    plain = np.ones((300, 200), dtype=bool)
    assert require_exact(plain) == [[[0, 0], [0, 299], [199, 299], [199, 0]]]


def test_rings_that_do_not_refill_are_never_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("export.keyhole.keyhole_ring", lambda outer, _holes: outer[:2])
    with pytest.raises(KeyholeError, match="do not refill"):
        exact_rings(np.ones((5, 5), dtype=bool))


def test_pieces_are_public() -> None:
    outer = np.array([[0, 0], [0, 1], [0, 2], [1, 2], [2, 2], [2, 1], [2, 0], [1, 0]], dtype=np.int32)
    assert refill([keyhole_ring(outer, [])], (4, 3)).sum() == 9
