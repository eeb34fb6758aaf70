"""Which surface is seen at each pixel, how far it is, and what colour and light it has there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resources.demo.camera import Lens, Vector
from resources.demo.model import Model, Surface
from resources.demo.pixels import Bools, Bytes, Floats, put, sampled
from resources.demo.relief import Axes, lit, paint_of

NEAR = 0.15
SKY, GROUND = 0, 1


@dataclass(slots=True, eq=False)
class Buffers:
    """Per sample: `depth` metres along the view, `thing` the instance, `hit` whether the query object is on the ray
    at all (hidden or not), `paint` (h, w, 3) colour, `light` (h, w, 3) sun, sky and glow."""

    depth: Floats
    thing: np.ndarray[tuple[int, int], np.dtype[np.int16]]
    hit: Bools
    paint: Bytes
    light: Bytes


def empty(size: tuple[int, int]) -> Buffers:
    """Buffers of `size` (width, height) in which everything is sky."""
    shape = (size[1], size[0])
    return Buffers(
        np.full(shape, 1e6, np.float32),
        np.zeros(shape, np.int16),
        np.zeros(shape, np.bool_),
        np.zeros((*shape, 3), np.uint8),
        np.zeros((*shape, 3), np.uint8),
    )


def _ahead(frame: Vector) -> Vector:
    """The part of the unit square in front of the lens, as (n, 3) homogeneous pixels; may be empty."""
    square = np.array([[0.0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]) @ frame.T
    kept: list[Vector] = []
    for i in range(4):
        a, b = square[i], square[(i + 1) % 4]
        if a[2] >= NEAR:
            kept.append(a)
        if (a[2] >= NEAR) != (b[2] >= NEAR):
            kept.append(a + (NEAR - a[2]) / (b[2] - a[2]) * (b - a))
    return np.array(kept).reshape(-1, 3)


def region_of(frame: Vector, size: tuple[int, int]) -> tuple[slice, slice] | None:
    """Rows and columns that the surface can touch; None when it is outside the view."""
    corners = _ahead(frame)
    if len(corners) == 0:
        return None
    spots = corners[:, :2] / corners[:, 2:]
    x0, y0 = np.floor(spots.min(axis=0)).clip(0, size)
    x1, y1 = (np.ceil(spots.max(axis=0)) + 1).clip(0, size)
    if x1 <= x0 or y1 <= y0:
        return None
    return slice(int(y0), int(y1)), slice(int(x0), int(x1))


def spread(frame: Vector, region: tuple[slice, slice]) -> tuple[Floats, Floats, Floats]:
    """u, v and depth (h, w) over the region, for a frame of `Lens.frame`."""
    inverse = np.linalg.inv(frame)
    x = np.arange(region[1].start, region[1].stop, dtype=np.float64)
    y = np.arange(region[0].start, region[0].stop, dtype=np.float64)[:, None]
    planes = [
        np.add((row[0] * x).astype(np.float32), (row[1] * y + row[2]).astype(np.float32), dtype=np.float32)
        for row in inverse
    ]
    depth = np.float32(1) / np.where(planes[2] > 1e-5, planes[2], np.float32(1e-9))
    return planes[0] * depth, planes[1] * depth, np.asarray(depth, np.float32)


def level_of(surface: Surface, frame: Vector) -> int:
    """How many times the relief may be halved before it is coarser than the image."""
    corners = _ahead(frame)
    spots = corners[:, :2] / corners[:, 2:]
    x, y = spots[:, 0], spots[:, 1]
    area = 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))
    rows, columns = surface.relief.height.shape
    ratio = np.sqrt(rows * columns / max(area, 1.0))
    return int(np.clip(np.floor(np.log2(max(ratio, 1.0)) + 0.35), 0, 5))


def axes_of(right: Vector, up: Vector, sun: Vector, flip: bool) -> Axes:
    """Sun and zenith in the surface's own (right, up, out), rounded so that equal walls share their light."""
    r, u = right / np.linalg.norm(right), up / np.linalg.norm(up)
    out = np.cross(u, r) * (-1.0 if flip else 1.0)
    out /= np.linalg.norm(out)

    def own(direction: Vector) -> tuple[float, float, float]:
        return (
            round(float(direction @ r), 2),
            round(float(direction @ np.cross(r, np.cross(u, r))), 2),
            round(float(direction @ out), 2),
        )

    return own(sun), own(np.array([0.0, 1.0, 0.0]))


def _draw(buffers: Buffers, lens: Lens, surface: Surface, sun: Vector, is_object: bool) -> None:
    """Add one surface."""
    origin, right = surface.facing(lens.centre)
    outward = np.cross(surface.up, right)
    behind = float(outward @ (lens.centre - origin)) <= 0
    if behind and not surface.both_sides:
        return
    frame = lens.frame(origin, right, surface.up)
    region = region_of(frame, lens.size)
    if region is None or abs(np.linalg.det(frame)) < 1e-9:
        return
    u, v, depth = spread(frame, region)
    inside = (u >= 0) & (u < 1) & (v >= 0) & (v < 1) & (depth > 0)
    seen = inside & (depth < buffers.depth[region])
    if not (inside if is_object else seen).any():
        return
    level = level_of(surface, frame)
    paint = paint_of(surface.relief, level)
    rows, columns = paint.shape[:2]
    at_x, at_y = u * np.float32(columns) - np.float32(0.5), (1 - v) * np.float32(rows) - np.float32(0.5)
    colours = sampled(paint, at_x, at_y)
    solid = colours[..., 3] > 127
    if is_object:
        buffers.hit[region] |= inside & solid
    seen &= solid
    light = sampled(lit(surface.relief, level, axes_of(right, surface.up, sun, behind)), at_x, at_y)
    np.copyto(buffers.depth[region], depth, where=seen)
    np.copyto(buffers.thing[region], np.int16(surface.thing), where=seen)
    put(buffers.paint[region], np.ascontiguousarray(colours[..., :3]), seen)
    put(buffers.light[region], light, seen)


def draw(buffers: Buffers, lens: Lens, model: Model, sun: Vector) -> None:
    """Add every surface of `model`, the nearest first (it saves work, the result is the same)."""
    middles = [s.origin + s.up / 2 + (0 if s.turns else s.right / 2) for s in model.surfaces]
    order = np.argsort([float(np.linalg.norm(m - lens.centre)) for m in middles], kind="stable")
    for i in order:
        surface = model.surfaces[int(i)]
        _draw(buffers, lens, surface, sun, model.things[surface.thing].is_object)
