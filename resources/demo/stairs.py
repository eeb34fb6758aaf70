"""Flights of steps before a building."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from resources.demo.masonry import stone
from resources.demo.model import Model, Place
from resources.demo.relief import Colour, Relief


@lru_cache(maxsize=8)
def riser(width: float, height: float, colour: Colour) -> Relief:
    """The upright front of one step, darker towards its foot, with a light nose along the top."""
    wall = stone(width, height, colour, 45)
    fall = np.clip(wall.y / np.float32(height), 0, 1)
    wall.colour *= (0.60 + 0.22 * fall)[..., None]
    wall.block(0, height - 0.05, width, height, (min(colour[0] * 1.12, 1), min(colour[1] * 1.12, 1), colour[2]), 0.03)
    return wall.done()


@lru_cache(maxsize=8)
def tread(width: float, depth: float, colour: Colour) -> Relief:
    """The flat of one step, darker where the next one rises."""
    wall = stone(width, depth, colour, 46)
    back = np.clip((depth - wall.y) / 0.3, 0, 1)
    wall.colour *= (0.72 + 0.28 * back)[..., None]
    return wall.done()


def build_stairs(
    model: Model,
    place: Place,
    half: float,
    top: float,
    count: int,
    run: float,
    widen: float,
    colour: Colour,
    thing: int,
) -> None:
    """`count` steps down from height `top` to the ground towards the front, each `run` metres deep.

    The flight is 2 `half` metres wide on top and grows by `widen` at both sides with every step.
    """
    rise = top / count
    width = round(2 * half, 1)
    for i in range(count):
        x, y, z = half + widen * i, top - rise * i, -run * (i + 1)
        model.face(place, "front", (-x, x, y - rise, y, z, z), riser(width, round(rise, 2), colour), thing)
        model.face(place, "top", (-x, x, y, y, z, z + run), tread(width, run, colour), thing)
        for side in ("left", "right"):
            model.face(place, side, (-x, x, 0.0, y, z, z + run), riser(run, 0.4, colour), thing)
