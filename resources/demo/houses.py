"""Town houses in many colours, and rows of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from resources.demo.masonry import brick, plaster, pointed, shingles
from resources.demo.model import Model, Place
from resources.demo.openings import door, ledge, window
from resources.demo.relief import Colour, Painter, Relief

WALLS: tuple[Colour, ...] = (
    (0.89, 0.82, 0.66), (0.85, 0.68, 0.52), (0.80, 0.60, 0.50), (0.74, 0.78, 0.72), (0.90, 0.87, 0.79),
    (0.62, 0.36, 0.28), (0.70, 0.76, 0.80), (0.88, 0.76, 0.50),
)  # fmt: skip
BRICK = 5
ROOFS: tuple[Colour, ...] = ((0.58, 0.35, 0.27), (0.50, 0.33, 0.28), (0.38, 0.39, 0.41), (0.62, 0.42, 0.32))
WOODS: tuple[Colour, ...] = ((0.25, 0.33, 0.28), (0.36, 0.20, 0.14), (0.20, 0.26, 0.36), (0.45, 0.32, 0.20))
SHUTTERS: tuple[Colour, ...] = ((0.34, 0.45, 0.40), (0.38, 0.47, 0.55), (0.52, 0.31, 0.26), (0.50, 0.46, 0.38))
TRIM: Colour = (0.91, 0.88, 0.81)


def _wall(width: float, height: float, colour: int, seed: int) -> Painter:
    return (brick if colour == BRICK else plaster)(width, height, WALLS[colour], seed)


def _shop(wall: Painter, width: float, seed: int) -> None:
    """A shop window with a painted board and an awning's shadow beside the door."""
    wood = WOODS[seed % len(WOODS)]
    wall.block(width * 0.34, 0.0, width - 0.4, 3.1, wood, 0.1)
    for i in range(2):
        x = width * 0.37 + (width * 0.56) * (i + 0.5) / 2
        half = width * 0.125
        wall.block(x - half, 0.75, x + half, 2.35, (0.20, 0.23, 0.26), -0.1)
        pane = wall.part(x - half, 0.75, x + half, 2.35)
        sheen = np.clip((wall.y[pane[0]] - 0.75) / 1.6 + 0.5 * (wall.x[:, pane[1]] - np.float32(x)), 0, 1.3)
        wall.colour[pane] += np.asarray(0.16 * sheen, np.float32)[..., None]
        goods = np.random.default_rng(seed).uniform(0.45, 1.0, wall.glow[pane].shape[1] // 9 + 1).repeat(9)
        low = (wall.y[pane[0]] < 1.3) * (1 - goods[: wall.glow[pane].shape[1]])
        wall.glow[pane] = np.asarray((0.55 + 0.35 * np.clip(sheen, 0, 1)) * (1 - low), np.float32)
        wall.block(x - half, 1.98, x + half, 2.03, wood, 0.0)
        wall.block(x - 0.025, 0.75, x + 0.025, 2.35, wood, 0.0)
    wall.block(width * 0.36, 2.55, width - 0.5, 2.95, (0.86, 0.80, 0.62), 0.12)
    for i in range(7):
        x = width * 0.42 + i * width * 0.065
        wall.block(x, 2.66, x + width * 0.04, 2.84, wood, 0.13)


@lru_cache(maxsize=64)
def street_front(width: float, height: float, colour: int, seed: int) -> Relief:
    """The street side of a house: door or shop below, windows above, perhaps with shutters."""
    wall = _wall(width, height, colour, seed)
    wall.block(0, 0, width, 0.6, (0.60, 0.57, 0.52), 0.06)
    random = np.random.default_rng(seed)
    shutters = SHUTTERS[int(random.integers(len(SHUTTERS)))] if random.random() < 0.6 else None
    columns = max(round(width / 2.4), 2)
    floors = max(round((height - 3.4) / 2.9), 1)
    for floor in range(floors):
        for i in range(columns):
            x, y = (i + 0.5) * width / columns, 3.9 + floor * (height - 3.6) / floors
            window(wall, x, y, 0.95, 1.55, rim=TRIM, seed=seed * 31 + floor * 7 + i, grid=(2, 3))
            for side in (-0.72, 0.72) if shutters else ():
                wall.block(x + side - 0.22, y - 0.02, x + side + 0.22, y + 1.57, shutters, 0.1)
                for slat in range(7):
                    wall.block(
                        x + side - 0.17, y + 0.1 + slat * 0.2, x + side + 0.17, y + 0.17 + slat * 0.2, None, 0.06
                    )
    door(wall, width * 0.17, 1.1, 2.3, rim=TRIM, wood=WOODS[seed % 4])
    if random.random() < 0.55:
        _shop(wall, width, seed)
    else:
        for i in range(1, columns):
            x = (i + 0.5) * width / columns
            window(wall, x, 1.0, 1.0, 1.6, rim=TRIM, seed=seed * 17 + i, grid=(2, 2))
    ledge(wall, 3.25, 0.16, 0.1, TRIM)
    ledge(wall, height - 0.4, 0.38, 0.3, TRIM)
    return wall.done()


@lru_cache(maxsize=64)
def house_side(width: float, height: float, colour: int, seed: int) -> Relief:
    """The plain side of a house with a few windows."""
    wall = _wall(width, height, colour, seed + 500)
    for floor in range(max(int(height / 3.2), 1)):
        for x in (width * 0.3, width * 0.7):
            window(wall, x, 1.1 + floor * 3.0, 0.9, 1.4, rim=TRIM, seed=seed + floor, grid=(2, 2))
    return wall.done()


@lru_cache(maxsize=64)
def gable(width: float, height: float, colour: int, seed: int) -> Relief:
    """The triangle of wall under a roof, with a small window."""
    wall = _wall(width, height, colour, seed + 900)
    if height > 2.4:
        window(wall, width / 2, 0.5, 0.7, 0.9, rim=TRIM, seed=seed, grid=(2, 2))
    return pointed(wall).done()


@lru_cache(maxsize=32)
def tiles(width: float, height: float, colour: int, seed: int) -> Relief:
    """A slope of roof tiles."""
    return shingles(width, height, ROOFS[colour], seed, (0.24, 0.3)).done()


@lru_cache(maxsize=4)
def chimney() -> Relief:
    """One side of a chimney stack."""
    wall = brick(0.9, 1.8, WALLS[BRICK], 77)
    wall.block(0, 1.5, 0.9, 1.68, (0.5, 0.3, 0.24), 0.08)
    return wall.done()


def build_house(
    model: Model, place: Place, width: float, height: float, depth: float, seed: int, adjoins: bool = False
) -> int:
    """A house with its front's left corner on `place`; its ridge runs along or across the street by `seed`."""
    random = np.random.default_rng(seed)
    thing = model.thing("building", adjoins=adjoins)
    colour, roof = int(random.integers(len(WALLS))), int(random.integers(len(ROOFS)))
    rise = float(random.choice([3.0, 3.6, 4.2]))
    front, side = street_front(width, height, colour, seed), house_side(depth, height, colour, seed % 7)
    model.box(place, (0, width, 0, height, 0, depth), {"front": front, "side": side, "back": side}, thing)
    out = 0.3
    if random.random() < 0.62:
        slope = np.array([0.0, rise * (1 + 2 * out / depth), depth / 2 + out])
        tile = tiles(width, depth * 0.65, roof, seed % 5)
        low = height + 0.06 - out * rise / depth * 2
        model.panel(place, (np.array([-0.1, low, -out]), np.array([width + 0.1, low, -out])), slope, tile, thing)
        far = (np.array([width + 0.1, low, depth + out]), np.array([-0.1, low, depth + out]))
        model.panel(place, far, slope * [1, 1, -1], tile, thing)
        end = gable(depth, rise, colour, seed % 7)
        model.face(place, "left", (0, width, height, height + rise, 0, depth), end, thing)
        model.face(place, "right", (0, width, height, height + rise, 0, depth), end, thing)
    else:
        end = gable(width, rise, colour, seed % 7)
        model.face(place, "front", (0, width, height, height + rise, 0, depth), end, thing)
        model.face(place, "back", (0, width, height, height + rise, 0, depth), end, thing)
        slope = np.array([width / 2 + out, rise * (1 + 2 * out / width), 0.0])
        tile, low = tiles(depth, width * 0.65, roof, seed % 5), height + 0.06 - out * rise / width * 2
        left = (np.array([-out, low, depth]), np.array([-out, low, -out]))
        right = (np.array([width + out, low, -out]), np.array([width + out, low, depth]))
        model.panel(place, left, slope, tile, thing, both=True)
        model.panel(place, right, slope * [-1, 1, 1], tile, thing, both=True)
    x = width * 0.7
    stack = (x, x + 0.9, height + rise * 0.4, height + rise + 0.7, depth * 0.5, depth * 0.5 + 0.7)
    model.box(place, stack, {"all": chimney()}, thing)
    model.footprint(place, 0, width, 0, depth)
    return thing


def build_row(
    model: Model, start: Place, length: float, seed: int, low: float = 6.6, high: float = 10.2, adjoins: bool = False
) -> None:
    """Houses wall to wall, from `start` to the right as seen from the street, `length` metres."""
    random = np.random.default_rng(seed)
    x, number = 0.0, 0
    while x < length - 3:
        width = min(float(random.choice([6.0, 7.2, 8.4])), length - x)
        height = round(float(random.uniform(low, high)), 1)
        corner = start.at(x, 0, 0)
        number += 1
        build_house(model, Place(corner[0], corner[2], start.turn), width, height, 8.5, seed * 13 + number, adjoins)
        x += width
