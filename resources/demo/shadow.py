"""What the sun sees: a depth map from the sun's side tells which places lie in shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resources.demo.camera import Lens, Vector
from resources.demo.model import Model
from resources.demo.pixels import Bytes, Floats, blurred, sampled, sampled_floats
from resources.demo.relief import paint_of

SIDE = 1536


@dataclass(frozen=True, slots=True, eq=False)
class SunMap:
    """`depth` (SIDE, SIDE) metres away from the sun; `axes` (3, 3) maps world offsets to map pixels and metres."""

    depth: Floats
    axes: Vector
    centre: Vector


def sun_map(model: Model, sun: Vector, centre: Vector, reach: float) -> SunMap:
    """Look from the sun at everything within `reach` metres of `centre`."""
    right = np.cross([0.0, 1.0, 0.0], -sun)
    right /= np.linalg.norm(right)
    up = np.cross(-sun, right)
    scale = SIDE / 2 / reach
    axes = np.stack([right * scale, -up * scale, -sun])
    depth = np.full((SIDE, SIDE), 1e6, np.float32)
    shift = np.array([SIDE / 2, SIDE / 2, 0.0])
    for surface in model.surfaces:
        origin, side = surface.facing(sun, afar=True)
        o, r, u = axes @ (origin - centre) + shift, axes @ side, axes @ surface.up
        frame = np.array([[r[0], u[0], o[0]], [r[1], u[1], o[1]], [0, 0, 1.0]])
        if abs(np.linalg.det(frame)) < 4.0:
            continue
        # A cut-out would shade its own far half: its shadow begins behind it.
        width = float(np.linalg.norm(surface.right))
        extra = width * (0.4 if width > 2 else 0.25) if surface.turns else 0.0
        level = (r[2], u[2], o[2] + extra)
        _add(depth, frame, level, paint_of(surface.relief, 2))
    return SunMap(depth, axes, centre)


def _add(depth: Floats, frame: Vector, level: tuple[float, float, float], paint: Bytes) -> None:
    corners = (np.array([[0.0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]) @ frame.T)[:, :2]
    x0, y0 = np.floor(corners.min(axis=0)).astype(int).clip(0, SIDE)
    x1, y1 = (np.ceil(corners.max(axis=0)).astype(int) + 1).clip(0, SIDE)
    if x1 <= x0 or y1 <= y0:
        return
    inverse = np.linalg.inv(frame)
    x, y = np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32)[:, None]
    u = np.asarray(inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2], np.float32)
    v = np.asarray(inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2], np.float32)
    inside = (u >= 0) & (u < 1) & (v >= 0) & (v < 1)
    if not inside.any():
        return
    rows, columns = paint.shape[:2]
    solid = sampled(paint, u * np.float32(columns), (1 - v) * np.float32(rows))[..., 3] > 127
    here = np.asarray(level[0] * u + level[1] * v + level[2], np.float32)
    part = depth[y0:y1, x0:x1]
    np.copyto(part, here, where=inside & solid & (here < part))


def sunlight(found: SunMap, lens: Lens, depth: Floats) -> Floats:
    """Share of the sun (h, w) that reaches what each pixel of `lens` shows at `depth`."""
    rays = found.axes @ np.linalg.inv(lens.matrix)
    start = found.axes @ (lens.centre - found.centre) + np.array([SIDE / 2, SIDE / 2, 0.0])
    x = np.arange(lens.size[0], dtype=np.float64)
    y = np.arange(lens.size[1], dtype=np.float64)[:, None]
    place = [
        np.float32(start[k])
        + depth * ((rays[k, 0] * x).astype(np.float32) + (rays[k, 1] * y + rays[k, 2]).astype(np.float32))
        for k in range(3)
    ]
    lit = np.zeros(depth.shape, np.float32)
    for dx, dy in ((-0.9, -0.3), (0.3, -0.9), (0.9, 0.3), (-0.3, 0.9)):
        nearest = sampled_floats(found.depth, place[0] + np.float32(dx), place[1] + np.float32(dy))
        lit += np.float32(0.25) * (place[2] < nearest + np.float32(0.28))
    return blurred(lit, 0.8)
