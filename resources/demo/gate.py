"""The landmark of the first group: a town gate with two towers, an archway and a gallery one sees the sky through."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from resources.demo.masonry import pointed, shingles, stone, weather
from resources.demo.model import Model, Place
from resources.demo.openings import arch, battlements, clock, ledge, window
from resources.demo.relief import Colour, Painter, Relief
from resources.demo.stairs import build_stairs

STONE: Colour = (0.80, 0.70, 0.53)
TRIM: Colour = (0.88, 0.80, 0.65)
SLATE: Colour = (0.35, 0.36, 0.38)
SILL = 1.1
ARCH = (4.2, 6.2)
TOWER = 6.4
BODY = 10.0
TOWER_HEIGHT = 19.0


@lru_cache(maxsize=1)
def centre_front() -> Relief:
    """The wall between the towers: archway, clock, two statues' niches and windows."""
    wall = stone(BODY, 13.4, STONE, 11, 48.0)
    arch(wall, BODY / 2, SILL, *ARCH, sharp=True, rim=TRIM)
    for x in (1.5, BODY - 1.5):
        arch(wall, x, 2.2, 0.9, 2.4, sharp=True, rim=TRIM, open_=False)
        window(wall, x, 9.3, 1.0, 2.3, rim=TRIM, seed=int(x * 10), arched="sharp", bars=TRIM, grid=(2, 2))
    clock(wall, BODY / 2, 10.6, 1.15, 4.2)
    ledge(wall, 8.35, 0.34, 0.26, TRIM)
    ledge(wall, 12.9, 0.46, 0.34, TRIM)
    return wall.done()


@lru_cache(maxsize=1)
def gallery() -> Relief:
    """The open arcade on top of the middle, with a stepped gable."""
    wall = stone(BODY, 4.4, TRIM, 12, 48.0)
    for i in range(5):
        arch(wall, 1.0 + 2.0 * i, 0.5, 1.1, 2.1, sharp=True, rim=TRIM)
    ledge(wall, 3.0, 0.26, 0.2, TRIM)
    battlements(wall, 3.6, 1.0, TRIM)
    return wall.done()


@lru_cache(maxsize=4)
def tower_side(variant: int) -> Relief:
    """One side of a tower: plinth, paired windows on three floors, string courses, a parapet."""
    wall = stone(TOWER, TOWER_HEIGHT, STONE, 20 + variant, 44.0)
    wall.block(0, 0, TOWER, 1.2, (0.66, 0.59, 0.47), 0.14)
    for side in (0.0, TOWER - 0.75):
        wall.block(side, 1.2, side + 0.75, TOWER_HEIGHT, None, 0.16)
    for floor, (y, height, shape) in enumerate(((2.2, 2.3, "sharp"), (6.2, 2.5, "sharp"), (10.6, 2.2, "sharp"))):
        for i, x in enumerate((TOWER / 2 - 0.95, TOWER / 2 + 0.95)):
            seed = 100 * variant + 10 * floor + i
            window(wall, x, y, 1.0, height, rim=TRIM, seed=seed, arched=shape, bars=TRIM, grid=(2, 3))
    for x in (TOWER / 2 - 1.25, TOWER / 2, TOWER / 2 + 1.25):
        arch(wall, x, 14.1, 0.8, 2.9, sharp=True, rim=TRIM, open_=False)
        where = wall.part(x - 0.4, 14.1, x + 0.4, 16.2)
        slats = (np.sin(wall.y[where[0]] * 24) > 0.2).astype(np.float32)
        inner = slats * (wall.height[where] < -0.2)
        wall.lay(where, np.asarray(inner, np.float32), (0.36, 0.34, 0.31), -0.16)
    for y, thick, out in ((5.2, 0.3, 0.2), (9.6, 0.3, 0.2), (13.3, 0.34, 0.24), (17.5, 0.5, 0.4)):
        ledge(wall, y, thick, out, TRIM)
    for i in range(8):
        wall.block(0.15 + 0.8 * i, 17.1, 0.5 + 0.8 * i, 17.5, TRIM, 0.22)
    battlements(wall, 18.3, 0.9, TRIM)
    return wall.done()


@lru_cache(maxsize=8)
def slope(width: float, height: float, colour: Colour, seed: int) -> Relief:
    """A triangle of slates."""
    return pointed(shingles(width, height, colour, seed, (0.28, 0.24))).done()


@lru_cache(maxsize=8)
def plain(width: float, height: float, seed: int, colour: Colour = STONE) -> Relief:
    """Stone without anything on it."""
    return stone(width, height, colour, seed).done()


@lru_cache(maxsize=2)
def pinnacle_side() -> Relief:
    """The shaft of a pinnacle."""
    wall = stone(0.8, 2.0, TRIM, 31)
    wall.block(0.25, 0.3, 0.55, 1.5, (0.7, 0.63, 0.5), -0.1)
    wall.block(0, 1.75, 0.8, 2.0, TRIM, 0.1)
    return wall.done()


@lru_cache(maxsize=2)
def pinnacle_top() -> Relief:
    """One side of a pinnacle's point, with crockets as bands."""
    wall = Painter(0.9, 2.4, TRIM)
    weather(wall, 32)
    for i in range(6):
        wall.block(0, 0.15 + 0.38 * i, 0.9, 0.28 + 0.38 * i, (0.8, 0.73, 0.58), 0.1)
    return pointed(wall).done()


def _tower(model: Model, place: Place, x: float, thing: int, variant: int) -> None:
    """A square tower with a slated spire and four pinnacles."""
    side = tower_side(variant)
    x1, z0, z1 = x + TOWER, -0.9, TOWER - 0.9
    model.box(place, (x, x1, 0, TOWER_HEIGHT, z0, z1), {"all": side, "top": plain(4, 4, 33)}, thing)
    inset = 0.85
    model.spire(
        place, (x + inset, x1 - inset, 18.0, 26.5, z0 + inset, z1 - inset), slope(TOWER - 1.7, 9.0, SLATE, 34), thing
    )
    middle_x, middle_z = (x + x1) / 2, (z0 + z1) / 2
    model.spire(
        place, (middle_x - 0.16, middle_x + 0.16, 26.0, 28.6, middle_z - 0.16, middle_z + 0.16), pinnacle_top(), thing
    )
    for px in (x - 0.05, x1 - 0.75):
        for pz in (z0 - 0.05, z1 - 0.75):
            model.box(place, (px, px + 0.8, 18.0, 20.2, pz, pz + 0.8), {"all": pinnacle_side()}, thing)
            model.spire(place, (px - 0.05, px + 0.85, 20.2, 22.8, pz - 0.05, pz + 0.85), pinnacle_top(), thing)


def _passage(model: Model, place: Place, x: float, thing: int) -> None:
    """The inside of the archway: floor, two sides and the vault in six strips."""
    half, depth = ARCH[0] / 2, 5.0
    middle = x + BODY / 2
    radius = ARCH[0] * 0.9
    spring = ARCH[1] - float(np.sqrt(radius**2 - (radius - half) ** 2))
    inside = plain(5.0, 3.0, 41, (0.62, 0.55, 0.43))
    top = SILL + spring
    model.face(place, "right", (middle - half, middle - half, SILL, top, 0.0, depth), inside, thing)
    model.face(place, "left", (middle + half, middle + half, SILL, top, 0.0, depth), inside, thing)
    floor = (middle - half, middle + half, SILL, SILL, 0.0, depth)
    model.face(place, "top", floor, plain(4.2, 5.0, 42, (0.58, 0.53, 0.45)), thing)
    end = np.arccos((radius - half) / radius)
    angles = np.linspace(0.0, end, 5)
    offsets = half - radius + radius * np.cos(angles)
    heights = top + radius * np.sin(angles)
    strip = plain(5.0, 1.2, 43, (0.56, 0.5, 0.4))
    for i in range(4):
        for sign in (-1.0, 1.0):
            foot = np.array([middle + sign * offsets[i], heights[i], 0.0 if sign < 0 else depth])
            other = np.array([middle + sign * offsets[i], heights[i], depth if sign < 0 else 0.0])
            up = np.array([sign * (offsets[i + 1] - offsets[i]), heights[i + 1] - heights[i], 0.0])
            model.panel(place, (foot, other), up, strip, thing, both=True)


def build_gate(model: Model, place: Place) -> int:
    """Build the gate with its middle on `place`, 23 m wide; returns the number of its instance."""
    thing = model.thing("building", is_object=True)
    x = -BODY / 2
    model.box(place, (x, -x, 0, 13.4, 0, 5.0), {"front": centre_front(), "back": centre_front()}, thing)
    model.face(place, "top", (x, -x, 13.4, 13.4, 0, 5.0), plain(10, 5, 44), thing)
    model.face(place, "front", (x, -x, 13.4, 17.8, 0.15, 0.15), gallery(), thing, both=True)
    _passage(model, place, x, thing)
    build_stairs(model, place, 3.2, SILL, 5, 0.4, 0.34, (0.78, 0.72, 0.60), thing)
    _tower(model, place, x - TOWER, thing, 0)
    _tower(model, place, -x, thing, 1)
    model.footprint(place, x - TOWER, TOWER - x, -1.0, 5.6)
    return thing
