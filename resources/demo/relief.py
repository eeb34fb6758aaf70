"""A relief is a flat surface with colour, depth and openings; painting it, and lighting it from a direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from resources.demo.pixels import Bytes, Floats, blurred, clouds_of, ramp, resized, shifted, shrunk

Colour = tuple[float, float, float]
PIXELS_PER_METRE = 44.0


@dataclass(frozen=True, eq=False)
class Relief:
    """What lies on a surface of `size` (width, height) metres; row 0 is the top.

    `paint` (h, w, 4) holds colour as a display shows it and an alpha that is 0 where one sees through, `height`
    (h, w) is metres out of the surface, `glow` (h, w) how much it shines at dusk, 255 most. Compared by identity,
    so that it can be a key.
    """

    size: tuple[float, float]
    paint: Bytes
    height: Floats
    glow: Bytes


def relief_of(size: tuple[float, float], colour: Floats, height: Floats, alpha: Floats, glow: Floats) -> Relief:
    """A relief from colour (h, w, 3), alpha and glow (h, w) that run from 0 to 1."""
    both = np.clip(np.dstack([colour, alpha]), 0, 1) * 255 + 0.5
    return Relief(size, both.astype(np.uint8), height, (np.clip(glow, 0, 1) * 255 + 0.5).astype(np.uint8))


class Painter:
    """Paints a relief in metres, origin at the bottom left, y up."""

    def __init__(self, width: float, height: float, colour: Colour, ppm: float = PIXELS_PER_METRE) -> None:
        rows, columns = max(round(height * ppm), 4), max(round(width * ppm), 4)
        self.size = (width, height)
        self.scale = (columns / width, rows / height)
        self.x = ((np.arange(columns, dtype=np.float32) + 0.5) / np.float32(self.scale[0]))[None, :]
        self.y = (height - (np.arange(rows, dtype=np.float32) + 0.5) / np.float32(self.scale[1]))[:, None]
        self.colour = np.empty((rows, columns, 3), np.float32)
        self.colour[:] = colour
        self.height = np.zeros((rows, columns), np.float32)
        self.alpha = np.ones((rows, columns), np.float32)
        self.glow = np.zeros((rows, columns), np.float32)

    def part(self, x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice]:
        """Rows and columns that hold the given rectangle in metres."""
        rows, columns = self.height.shape
        top, bottom = (self.size[1] - y1) * self.scale[1], (self.size[1] - y0) * self.scale[1]
        return (
            slice(int(np.clip(np.floor(top), 0, rows)), int(np.clip(np.ceil(bottom), 0, rows))),
            slice(
                int(np.clip(np.floor(x0 * self.scale[0]), 0, columns)),
                int(np.clip(np.ceil(x1 * self.scale[0]), 0, columns)),
            ),
        )

    def cover(self, distance: Floats) -> Floats:
        """How much of each pixel lies within, from a signed distance in metres (negative inside)."""
        return np.asarray(np.clip(0.5 - distance * np.float32(self.scale[0]), 0, 1), dtype=np.float32)

    def lay(self, where: tuple[slice, slice], cover: Floats, colour: Colour | None, height: float | Floats) -> None:
        """Put a layer of `colour` at `height` metres where `cover` is 1; None keeps the colour."""
        if colour is not None:
            keep = self.colour[where]
            keep += cover[..., None] * (np.asarray(colour, np.float32) - keep)
        level = self.height[where]
        level += cover * (np.asarray(height, np.float32) - level)

    def block(self, x0: float, y0: float, x1: float, y1: float, colour: Colour | None, height: float) -> None:
        """A rectangle that stands `height` metres out (or in, when negative)."""
        where = self.part(x0, y0, x1, y1)
        self.lay(where, np.ones(self.height[where].shape, np.float32), colour, height)

    def tint(self, where: tuple[slice, slice], factor: Floats | float) -> None:
        """Darken or brighten a part by a factor."""
        self.colour[where] *= np.asarray(factor, np.float32)[..., None] if isinstance(factor, np.ndarray) else factor

    def done(self) -> Relief:
        """The finished relief, with a little dirt over everything."""
        shape = self.height.shape
        self.colour *= (1 + 0.028 * clouds_of(shape, 4.0, 1, 2) + 0.03 * clouds_of(shape, self.scale[0], 2, 3))[
            ..., None
        ]
        return relief_of(self.size, self.colour, self.height, self.alpha, self.glow)


def _size_at(relief: Relief, level: int) -> tuple[int, int]:
    rows, columns = relief.height.shape
    return max(columns >> level, 2), max(rows >> level, 2)


@lru_cache(maxsize=512)
def paint_of(relief: Relief, level: int) -> Bytes:
    """Colour and alpha (h, w, 4) with 2**level fewer pixels along each side."""
    return relief.paint if level == 0 else shrunk(relief.paint, _size_at(relief, level))


def height_of(relief: Relief, level: int) -> Floats:
    """Height (h, w) in metres with 2**level fewer pixels along each side."""
    return relief.height if level == 0 else resized(relief.height, _size_at(relief, level))


@lru_cache(maxsize=128)
def hollows(relief: Relief, level: int) -> Floats:
    """How open each pixel is to the sky light, 0 to 1: low beside what stands out (h, w)."""
    height = height_of(relief, level)
    per_metre = height.shape[1] / relief.size[0]
    dark = np.zeros_like(height)
    for reach, weight in ((0.07, 3.2), (0.3, 1.6), (0.9, 0.8)):
        if reach * per_metre > 0.6:
            dark += weight * np.maximum(blurred(height, reach * per_metre) - height, 0)
    return np.asarray(1 / (1 + 1.6 * dark), dtype=np.float32)


def self_shadow(height: Floats, per_metre: float, sun: tuple[float, float, float]) -> Floats:
    """Share of sunlight (h, w) that the relief's own ledges let through; `sun` is (right, up, out)."""
    along = float(np.hypot(sun[0], sun[1]))
    lit: Floats = np.ones_like(height)
    if along < 1e-3 or sun[2] <= 0.02:
        return lit
    slope = sun[2] / along
    reach = float(height.max() - height.min()) / slope
    for distance in np.geomspace(1.0 / per_metre, max(min(reach, 2.5), 2.0 / per_metre), 9):
        ahead = shifted(height, sun[0] / along * distance * per_metre, -sun[1] / along * distance * per_metre)
        lit = np.minimum(lit, 1 - ramp(ahead - height - np.float32(distance * slope), 0.0, 0.035))
    return lit


Axes = tuple[tuple[float, float, float], tuple[float, float, float]]


@lru_cache(maxsize=96)
def lit(relief: Relief, level: int, axes: Axes) -> Bytes:
    """Light on the relief (h, w, 3) as bytes: sun / 255, sky light / 255, glow / 255.

    `axes` holds the direction to the sun and straight up, each as (right, up, out) of the surface.
    """
    sun, up = axes
    height = height_of(relief, level)
    per_metre = height.shape[1] / relief.size[0]
    right = np.gradient(height, axis=1).astype(np.float32) * np.float32(per_metre)
    above = -np.gradient(height, axis=0).astype(np.float32) * np.float32(per_metre)
    np.clip(right, -2.5, 2.5, out=right)
    np.clip(above, -2.5, 2.5, out=above)
    length = 1 / np.sqrt(right * right + above * above + 1)
    direct = np.clip((-right * sun[0] - above * sun[1] + sun[2]) * length, 0, 1)
    if height.size > 400:
        small = (max(height.shape[1] // 2, 2), max(height.shape[0] // 2, 2))
        shade = self_shadow(resized(height, small), per_metre / 2, sun)
        direct *= np.clip(resized(shade, (height.shape[1], height.shape[0])), 0, 1)
    facing = np.clip((-right * up[0] - above * up[1] + up[2]) * length, -1, 1)
    ambient = (0.62 + 0.38 * facing) * hollows(relief, level)
    glow = relief.glow if level == 0 else shrunk(relief.glow, _size_at(relief, level))
    both = np.asarray(np.dstack([direct, ambient]) * 255 + 0.5, dtype=np.uint8)
    return np.asarray(np.dstack([both, glow]), dtype=np.uint8)
