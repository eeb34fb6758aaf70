"""Walls and roofs: stone courses, brick, plaster, slates and tiles, each with weather on it."""

from __future__ import annotations

import numpy as np

from resources.demo.pixels import Floats, clouds_of, ramp
from resources.demo.relief import Colour, Painter


def _scatter(rows: Floats, columns: Floats, seed: int) -> Floats:
    """A repeatable number in [0, 1) for each block, from its row and column."""
    value = np.sin(rows * 127.1 + columns * 311.7 + seed * 74.7) * 43758.547
    return np.asarray(value - np.floor(value), dtype=np.float32)


def courses(wall: Painter, block: tuple[float, float], seed: int, joint: float = 0.012, vary: float = 0.11) -> None:
    """Blocks of `block` (width, height) metres in rows, with joints and a colour of their own each."""
    row = np.floor(wall.y / block[1]).astype(np.float32)
    offset = _scatter(row, np.zeros_like(row), seed) * np.float32(block[0])
    along = (wall.x + offset) / np.float32(block[0])
    column = np.floor(along).astype(np.float32)
    tone = _scatter(row, column, seed + 1)
    wall.colour *= (1 + vary * (tone - 0.5) * 2)[..., None]
    warm = (_scatter(row, column, seed + 2) - 0.5) * np.float32(vary * 0.55)
    wall.colour[..., 0] *= 1 + warm
    wall.colour[..., 2] *= 1 - warm
    edge_x = np.minimum(along - column, 1 - (along - column)) * np.float32(block[0])
    up = wall.y / np.float32(block[1]) - row
    edge_y = np.minimum(up, 1 - up) * np.float32(block[1])
    seam = 1 - ramp(np.minimum(edge_x, edge_y).astype(np.float32), joint * 0.5, joint * 1.6)
    wall.colour *= (1 - 0.24 * seam)[..., None]
    wall.height += np.float32(-0.016) * seam + (tone - 0.5) * np.float32(0.012)


def weather(wall: Painter, seed: int, strength: float = 1.0) -> None:
    """Stains, streaks that run down, and a damp foot."""
    shape = wall.height.shape
    broad = clouds_of(shape, wall.scale[0] * 3.0, seed)
    fine = clouds_of(shape, 5.0, seed + 1, 2)
    streaks = clouds_of((max(shape[0] // 24, 2), shape[1]), wall.scale[0] * 0.35, seed + 2, 3)
    streaks = np.repeat(streaks, shape[0] // streaks.shape[0] + 1, axis=0)[: shape[0]]
    foot = 1 - ramp(np.broadcast_to(wall.y, shape).astype(np.float32), 0.0, 1.8)
    change = 1 + strength * (0.045 * broad + 0.028 * fine - 0.035 * np.maximum(streaks, 0) - 0.10 * foot)
    wall.colour *= np.clip(change, 0.55, 1.3)[..., None]
    wall.height += 0.004 * strength * fine


def stone(width: float, height: float, colour: Colour, seed: int, ppm: float = 44.0, vary: float = 0.11) -> Painter:
    """A wall of large cut stones."""
    wall = Painter(width, height, colour, ppm)
    courses(wall, (0.78, 0.36), seed, vary=vary)
    weather(wall, seed)
    return wall


def brick(width: float, height: float, colour: Colour, seed: int) -> Painter:
    """A wall of small bricks."""
    wall = Painter(width, height, colour)
    courses(wall, (0.26, 0.1), seed, 0.009, 0.14)
    weather(wall, seed)
    return wall


def plaster(width: float, height: float, colour: Colour, seed: int) -> Painter:
    """A painted wall."""
    wall = Painter(width, height, colour)
    weather(wall, seed, 0.7)
    wall.height *= 0.3
    return wall


def shingles(width: float, height: float, colour: Colour, seed: int, size: tuple[float, float]) -> Painter:
    """A roof of slates or tiles of `size` (width, height) metres that overlap downwards."""
    roof = Painter(width, height, colour, 30.0)
    courses(roof, size, seed, 0.014, 0.2)
    rise = (roof.y / np.float32(size[1])) % 1.0
    roof.height += np.float32(0.05) * (1 - rise).astype(np.float32)
    broad = clouds_of(roof.height.shape, 60.0, seed)
    roof.colour *= (1 + 0.07 * broad)[..., None]
    return roof


def pointed(roof: Painter) -> Painter:
    """Cut the panel to the triangle that stands on its lower edge: a gable or one side of a spire."""
    half = (1 - roof.y / np.float32(roof.size[1])) * np.float32(roof.size[0] / 2)
    inside = half - np.abs(roof.x - np.float32(roof.size[0] / 2))
    roof.alpha *= np.clip(inside * np.float32(roof.scale[0]) + 0.5, 0, 1)
    return roof
