"""Homographies, smooth corrections, and polygons through them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.geometry import polygon
from annotator.premask.warp import Geometry, corrected, fit_homography, projected, warped

BOX = (0.0, 0.0, 200.0, 160.0)


def grid(step: float = 20.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(0, 201, step), np.arange(0, 161, step))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def affine_of(homography: np.ndarray) -> np.ndarray:
    return homography[:2] / homography[2, 2]


@given(scale=st.floats(0.3, 3.0), x=st.floats(-100, 300), y=st.floats(-100, 300), shear=st.floats(-0.3, 0.3))
def test_an_affine_map_is_fitted_exactly(scale: float, x: float, y: float, shear: float) -> None:
    truth = np.array([[scale, shear, x], [0.1, scale, y], [0, 0, 1]])
    source = grid()
    found = fit_homography(source, projected(truth, source), np.ones(len(source)), affine_of(truth), 180.0)
    assert np.allclose(projected(found, source), projected(truth, source), atol=1e-6)


@pytest.mark.parametrize(("step", "most"), [(4.0, 5.0), (1.0, 0.7)])
def test_the_more_matches_the_more_perspective(step: float, most: float) -> None:
    truth = np.array([[1, 0, 5], [0.05, 1, 3], [0.001, 0.0005, 1]])
    source = grid(step)
    found = fit_homography(source, projected(truth, source), np.ones(len(source)), affine_of(truth), 180.0)
    assert np.abs(projected(found, source) - projected(truth, source)).max() < most


def test_beyond_the_horizon_is_nan() -> None:
    behind = np.array([[1, 0, 0], [0, 1, 0], [0.01, 0, 1]])
    assert np.isnan(projected(behind, np.array([[-200.0, 0.0]]))).all()


def test_corrections_follow_a_part_that_moves_on_its_own() -> None:
    source = grid(8.0)
    target = source + np.where(source[:, :1] > 100, [[9.0, 0.0]], [[0.0, 0.0]])
    found = corrected(np.eye(3), source, target, np.ones(len(source)), BOX, 180.0, spread=0.12)
    assert np.abs(found.forward(np.array([[180.0, 80.0]])) - [189.0, 80.0]).max() < 1.0
    assert np.abs(found.forward(np.array([[20.0, 80.0]])) - [20.0, 80.0]).max() < 1.0


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(6, 80))
def test_corrections_are_the_weighted_affine_fit_at_every_node(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    source, weight = random.uniform(0, 200, (count, 2)), random.uniform(0.1, 1, count)
    target = source + random.normal(0, 5, (count, 2))
    found = corrected(np.eye(3), source, target, weight, BOX, 180.0, nodes=3, ridge=0.5, spread=0.2)
    for row, y in enumerate((0.0, 80.0, 160.0)):
        for column, x in enumerate((0.0, 100.0, 200.0)):
            offset = (source - [x, y]) / (0.2 * 180.0)
            near = weight * np.exp(-0.5 * (offset**2).sum(axis=1))
            rows = np.column_stack([np.ones(count), offset])
            normal = rows.T @ (near[:, None] * rows) + np.diag([0.5, 1.0, 1.0])
            expected = np.linalg.solve(normal, rows.T @ (near[:, None] * (target - source)))[0]
            assert np.allclose(found.corrections[row, column], expected, atol=1e-9)


def bent() -> Geometry:
    nodes = np.stack(np.meshgrid(np.linspace(0, 4, 5), np.linspace(0, 3, 5)), axis=-1)
    return Geometry(np.array([[1.2, 0.1, 30], [0.05, 0.9, 12], [0.0004, 0, 1]]), BOX, nodes)


@given(x=st.floats(0, 200), y=st.floats(0, 160))
def test_back_and_forth(x: float, y: float) -> None:
    point = np.array([[x, y]])
    assert np.allclose(bent().backward(bent().forward(point)), point, atol=0.01)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_enlarged_keeps_pixel_centres(factor: float) -> None:
    points = grid()
    there = bent().enlarged(factor).forward(points)
    assert np.allclose(there, (bent().forward(points) + 0.5) * factor - 0.5, atol=1e-9)


def test_polygons_follow_with_their_holes() -> None:
    square = polygon([[10, 10], [110, 10], [110, 90], [10, 90]], [[40, 40], [60, 40], [60, 60]])
    shifted = Geometry(np.array([[1, 0, 7], [0, 1, -3], [0, 0, 1.0]]), BOX, np.zeros((2, 2, 2)))
    (found,) = warped((square,), shifted)
    assert found.bounds == (17, 7, 117, 87)
    assert len(found.holes) == 1
    assert found.area == pytest.approx(square.area)


def test_polygons_beyond_the_horizon_are_none() -> None:
    square = polygon([[0, 0], [200, 0], [200, 100]])
    behind = Geometry(np.array([[1, 0, 0], [0, 1, 0], [-0.01, 0, 1]]), BOX, np.zeros((2, 2, 2)))
    assert warped((square,), behind) is None
