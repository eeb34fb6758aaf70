"""Ground and sky: paving, lawns and roads with the dark at the walls' feet; gradient, clouds, far hills."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from resources.demo.camera import Lens
from resources.demo.light import Light
from resources.demo.masonry import courses
from resources.demo.model import Model
from resources.demo.pixels import Bytes, Floats, blurred, put, ramp, resized, sampled, tile_noise
from resources.demo.relief import Painter
from resources.demo.scenes import Town
from resources.demo.town import GROUNDS, standing
from resources.demo.zbuffer import GROUND, Buffers

REACH = 95.0
MAP_SCALE = 6.0
TILE = 8.0


@lru_cache(maxsize=3)
def ground_map(town: Town) -> Bytes:
    """Colour of the ground (n, n, 4) over -REACH..REACH metres, row 0 in the south; alpha 255 where it is paved."""
    side = int(REACH * 2 * MAP_SCALE)
    ground = GROUNDS[town]
    image = np.empty((side, side, 4), np.float32)
    image[:] = (*ground.paving, 1.0)

    def fill(boxes: tuple[tuple[float, float, float, float], ...], colour: tuple[float, ...]) -> None:
        for x0, z0, x1, z1 in boxes:
            a, b, c, d = (int((w + REACH) * MAP_SCALE) for w in (x0, x1, z0, z1))
            image[max(c, 0) : d, max(a, 0) : b] = colour

    fill(ground.lawn, (0.35, 0.40, 0.22, 0.0))
    fill(ground.road, (0.36, 0.36, 0.37, 0.1))
    fill(ground.path, (0.70, 0.66, 0.59, 0.55))
    image[..., :3] *= (1 + 0.05 * tile_noise(1024, 1.2, 3)[np.arange(side) % 1024][:, np.arange(side) % 1024])[
        ..., None
    ]
    feet = np.zeros((side, side), np.uint8)
    for corners in standing(town).footprints:
        cv2.fillPoly(feet, [((corners + REACH) * MAP_SCALE).astype(np.int32)], (255,))
    solid = feet.astype(np.float32) / np.float32(255)
    near = np.maximum(blurred(solid, 3.0) * 0.8, blurred(solid, 11.0) * 0.75)
    image[..., :3] *= (1 - 0.55 * np.clip(near * 1.2, 0, 1))[..., None]
    return np.asarray(np.clip(image, 0, 1) * 255, np.uint8)


@lru_cache(maxsize=1)
def ground_detail() -> tuple[Bytes, ...]:
    """Levels of a tile (n, n, 3) that repeats: brightness of cobbles, of grass or sand, 128 being neutral."""
    stones = Painter(TILE, TILE, (0.5, 0.5, 0.5), 64.0)
    courses(stones, (0.25, 0.2), 7, 0.02, 0.22)
    cobbles = stones.colour[..., 1]
    cobbles = cobbles / cobbles.mean() * 0.5
    grain = 0.5 + 0.045 * tile_noise(512, 0.6, 9)
    tile = np.dstack([cobbles, grain, grain]).astype(np.float32)
    return tuple(
        np.asarray(np.clip(resized(tile, (512 >> k, 512 >> k)) if k else tile, 0, 1) * 255, np.uint8) for k in range(6)
    )


def darken_feet(paint: Bytes, lens: Lens, model: Model, x: Floats, z: Floats, top: int) -> None:
    """Darken the ground `paint` (h, w, 3) under cut-outs; `x` and `z` (h, w) say where each pixel lies.

    Row 0 of them is row `top` of the image.
    """
    for surface in model.surfaces:
        foot = surface.origin
        if not surface.turns or foot[1] > 0.01:
            continue
        reach = min(float(surface.right[0]) * 0.42, 1.1)
        corners = foot + np.array([[i, 0, j] for i in (-2, 2) for j in (-2, 2)]) * reach
        spots, far = lens.project(corners)
        if far.min() < 0.5:
            continue
        c0, r0 = np.floor(spots.min(axis=0)).astype(int).clip(0, lens.size)
        c1, r1 = np.ceil(spots.max(axis=0)).astype(int).clip(0, lens.size)
        part = (slice(max(r0 - top, 0), max(r1 - top, 0)), slice(c0, c1))
        off = ((x[part] - np.float32(foot[0])) ** 2 + (z[part] - np.float32(foot[2])) ** 2) / np.float32(reach**2)
        paint[part] = (paint[part] * (1 - 0.55 * np.exp(-off))[..., None]).astype(np.uint8)


def draw_ground(buffers: Buffers, lens: Lens, town: Town, model: Model, sun_height: float) -> None:
    """Fill the buffers with the plane y = 0; call before anything else is drawn."""
    rows = np.flatnonzero(lens.falls().max(axis=1) > 1e-4)
    if len(rows) == 0:
        return
    band = slice(int(rows[0]), int(rows[-1]) + 1)
    rays = lens.rays(band)
    down = -rays[..., 1]
    depth = np.asarray(np.where(down > 1e-4, np.float32(lens.centre[1]) / np.maximum(down, 1e-4), 1e6), np.float32)
    where = depth < 2500
    x = np.float32(lens.centre[0]) + depth * rays[..., 0]
    z = np.float32(lens.centre[2]) + depth * rays[..., 2]
    layout = sampled(ground_map(town), (x + REACH) * np.float32(MAP_SCALE), (z + REACH) * np.float32(MAP_SCALE))
    detail = _detail(lens, depth, x, z)
    paved = layout[..., 3] * np.float32(1 / 255)
    factor = (detail[..., 0] * paved + detail[..., 1] * (1 - paved)) * np.float32(1 / 128)
    paint = np.dstack([np.minimum(layout[..., c] * factor, 255).astype(np.uint8) for c in range(3)])
    darken_feet(paint, lens, model, x, z, band.start)
    np.copyto(buffers.depth[band], depth, where=where)
    np.copyto(buffers.thing[band], np.int16(GROUND), where=where)
    put(buffers.paint[band], paint, where)
    light = np.empty_like(paint)
    light[:] = (np.uint8(np.clip(sun_height, 0, 1) * 255), 235, 0)
    put(buffers.light[band], light, where)


def _detail(lens: Lens, depth: Floats, x: Floats, z: Floats) -> Bytes:
    """The repeating tile at every place of the ground (h, w, 3), coarser with the distance."""
    focal = float(np.linalg.norm(lens.matrix[0] - lens.size[0] / 2 * lens.matrix[2]))
    texels = depth**1.5 * np.float32(64 / focal / np.sqrt(max(lens.centre[1], 0.5)))
    level = np.clip(np.log2(np.maximum(texels, 1)), 0, 6).astype(np.int8)
    detail = np.full((*depth.shape, 3), 128, np.uint8)
    for k, tile in enumerate(ground_detail()):
        here = level == k
        rows = np.flatnonzero(here.any(axis=1))
        if len(rows):
            band = slice(int(rows[0]), int(rows[-1]) + 1)
            scale = np.float32(tile.shape[0] / TILE)
            found = sampled(tile, np.mod(x[band], TILE) * scale, np.mod(z[band], TILE) * scale, wrap=True)
            put(detail[band], found, np.ascontiguousarray(here[band]))
    return detail


def sky_colour(lens: Lens, light: Light, seed: int) -> Floats:
    """Linear colour of the sky (h, w, 3) with clouds and hills along the horizon."""
    mood = light.colours()
    rays = lens.rays()
    rays = rays / np.linalg.norm(rays, axis=2, keepdims=True)
    rise = rays[..., 1]
    part = np.clip(rise, 0, 1) ** np.float32(0.55)
    colour = np.asarray(mood.horizon, np.float32) * (1 - part)[..., None]
    colour += np.asarray(mood.zenith, np.float32) * part[..., None]
    near = np.clip(rays @ light.sun().astype(np.float32), 0, 1)
    halo = (0.35 * near**6 + 0.5 * near**40) * (1 - 0.8 * mood.cover)
    colour += halo[..., None] * np.asarray(mood.sun, np.float32) * np.float32(0.35)
    noise, fine = tile_noise(1024, 1.55, 21), tile_noise(1024, 1.1, 22)
    flat = np.maximum(rise, 0) + np.float32(0.16)
    at_x = np.mod(rays[..., 0] / flat * 150 + seed * 97, 1024).astype(np.float32)
    at_z = np.mod(rays[..., 2] / flat * 150 + seed * 41, 1024).astype(np.float32)
    both = np.dstack([noise, fine])
    found = np.asarray(cv2.remap(both, at_x, at_z, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)
    thick = found[..., 0] + 0.28 * found[..., 1] + np.float32((mood.cover - 0.5) * 3.2)
    cover = ramp(thick, 0.0, 1.25) * ramp(rise, 0.01, 0.16)
    shade = 1 - 0.30 * ramp(thick, 0.6, 2.6)
    cloud = np.asarray(mood.cloud, np.float32) * shade[..., None] * np.float32(1.0)
    colour += (cover * np.float32(0.88))[..., None] * (cloud - colour)
    return _hills(np.asarray(colour, np.float32), rays, light, seed)


def _hills(sky: Floats, rays: Floats, light: Light, seed: int) -> Floats:
    """Two soft lines of wooded hills before the horizon."""
    mood = light.colours()
    around = np.arctan2(rays[..., 0], rays[..., 2])
    for k, (height, near) in enumerate(((0.075, 0.35), (0.045, 0.6))):
        wave = sum(np.sin(around * f + seed + k * 2.1 + f) / f**0.75 for f in (2.0, 5.0, 11.0, 27.0, 90.0, 210.0))
        top = np.float32(height) + np.float32(0.022) * wave
        inside = ramp(np.asarray(top - rays[..., 1], np.float32), 0.0, 0.0016)
        wood = np.asarray((0.06, 0.10, 0.05), np.float32) * (np.asarray(mood.sky) + 0.5 * np.asarray(mood.sun))
        tone = (near * wood + (1 - near) * np.asarray(mood.horizon) * 0.8).astype(np.float32)
        sky = sky + inside[..., None] * (tone - sky)
    return np.asarray(sky, np.float32)
