"""Cut-out figures: people, cars, lamp posts, a market stall, and panels of an iron fence."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from resources.demo.pixels import Bytes, Floats, resized
from resources.demo.relief import Relief, relief_of

Rgb = tuple[int, int, int]
SKIN: tuple[Rgb, ...] = ((206, 160, 130), (176, 128, 98), (124, 86, 64), (196, 148, 120))
CLOTHES: tuple[Rgb, ...] = (
    (52, 64, 88), (134, 66, 60), (206, 200, 188), (82, 98, 84), (184, 152, 92), (60, 58, 62), (118, 140, 168),
    (174, 108, 96),
)  # fmt: skip
CARS: tuple[Rgb, ...] = ((168, 44, 40), (52, 84, 132), (206, 206, 202), (58, 62, 66), (84, 116, 100), (214, 182, 96))
IRON: Rgb = (38, 42, 44)
FINE = 4


class Sketch:
    """Draws filled shapes in metres (origin at the middle of the foot, y up) and keeps what they cover."""

    def __init__(self, width: float, height: float, ppm: float) -> None:
        self.size, self.ppm = (width, height), ppm
        shape = (round(height * ppm) * FINE, round(width * ppm) * FINE)
        self.colour: Bytes = np.zeros((*shape, 3), np.uint8)
        self.cover: Bytes = np.zeros(shape, np.uint8)

    def pixels(self, points: list[tuple[float, float]]) -> NDArray[np.int32]:
        """Points in metres as pixels of the fine picture."""
        spots = np.array(points, float)
        x = (spots[:, 0] + self.size[0] / 2) * self.ppm * FINE
        y = (self.size[1] - spots[:, 1]) * self.ppm * FINE
        return np.column_stack([x, y]).round().astype(np.int32)

    def shape(self, points: list[tuple[float, float]], colour: Rgb) -> None:
        """A filled polygon."""
        ring = self.pixels(points)
        cv2.fillPoly(self.colour, [ring], colour)
        cv2.fillPoly(self.cover, [ring], (255,))

    def oval(self, x: float, y: float, half: tuple[float, float], colour: Rgb) -> None:
        """A filled ellipse with half axes `half`."""
        angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        self.shape([(x + half[0] * float(np.cos(a)), y + half[1] * float(np.sin(a))) for a in angles], colour)

    def limb(self, points: list[tuple[float, float]], width: float, colour: Rgb) -> None:
        """A thick line with round ends."""
        line, thick = self.pixels(points), max(round(width * self.ppm * FINE), 1)
        cv2.polylines(self.colour, [line], False, colour, thick)
        cv2.polylines(self.cover, [line], False, (255,), thick)

    def relief(self, round_: float, glow: Floats | None = None) -> Relief:
        """The figure, bulging `round_` metres at most from its outline inwards."""
        inner = cv2.distanceTransform(self.cover, cv2.DIST_L2, 5) / np.float32(self.ppm * FINE)
        bulge = np.sqrt(np.maximum(2 * round_ * np.minimum(inner, round_) - np.minimum(inner, round_) ** 2, 0))
        size = (self.cover.shape[1] // FINE, self.cover.shape[0] // FINE)
        alpha = resized(self.cover.astype(np.float32) / np.float32(255), size)
        paint = resized(self.colour.astype(np.float32) / np.float32(255), size)
        paint = np.asarray(paint / np.maximum(alpha, 0.05)[..., None], np.float32)
        height = resized(np.asarray(bulge, np.float32), size)
        return relief_of(
            self.size,
            np.clip(paint, 0, 1),
            height,
            alpha,
            np.zeros_like(alpha) if glow is None else resized(glow, size),
        )


def _darker(colour: Rgb, factor: float) -> Rgb:
    return (int(colour[0] * factor), int(colour[1] * factor), int(colour[2] * factor))


@lru_cache(maxsize=24)
def person(seed: int) -> Relief:
    """Somebody who stands or walks, 1.6 to 1.85 m tall."""
    random = np.random.default_rng(seed)
    tall = float(random.uniform(1.6, 1.85)) / 1.75
    skin = SKIN[int(random.integers(len(SKIN)))]
    top, legs = (CLOTHES[int(i)] for i in random.choice(len(CLOTHES), 2, replace=False))
    hair = _darker(((96, 70, 48), (46, 36, 30), (170, 132, 84), (120, 112, 104))[int(random.integers(4))], 1.0)
    stride = float(random.uniform(0.04, 0.2))
    figure = Sketch(0.9, 1.9, 90)
    t = tall
    skirt = random.random() < 0.3
    for sign, shade in ((-1.0, 0.8), (1.0, 1.0)):
        foot = sign * (stride + 0.05)
        colour = skin if skirt else _darker(legs, shade)
        figure.limb([(sign * 0.06, 0.86 * t), (foot * 0.75, 0.48 * t), (foot, 0.09)], 0.14 * t, _darker(colour, shade))
        figure.limb([(foot - 0.02, 0.05), (foot + 0.1, 0.045)], 0.09, (44, 38, 34))
    if skirt:
        figure.shape([(-0.15, 0.98 * t), (0.15, 0.98 * t), (0.25, 0.5 * t), (-0.25, 0.5 * t)], legs)
    figure.limb([(-0.2, 1.36 * t), (-0.27, 1.08 * t), (-0.22 - stride * 0.4, 0.84 * t)], 0.11, _darker(top, 0.78))
    body = [(-0.22, 1.42 * t), (-0.08, 1.5 * t), (0.08, 1.5 * t), (0.22, 1.42 * t), (0.18, 1.1 * t), (0.2, 0.84 * t)]
    figure.shape([*body, (-0.2, 0.84 * t), (-0.18, 1.1 * t)], top)
    figure.limb([(0.21, 1.36 * t), (0.27, 1.1 * t), (0.24 + stride * 0.5, 0.86 * t)], 0.11, _darker(top, 0.88))
    figure.oval(0.25 + stride * 0.5, 0.81 * t, (0.05, 0.06), skin)
    figure.limb([(0, 1.46 * t), (0, 1.54 * t)], 0.1, _darker(skin, 0.85))
    figure.oval(0, 1.655 * t, (0.088, 0.118), hair)
    if random.random() < 0.55:
        figure.oval(0.02, 1.63 * t, (0.068, 0.09), skin)
    if random.random() < 0.5:
        leather = _darker(CLOTHES[int(random.integers(len(CLOTHES)))], 0.8)
        figure.limb([(-0.16, 1.44 * t), (-0.24, 1.02 * t)], 0.025, leather)
        figure.shape([(-0.34, 1.04 * t), (-0.15, 1.04 * t), (-0.14, 0.84 * t), (-0.35, 0.84 * t)], leather)
    return figure.relief(0.045)


@lru_cache(maxsize=12)
def car(seed: int) -> Relief:
    """A small car or van from its side."""
    paint = CARS[seed % len(CARS)]
    van = seed % 4 == 3
    sketch = Sketch(4.6, 2.3 if van else 1.7, 70)
    sketch.shape([(-2.0, 0.18), (2.0, 0.18), (2.0, 0.42), (-2.0, 0.42)], (26, 26, 28))
    if van:
        body = [
            (-2.15, 0.35),
            (-2.15, 2.0),
            (-2.0, 2.14),
            (0.9, 2.14),
            (1.25, 1.95),
            (1.75, 1.15),
            (2.15, 0.98),
            (2.2, 0.35),
        ]
        panes = [
            [(0.15, 1.2), (0.15, 1.92), (0.92, 1.92), (1.42, 1.2)],
            [(-1.9, 1.2), (-1.9, 1.85), (-0.1, 1.85), (-0.1, 1.2)],
        ]
    else:
        body = [(-2.15, 0.35), (-2.18, 0.8), (-2.05, 0.98), (-1.5, 1.06), (-0.95, 1.46), (-0.2, 1.54), (0.45, 1.48)]
        body += [(1.1, 1.04), (1.85, 0.92), (2.12, 0.76), (2.18, 0.35)]
        panes = [
            [(-1.3, 1.05), (-0.88, 1.38), (-0.3, 1.44), (-0.3, 1.05)],
            [(-0.2, 1.05), (-0.2, 1.44), (0.4, 1.39), (0.9, 1.05)],
        ]
    sketch.shape(body, paint)
    sketch.shape([(-2.15, 0.35), (2.18, 0.35), (2.17, 0.52), (-2.16, 0.52)], _darker(paint, 0.6))
    sketch.limb([(-2.1, 0.86), (2.0, 0.84)], 0.035, _darker(paint, 1.18))
    for pane in panes:
        sketch.shape(pane, (50, 62, 72))
        (x0, y0), (x1, y1) = pane[0], pane[1]
        sketch.shape(
            [(x0 + 0.1, y0 + 0.05), (x1 + 0.12, y1 - 0.04), (x1 + 0.26, y1 - 0.04), (x0 + 0.3, y0 + 0.05)],
            (120, 140, 152),
        )
    sketch.limb([(-0.25, 0.45), (-0.25, 1.02)], 0.02, _darker(paint, 0.6))
    sketch.oval(2.06, 0.72, (0.1, 0.08), (250, 240, 210))
    sketch.oval(-2.1, 0.76, (0.06, 0.1), (196, 40, 36))
    for x in (-1.35, 1.38):
        sketch.oval(x, 0.34, (0.38, 0.38), _darker(paint, 0.35))
        sketch.oval(x, 0.32, (0.32, 0.32), (30, 30, 32))
        sketch.oval(x, 0.32, (0.19, 0.19), (168, 170, 174))
        sketch.oval(x, 0.32, (0.07, 0.07), (80, 82, 86))
    return sketch.relief(0.3)


@lru_cache(maxsize=2)
def lamp() -> Relief:
    """A thin lamp post with a lantern, 4.6 m tall."""
    sketch = Sketch(0.7, 4.6, 70)
    sketch.shape([(-0.13, 0), (0.13, 0), (0.09, 0.5), (0.045, 0.7), (-0.045, 0.7), (-0.09, 0.5)], IRON)
    sketch.limb([(0, 0.5), (0, 3.85)], 0.085, IRON)
    sketch.limb([(-0.22, 3.6), (0.22, 3.6)], 0.04, IRON)
    sketch.shape([(-0.1, 3.8), (0.1, 3.8), (0.19, 4.3), (-0.19, 4.3)], (240, 226, 180))
    sketch.limb([(-0.1, 3.8), (-0.19, 4.3)], 0.03, IRON)
    sketch.limb([(0.1, 3.8), (0.19, 4.3)], 0.03, IRON)
    sketch.shape([(-0.24, 4.3), (0.24, 4.3), (0.06, 4.5), (0.0, 4.6), (-0.06, 4.5)], IRON)
    glow = np.zeros(sketch.cover.shape, np.float32)
    cv2.fillPoly(glow, [sketch.pixels([(-0.08, 3.82), (0.08, 3.82), (0.16, 4.28), (-0.16, 4.28)])], (1.0,))
    return sketch.relief(0.05, glow)


@lru_cache(maxsize=2)
def fence() -> Relief:
    """Two metres of an iron fence: thin bars with points, two rails."""
    sketch = Sketch(2.0, 1.25, 80)
    for x in np.arange(-0.95, 1.0, 0.16):
        sketch.limb([(float(x), 0.0), (float(x), 1.1)], 0.025, IRON)
        sketch.shape([(float(x) - 0.025, 1.08), (float(x) + 0.025, 1.08), (float(x), 1.22)], IRON)
    for y in (0.15, 0.95):
        sketch.limb([(-1.0, y), (1.0, y)], 0.035, IRON)
    return sketch.relief(0.015)


@lru_cache(maxsize=4)
def stall(seed: int) -> Relief:
    """A market stall with a striped roof and boxes of fruit."""
    stripes: Rgb = ((186, 62, 54), (64, 110, 146), (84, 128, 84))[seed % 3]
    sketch = Sketch(3.4, 2.8, 70)
    for x in (-1.4, 1.4):
        sketch.limb([(x, 0), (x, 2.1)], 0.07, (110, 84, 60))
    sketch.shape([(-1.45, 0.0), (1.45, 0.0), (1.45, 0.95), (-1.45, 0.95)], (132, 98, 66))
    for i in range(6):
        sketch.shape(
            [(-1.4 + i * 0.48, 0.1), (-0.98 + i * 0.48, 0.1), (-0.98 + i * 0.48, 0.8), (-1.4 + i * 0.48, 0.8)],
            (120, 86, 56),
        )
    random = np.random.default_rng(seed)
    fruit: tuple[Rgb, ...] = ((206, 70, 48), (228, 160, 50), (120, 150, 62), (226, 200, 90), (150, 60, 80))
    for i in range(72):
        crate = i % 6
        x, y = -1.2 + crate * 0.48 + float(random.uniform(-0.18, 0.18)), 0.97 + float(random.uniform(0, 0.14))
        sketch.oval(x, y, (0.055, 0.055), _darker(fruit[crate % 5], float(random.uniform(0.8, 1.0))))
    for i in range(10):
        x0, x1 = -1.65 + i * 0.33, -1.32 + i * 0.33
        shade = stripes if i % 2 else (238, 232, 220)
        sketch.shape([(x0, 2.0), (x1, 2.0), (x1 * 0.8, 2.7), (x0 * 0.8, 2.7)], shade)
        sketch.oval((x0 + x1) / 2, 2.0, (0.165, 0.14), _darker(shade, 0.86))
    return sketch.relief(0.12)
