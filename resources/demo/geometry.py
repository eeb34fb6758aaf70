"""Which place of one demo photograph is which place of another, exactly."""

from __future__ import annotations

import numpy as np

from resources.demo.camera import Vector, supersampled
from resources.demo.render import FINE, OFFSET, View, view_of
from resources.demo.scenes import Scene


def _objects(view: View) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([thing.is_object for thing in view.model.things])


def transferred(view_a: View, view_b: View, fine_points: Vector) -> tuple[Vector, Vector]:
    """Where samples (n, 2) of a's fine buffers lie in b's, and whether b sees the same place there (n,)."""
    lens_a, lens_b = supersampled(view_a.lens, FINE), supersampled(view_b.lens, FINE)
    columns, rows = fine_points[:, 0].astype(int), fine_points[:, 1].astype(int)
    depths = view_a.buffers.depth[rows, columns].astype(np.float64)
    found, far = lens_b.project(lens_a.back(fine_points, depths))
    near = np.rint(found).clip(-1e6, 1e6).astype(int)
    inside = (far > 0) & (near >= 0).all(axis=1) & (near < lens_b.size).all(axis=1)
    x, y = near[:, 0].clip(0, lens_b.size[0] - 1), near[:, 1].clip(0, lens_b.size[1] - 1)
    same = np.abs(view_b.buffers.depth[y, x] - far) < 0.05 + 0.002 * np.abs(far)
    return found, inside & same & _objects(view_b)[view_b.buffers.thing[y, x]]


def correspondences(scene_a: Scene, scene_b: Scene, n: int, seed: int, scale: float = 1.0) -> tuple[Vector, Vector]:
    """Up to `n` places of the query object that both photographs see: points_a and points_b, each (n, 2) xy pixels.

    Both scenes must show the same town; raises ValueError otherwise. Columns are left out: they turn with the viewer.
    """
    if scene_a.town != scene_b.town:
        raise ValueError(f"{scene_a.name} and {scene_b.name} show different towns.")
    view_a, view_b = view_of(scene_a, scale), view_of(scene_b, scale)
    shown = _objects(view_a)[view_a.buffers.thing]
    shown &= (view_a.labels >= OFFSET).repeat(FINE, axis=0).repeat(FINE, axis=1)
    rows, columns = np.nonzero(shown)
    if len(rows) == 0:
        return np.zeros((0, 2)), np.zeros((0, 2))
    chosen = np.random.default_rng(seed).permutation(len(rows))[: 6 * n]
    fine = np.column_stack([columns[chosen], rows[chosen]]).astype(np.float64)
    found, seen = transferred(view_a, view_b, fine)
    shift = (FINE - 1) / 2
    return (fine[seen][:n] - shift) / FINE, (found[seen][:n] - shift) / FINE
