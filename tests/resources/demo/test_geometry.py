"""Places of one photograph in another."""

from __future__ import annotations

import numpy as np
import pytest

from resources.demo.camera import Camera, lens_of, supersampled
from resources.demo.geometry import correspondences
from resources.demo.render import render
from resources.demo.scenes import scene_named

SCALE = 0.5
PAIRS = [("gate_000012", "gate_000005"), ("gate_000047", "gate_000066"), ("museum_000009", "museum_000044")]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_both_ends_lie_on_the_visible_object(a: str, b: str) -> None:
    points_a, points_b = correspondences(scene_named(a), scene_named(b), 300, 4, SCALE)
    assert points_a.shape == points_b.shape
    assert len(points_a) >= 100
    for name, points in ((a, points_a), (b, points_b)):
        mask = render(scene_named(name), SCALE).object_mask
        x, y = np.rint(points).astype(int).T
        inside = (x >= 0) & (y >= 0) & (x < mask.shape[1]) & (y < mask.shape[0])
        assert inside.all()
        # Half a pixel of rounding at the object's border is allowed to fall outside.
        assert mask[y, x].mean() > 0.97


def test_there_and_back_again() -> None:
    a, b = scene_named("gate_000012"), scene_named("gate_000047")
    first = correspondences(a, b, 200, 1, SCALE)
    assert all(np.array_equal(x, y) for x, y in zip(first, correspondences(a, b, 200, 1, SCALE), strict=True))
    same_a, same_b = correspondences(a, a, 200, 1, SCALE)
    assert np.allclose(same_a, same_b, atol=1e-3)


def test_a_plane_of_the_object_moves_by_one_homography() -> None:
    # Every place lies within a pixel of the epipolar geometry that two exact cameras give.
    a, b = scene_named("gate_000012"), scene_named("gate_000005")
    points_a, points_b = correspondences(a, b, 400, 2)
    lens_a, lens_b = lens_of(a.camera, a.size), lens_of(b.camera, b.size)
    seen, _ = lens_b.project(lens_a.centre[None, :])
    epipole = np.array([*seen[0], 1.0])
    infinite = lens_b.matrix @ np.linalg.inv(lens_a.matrix)
    ones = np.ones((len(points_a), 1))
    other = np.column_stack([points_a, ones]) @ infinite.T
    line = np.cross(np.broadcast_to(epipole, other.shape), other)
    line /= np.linalg.norm(line[:, :2], axis=1, keepdims=True)
    distance = np.abs((np.column_stack([points_b, ones]) * line).sum(axis=1))
    assert distance.max() < 0.05


def test_different_towns_are_refused() -> None:
    with pytest.raises(ValueError, match="different towns"):
        correspondences(scene_named("gate_000012"), scene_named("museum_000009"), 10, 0)


def test_a_lens_projects_what_it_sends_back() -> None:
    lens = lens_of(Camera((1, 2, -30), (0, 8, 0), 55, roll=3), (640, 480))
    pixels = np.array([[0.0, 0.0], [320, 240], [639, 479]])
    points = lens.back(pixels, np.array([5.0, 20.0, 90.0]))
    again, depths = lens.project(points)
    assert np.allclose(again, pixels)
    assert np.allclose(depths, [5, 20, 90])
    rays = lens.rays()
    assert np.allclose(lens.centre + 20 * rays[240, 320], points[1], atol=1e-3)


def test_supersamples_lie_evenly_around_the_pixel() -> None:
    lens = lens_of(Camera((0, 2, -30), (0, 8, 0)), (64, 48))
    fine = supersampled(lens, 2)
    point = lens.back(np.array([[10.0, 20.0]]), np.array([12.0]))
    assert np.allclose(fine.project(point)[0], [[20.5, 40.5]])
