"""What is set into and onto walls: windows, doors, arches, ledges, battlements, clocks."""

from __future__ import annotations

import cv2
import numpy as np

from resources.demo.pixels import Floats
from resources.demo.relief import Colour, Painter

GLASS: Colour = (0.17, 0.21, 0.26)
FRAME: Colour = (0.93, 0.92, 0.88)


def arch_distance(
    wall: Painter, where: tuple[slice, slice], x: float, y: float, width: float, height: float, sharp: bool
) -> Floats:
    """Signed distance in metres (negative inside) to an opening with an arched top; `x` is its middle, `y` its foot."""
    across, up = wall.x[:, where[1]] - np.float32(x), wall.y[where[0]] - np.float32(y)
    half = width / 2
    if sharp:
        radius = width * 0.9
        spring = height - float(np.sqrt(radius**2 - (radius - half) ** 2))
        top = np.hypot(np.abs(across) + np.float32(radius - half), np.maximum(up - spring, 0)) - radius
    else:
        spring = height - half
        top = np.hypot(across, np.maximum(up - spring, 0)) - half
    return np.asarray(np.maximum(top, -up), dtype=np.float32)


def arch(
    wall: Painter, x: float, y: float, width: float, height: float, *, sharp: bool, rim: Colour, open_: bool = True
) -> None:
    """An arch with stepped mouldings; open ones are see-through, others a deep niche."""
    where = wall.part(x - width / 2 - 1, y, x + width / 2 + 1, y + height + 1)
    distance = arch_distance(wall, where, x, y, width, height, sharp)
    band = min(0.16, width * 0.07)
    for step, level in ((3.0, 0.10), (2.2, 0.03), (1.5, 0.13), (0.8, 0.0), (0.0, -0.14)):
        shade = 1.0 - 0.05 * (3 - step)
        colour = (rim[0] * shade, rim[1] * shade, rim[2] * shade)
        wall.lay(where, wall.cover(distance - np.float32(step * band)), colour, level)
    inside = wall.cover(distance)
    if open_:
        wall.alpha[where] *= 1 - inside
    else:
        wall.lay(where, inside, (rim[0] * 0.62, rim[1] * 0.62, rim[2] * 0.62), -0.3)


def _bar(wall: Painter, where: tuple[slice, slice], colour: Colour) -> None:
    """A bar before the glass only, which does not shine."""
    before = (wall.height[where] < -0.1).astype(np.float32)
    wall.lay(where, before, colour, -0.12)
    wall.glow[where] *= 1 - before


def _panes(wall: Painter, box: tuple[float, float, float, float], grid: tuple[int, int], bar: Colour) -> None:
    """Bars that part a window of `box` (x0, y0, x1, y1) into grid (columns, rows) panes."""
    x0, y0, x1, y1 = box
    for i in range(1, grid[0]):
        at = x0 + (x1 - x0) * i / grid[0]
        where = wall.part(at - 0.03, y0, at + 0.03, y1)
        _bar(wall, where, bar)
    for j in range(1, grid[1]):
        at = y0 + (y1 - y0) * j / grid[1]
        where = wall.part(x0, at - 0.025, x1, at + 0.025)
        _bar(wall, where, bar)


def window(
    wall: Painter, x: float, y: float, width: float, height: float, *, rim: Colour, seed: int,
    arched: str = "flat", bars: Colour = FRAME, grid: tuple[int, int] = (2, 3),
) -> None:  # fmt: skip
    """A window with surround, sill, recessed glass and bars; `arched` is flat, round or sharp."""
    where = wall.part(x - width / 2 - 0.3, y - 0.3, x + width / 2 + 0.3, y + height + 0.4)
    if arched == "flat":
        across = np.abs(wall.x[:, where[1]] - np.float32(x)) - np.float32(width / 2)
        up = np.abs(wall.y[where[0]] - np.float32(y + height / 2)) - np.float32(height / 2)
        distance = np.asarray(np.maximum(across, up), np.float32)
    else:
        distance = arch_distance(wall, where, x, y, width, height, arched == "sharp")
    wall.lay(where, wall.cover(distance - np.float32(0.15)), rim, 0.07)
    inside = wall.cover(distance)
    wall.lay(where, inside, GLASS, -0.22)
    random = np.random.default_rng(seed)
    slope = (wall.y[where[0]] - np.float32(y)) / np.float32(height) + 0.35 * (wall.x[:, where[1]] - np.float32(x))
    shine = np.float32(random.uniform(0.05, 0.30)) * np.clip(slope, 0, 1.4)
    wall.colour[where] += (inside * shine)[..., None] * np.asarray((0.75, 0.9, 1.1), np.float32)
    if random.random() < 0.45:
        curtain = inside * (np.abs(wall.x[:, where[1]] - np.float32(x)) > width * 0.28)
        wall.colour[where] += curtain[..., None] * np.asarray((0.28, 0.26, 0.22), np.float32)
    warm = np.clip(0.62 + 0.5 * slope, 0.5, 1) * np.float32(random.choice([0.0, 0.0, 0.5, 0.9]))
    wall.glow[where] = np.maximum(wall.glow[where], inside * warm)
    edge = wall.cover(distance) - wall.cover(distance + np.float32(0.06))
    wall.lay(where, edge, bars, -0.12)
    wall.glow[where] *= 1 - np.clip(edge, 0, 1)
    _panes(wall, (x - width / 2, y, x + width / 2, y + height), grid, bars)
    wall.block(x - width / 2 - 0.2, y - 0.16, x + width / 2 + 0.2, y - 0.02, rim, 0.16)


def ledge(wall: Painter, y: float, thick: float, out: float, colour: Colour) -> None:
    """A moulding across the whole wall: three steps, the widest on top, and a stain below."""
    width = wall.size[0]
    below = wall.part(0, y - 0.5, width, y)
    fall = np.clip((np.float32(y) - wall.y[below[0]]) / 0.5, 0, 1).astype(np.float32)
    wall.tint(below, np.broadcast_to(0.86 + 0.14 * fall, wall.height[below].shape))
    for i in range(3):
        shade = 0.94 + 0.04 * i
        tone = (colour[0] * shade, colour[1] * shade, colour[2] * shade)
        wall.block(0, y + thick * i / 3, width, y + thick * (i + 1) / 3, tone, out * (i + 1) / 3)


def battlements(wall: Painter, y: float, tooth: float, colour: Colour) -> None:
    """Cut gaps into everything above `y`, and cap the teeth."""
    where = wall.part(0, y, wall.size[0], wall.size[1])
    teeth = max(round(wall.size[0] / tooth), 1)
    pitch = wall.size[0] / teeth
    phase = (wall.x[:, where[1]] / np.float32(pitch)) % 1.0
    solid = (np.abs(phase - 0.5) < 0.27).astype(np.float32)
    wall.alpha[where] *= np.broadcast_to(solid, wall.height[where].shape)
    wall.block(0, wall.size[1] - 0.14, wall.size[0], wall.size[1], colour, 0.09)
    wall.block(0, y - 0.14, wall.size[0], y, colour, 0.09)


def door(wall: Painter, x: float, width: float, height: float, *, rim: Colour, wood: Colour, y: float = 0.0) -> None:
    """A panelled door with a surround and a light above it."""
    wall.block(x - width / 2 - 0.2, y, x + width / 2 + 0.2, y + height + 0.25, rim, 0.1)
    wall.block(x - width / 2, y, x + width / 2, y + height, wood, -0.25)
    for side in (-1, 1):
        for low, high in ((0.1, 0.42), (0.48, 0.78)):
            middle = x + side * width * 0.24
            dark = (wood[0] * 0.72, wood[1] * 0.72, wood[2] * 0.72)
            wall.block(middle - width * 0.17, y + height * low, middle + width * 0.17, y + height * high, dark, -0.3)
    wall.block(x - width * 0.44, y + height * 0.83, x + width * 0.44, y + height * 0.96, (0.25, 0.28, 0.3), -0.34)
    wall.glow[wall.part(x - width * 0.44, y + height * 0.83, x + width * 0.44, y + height * 0.96)] = 0.8


def clock(wall: Painter, x: float, y: float, radius: float, hour: float) -> None:
    """A clock face with gilded numerals and hands."""
    where = wall.part(x - radius * 1.4, y - radius * 1.4, x + radius * 1.4, y + radius * 1.4)
    distance = np.hypot(wall.x[:, where[1]] - np.float32(x), wall.y[where[0]] - np.float32(y)).astype(np.float32)
    gold, face = (0.85, 0.68, 0.3), (0.11, 0.17, 0.3)
    wall.lay(where, wall.cover(distance - np.float32(radius * 1.18)), (0.8, 0.75, 0.64), 0.16)
    wall.lay(where, wall.cover(distance - np.float32(radius)), face, 0.02)
    ring = np.abs(distance - np.float32(radius * 0.93)) - np.float32(radius * 0.035)
    wall.lay(where, wall.cover(ring), gold, 0.05)
    scale, (rows, columns) = wall.scale[0], wall.height.shape
    del columns

    def at(angle: float, part: float) -> tuple[int, int]:
        east, north = x + radius * part * np.sin(angle), y + radius * part * np.cos(angle)
        return int(east * scale), int(rows - north * wall.scale[1])

    strokes = [(2 * np.pi * i / 12, 0.7, 0.86) for i in range(12)]
    strokes += [(2 * np.pi * hour / 12, -0.1, 0.5), (2 * np.pi * hour, -0.1, 0.74)]
    for angle, near, far in strokes:
        cv2.line(wall.colour, at(angle, near), at(angle, far), gold, max(round(radius * scale * 0.07), 1), cv2.LINE_AA)
