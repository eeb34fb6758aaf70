"""The landmark of the second group: the portico of a museum. Its two wings are the same building and not the object."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from resources.demo.masonry import pointed, shingles, stone, weather
from resources.demo.model import Model, Place
from resources.demo.openings import door, ledge, window
from resources.demo.pixels import ramp
from resources.demo.relief import Colour, Painter, Relief
from resources.demo.stairs import build_stairs

MARBLE: Colour = (0.84, 0.80, 0.72)
CAP: Colour = (0.90, 0.87, 0.80)
COPPER: Colour = (0.40, 0.58, 0.52)
WIDTH = 21.0
FLOOR = 1.8
COLUMN = 8.6
COLUMNS = 6
TOP = FLOOR + COLUMN
ENTABLATURE = 2.3


@lru_cache(maxsize=1)
def column() -> Relief:
    """A fluted column with base and capital, round by its height map."""
    wall = Painter(1.5, COLUMN, MARBLE, 46.0)
    weather(wall, 51, 0.7)
    across = wall.x - np.float32(0.75)
    taper = 0.56 - 0.09 * ramp(np.asarray(wall.y, np.float32), 1.0, COLUMN)
    half = np.broadcast_to(taper, wall.height.shape).copy()
    for y0, y1, size in ((0.0, 0.3, 0.72), (0.3, 0.55, 0.64), (7.55, 7.75, 0.56), (8.2, 8.6, 0.74)):
        half[wall.part(0, y0, 1.5, y1)] = size
    bell = wall.part(0, 7.75, 1.5, 8.2)
    half[bell] = 0.5 + 0.2 * np.clip((wall.y[bell[0]] - 7.75) / 0.45, 0, 1) ** 1.5
    inside = half - np.abs(across)
    wall.alpha *= np.clip(inside * np.float32(wall.scale[0]) + 0.5, 0, 1)
    ratio = np.clip(across / half, -0.995, 0.995)
    wall.height[:] = half * np.sqrt(1 - ratio**2)
    shaft = ((wall.y > 0.6) & (wall.y < 7.5)).astype(np.float32)
    flute = 0.5 + 0.5 * np.cos(np.arcsin(ratio) * 24)
    wall.height -= np.asarray(shaft * flute * 0.022, np.float32)
    wall.colour *= (1 - 0.2 * shaft * flute * (1 - ratio**2))[..., None]
    leaves = wall.part(0, 7.75, 1.5, 8.2)
    petals = 0.5 + 0.5 * np.cos(np.arcsin(ratio[leaves]) * 12)
    wall.colour[leaves] *= (0.78 + 0.22 * petals)[..., None]
    return wall.done()


@lru_cache(maxsize=1)
def pediment() -> Relief:
    """The gable: a raised frame, dentils, and a wreath with two garlands in the field."""
    width, height = WIDTH + 0.8, 4.4
    wall = stone(width, height, (0.74, 0.69, 0.60), 52, vary=0.06)
    across, up = wall.x - np.float32(width / 2), wall.y
    edge = ((1 - up / np.float32(height)) * np.float32(width / 2) - np.abs(across)) * np.float32(0.385)
    wall.height -= 0.25
    everywhere = (slice(None), slice(None))
    for distance, out in ((0.95, 0.0), (0.7, 0.2), (0.4, 0.34)):
        wall.lay(everywhere, wall.cover(np.asarray(edge - distance, np.float32)), CAP, out)
    wall.block(0, 0, width, 0.32, CAP, 0.3)
    for i in range(44):
        wall.block(0.6 + i * 0.47, 0.32, 0.82 + i * 0.47, 0.52, CAP, 0.18)
    for x, y, r in ((0.0, 1.75, 0.95), (-3.0, 1.2, 0.55), (3.0, 1.2, 0.55), (-5.2, 0.95, 0.32), (5.2, 0.95, 0.32)):
        distance = np.hypot(across - np.float32(x), up - np.float32(y)).astype(np.float32)
        wave = 0.06 * r * np.cos(14 * np.arctan2(up - np.float32(y), across - np.float32(x)))
        ring = np.abs(distance - np.float32(r * 0.8) + wave) - np.float32(r * 0.2)
        wall.lay(everywhere, wall.cover(np.asarray(ring, np.float32)), CAP, 0.12)
        wall.lay(everywhere, wall.cover(distance - np.float32(r * 0.34)), CAP, 0.16)
    return pointed(wall).done()


@lru_cache(maxsize=4)
def entablature(width: float) -> Relief:
    """The beam over the columns: two fascias, a frieze with carved letters' rhythm, dentils, a cornice."""
    wall = stone(width, ENTABLATURE, MARBLE, 53, vary=0.06)
    wall.block(0, 0.0, width, 0.35, MARBLE, 0.02)
    wall.block(0, 0.35, width, 0.75, CAP, 0.07)
    wall.block(0, 0.75, width, 0.85, CAP, 0.14)
    random = np.random.default_rng(5)
    x = width * 0.22
    while width > 10 and x < width * 0.78:
        kind = int(random.integers(0, 4))
        dark = (0.45, 0.40, 0.33)
        wall.block(x, 1.02, x + 0.07, 1.48, dark, -0.04)
        if kind in (0, 1):
            wall.block(x, 1.41, x + 0.28, 1.48, dark, -0.04)
        if kind in (1, 2):
            wall.block(x + 0.24, 1.02, x + 0.31, 1.48, dark, -0.04)
        if kind in (2, 3):
            wall.block(x, 1.22, x + 0.28, 1.29, dark, -0.04)
        x += 0.52 if random.random() < 0.84 else 0.95
    for i in range(int(width / 0.44)):
        wall.block(0.1 + i * 0.44, 1.68, 0.32 + i * 0.44, 1.9, CAP, 0.16)
    ledge(wall, 1.9, 0.4, 0.36, CAP)
    return wall.done()


@lru_cache(maxsize=1)
def back_wall() -> Relief:
    """The wall behind the columns: a tall door and four niches."""
    wall = stone(WIDTH - 2, COLUMN, (0.76, 0.70, 0.60), 54, vary=0.06)
    middle = (WIDTH - 2) / 2
    door(wall, middle, 2.4, 5.4, rim=CAP, wood=(0.24, 0.32, 0.27))
    for x in (-7.4, -3.75, 3.75, 7.4):
        window(wall, middle + x, 1.6, 1.3, 3.4, rim=CAP, seed=int(60 + x), arched="round", bars=CAP, grid=(2, 4))
    ledge(wall, 7.6, 0.4, 0.2, CAP)
    return wall.done()


@lru_cache(maxsize=2)
def wing(width: float) -> Relief:
    """A wing beside the portico: two floors of windows between flat pilasters."""
    wall = stone(width, 9.6, (0.80, 0.74, 0.64), 55, vary=0.06)
    wall.block(0, 0, width, 1.4, (0.66, 0.61, 0.53), 0.12)
    count = max(round(width / 3.2), 1)
    for i in range(count):
        x = (i + 0.5) * width / count
        window(wall, x, 2.1, 1.3, 2.5, rim=CAP, seed=70 + i, arched="round", grid=(2, 4))
        window(wall, x, 5.8, 1.2, 1.7, rim=CAP, seed=90 + i, grid=(2, 3))
    for i in range(count + 1):
        x = min(max(i * width / count, 0.35), width - 0.35)
        wall.block(x - 0.32, 1.4, x + 0.32, 8.2, CAP, 0.14)
    ledge(wall, 5.05, 0.25, 0.16, CAP)
    ledge(wall, 8.3, 0.55, 0.4, CAP)
    return wall.done()


@lru_cache(maxsize=8)
def smooth(width: float, height: float, seed: int, colour: Colour = MARBLE) -> Relief:
    """Marble without anything on it."""
    return stone(width, height, colour, seed, vary=0.06).done()


@lru_cache(maxsize=2)
def metal(width: float, depth: float) -> Relief:
    """A roof of green copper in strips."""
    return shingles(width, depth, COPPER, 56, (0.7, 2.4)).done()


def _wings(model: Model, place: Place) -> None:
    """The rest of the building, its own instance."""
    thing = model.thing("building", adjoins=True)
    for x0, x1 in ((-WIDTH / 2 - 15.0, -WIDTH / 2 + 0.6), (WIDTH / 2 - 0.6, WIDTH / 2 + 15.0)):
        box = (x0, x1, 0.0, 9.6, 3.4, 14.0)
        model.box(place, box, {"front": wing(15.6), "side": wing(10.6), "top": metal(15.0, 10.0)}, thing)
        model.footprint(place, x0, x1, 3.4, 14.0)


def build_museum(model: Model, place: Place) -> int:
    """Build the museum with the middle of its steps' top on `place`; returns the number of the portico."""
    thing = model.thing("building", is_object=True)
    half = WIDTH / 2
    build_stairs(model, Place(place.x, place.z, place.turn), half + 0.1, FLOOR, 7, 0.42, 0.0, (0.80, 0.77, 0.70), thing)
    for i in range(COLUMNS):
        x = -half + 1.3 + i * (WIDTH - 2.6) / (COLUMNS - 1)
        model.cutout(place, (x, FLOOR, 0.85), column(), thing)
    for x in (-half + 1.3, half - 1.3):
        model.cutout(place, (x, FLOOR, 3.1), column(), thing)
    model.face(place, "front", (-half + 1, half - 1, FLOOR, TOP, 4.6, 4.6), back_wall(), thing)
    model.face(
        place,
        "top",
        (-half - 0.1, half + 0.1, FLOOR, FLOOR, 0.0, 4.6),
        smooth(20.0, 4.4, 60, (0.66, 0.62, 0.55)),
        thing,
    )
    beam = (-half, half, TOP, TOP + ENTABLATURE, 0.2, 6.0)
    model.box(place, beam, {"front": entablature(WIDTH), "side": entablature(5.8)}, thing)
    model.face(place, "bottom", beam, smooth(20.0, 6.0, 61, (0.62, 0.57, 0.49)), thing)
    base, peak, wide = TOP + ENTABLATURE, TOP + ENTABLATURE + 4.4, half + 0.4
    model.face(place, "front", (-wide, wide, base, peak, 0.05, 0.05), pediment(), thing)
    roof = metal(11.0, 13.0)
    slant = np.array([wide, 4.4, 0.0])
    model.panel(place, (np.array([-wide, base, 13.0]), np.array([-wide, base, -0.2])), slant, roof, thing, both=True)
    model.panel(
        place, (np.array([wide, base, -0.2]), np.array([wide, base, 13.0])), slant * [-1, 1, 1], roof, thing, both=True
    )
    for side in ("left", "right"):
        model.face(place, side, (-half - 0.1, half + 0.1, 0.0, FLOOR, 0.0, 4.7), smooth(4.7, 1.8, 59), thing)
    body = (-half + 1, half - 1, 0.0, base, 4.7, 13.0)
    model.box(place, body, {"side": smooth(8.3, 12.0, 62, (0.78, 0.72, 0.63))}, thing)
    _wings(model, place)
    model.footprint(place, -half, half, -2.4, 13.0)
    return thing
