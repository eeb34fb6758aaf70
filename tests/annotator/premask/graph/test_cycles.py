"""Cycles: paths that agree close, paths that do not stay open, in units of the object's size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.premask.graph.cycles import OPEN, closure, gap, probes, through
from annotator.premask.warp import Geometry

small = st.floats(-0.2, 0.2)
shift = st.floats(-300, 300)
scale = st.floats(0.3, 3)

GRID = np.stack(np.meshgrid(np.linspace(10, 110, 8), np.linspace(20, 220, 8)), axis=-1).reshape(-1, 2)


def geometry(factor: float, x: float, y: float, shear: float = 0.0) -> Geometry:
    return Geometry(
        np.array([[factor, shear, x], [0.0, factor, y], [0.0, 0.0, 1.0]]), (0, 0, 200, 300), np.zeros((2, 2, 2))
    )


@given(scale, shift, shift, small, scale, shift, shift, small)
def test_a_path_of_two_meets_their_product(a, x, y, s, b, u, v, t):
    first, second = geometry(a, x, y, s), geometry(b, u, v, t)
    direct = Geometry(second.homography @ first.homography, first.box, np.zeros((2, 2, 2)))
    assert gap(direct.forward(GRID), through((first, second), GRID)) < 1e-9


@given(scale, shift, shift)
def test_there_and_back_closes(factor, x, y):
    there = geometry(factor, x, y)
    back = Geometry(np.linalg.inv(there.homography), there.box, np.zeros((2, 2, 2)))
    assert gap(GRID, through((there, back), GRID)) < 1e-9


def test_a_gap_is_measured_in_object_sizes():
    size = np.sqrt(100 * 200)
    assert gap(GRID, GRID + np.array([0.1 * size, 0.0])) == pytest.approx(0.1)
    assert gap(3 * GRID, 3 * GRID + np.array([0.3 * size, 0.0])) == pytest.approx(0.1)


def test_far_apart_is_open_and_no_more():
    assert gap(GRID, GRID + np.array([10_000.0, 0.0])) == OPEN


def test_places_beyond_a_horizon_leave_the_cycle_open():
    lost = GRID.copy()
    lost[: len(GRID) // 2 + 1] = np.nan
    assert gap(GRID, lost) == OPEN


def test_a_few_lost_places_do_not_matter():
    lost = GRID.copy()
    lost[:5] = np.nan
    assert gap(GRID, lost) == 0


def test_closure_falls_with_the_gap():
    found = closure(np.array([0.0, 0.05, 0.2, 1.0]))
    assert found[0] == 1
    assert found[1] == pytest.approx(np.exp(-1))
    assert (np.diff(found) < 0).all()


def test_probes_lie_in_the_mask_and_are_few():
    mask = np.zeros((300, 400), dtype=bool)
    mask[50:200, 100:300] = True
    found = probes(mask)
    assert 100 <= len(found) <= 310
    columns, rows = found.astype(int).T
    assert mask[rows, columns].all()
    assert np.ptp(columns) > 150
    assert np.ptp(rows) > 110


def test_a_thin_mask_has_probes_too():
    mask = np.zeros((300, 400), dtype=bool)
    mask[101, 20:380] = True
    found = probes(mask)
    assert len(found) >= 100
    assert (found[:, 1] == 101).all()


def test_an_empty_mask_has_no_probes():
    assert probes(np.zeros((20, 30), dtype=bool)).shape == (0, 2)
