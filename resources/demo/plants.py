"""Trees and bushes as cut-outs, leaf by leaf."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from resources.demo.pixels import Bytes, Floats, blurred, resized
from resources.demo.relief import Relief, relief_of

GREENS: tuple[tuple[int, int, int], ...] = ((84, 96, 50), (70, 88, 52), (98, 104, 56), (64, 80, 56), (140, 112, 58))
PPM = 46.0
DABS = 58


def _trunk(colour: Bytes, cover: Bytes, foot: tuple[float, float], crown: float, random: np.random.Generator) -> None:
    """A stem with five branches into the crown."""
    height = cover.shape[0]
    bark = (86, 72, 58)
    base, middle = foot[0], height - crown * 2
    ring = np.array([[base - foot[1], height], [base + foot[1], height], [base + 4, middle], [base - 4, middle]])
    cv2.fillPoly(colour, [ring.astype(np.int32)], bark)
    cv2.fillPoly(cover, [ring.astype(np.int32)], (255,))
    for _ in range(6):
        end = (int(base + random.uniform(-0.3, 0.3) * cover.shape[1]), int(middle * random.uniform(0.25, 0.7)))
        start = (int(base), int(middle + 10))
        cv2.line(colour, start, end, bark, 7)
        cv2.line(cover, start, end, (255,), 7)


def _leaves(
    colour: Bytes,
    cover: Bytes,
    depth: Floats,
    box: tuple[float, float, float, float],
    seed: int,
    tint: tuple[int, int, int],
) -> None:
    """Clusters of leaves in the ellipse `box` (x, y, half width, half height), dark ones behind, light ones on top."""
    random = np.random.default_rng(seed)
    x, y, wide, tall = box
    clusters = 150
    angle, reach = random.uniform(0, 2 * np.pi, clusters), np.sqrt(random.uniform(0, 1, clusters)) * 0.86
    cx, cy = x + np.cos(angle) * reach * wide, y + np.sin(angle) * reach * tall
    front = random.uniform(-1, 1, clusters) * np.sqrt(np.maximum(1 - reach**2, 0.05))
    size = random.uniform(0.15, 0.27, clusters) * min(wide, tall)
    hue = random.uniform(-10, 14, clusters)
    order = np.repeat(np.argsort(front), DABS)
    turn, far = random.uniform(0, 2 * np.pi, len(order)), np.sqrt(random.uniform(0, 1, len(order))) * size[order]
    px, py = (cx[order] + np.cos(turn) * far).astype(int), (cy[order] + np.sin(turn) * far * 0.9).astype(int)
    light = 0.86 + 0.2 * front[order] - 0.16 * (py - cy[order]) / size[order]
    light += random.uniform(-0.1, 0.16, len(order))
    warm = (random.uniform(-6, 10, len(order)) + hue[order])[:, None] * (1.0, 0.5, 0.0)
    shades = np.clip(np.array(tint) * light[:, None] * (1.25, 1.25, 1.2) + warm, 0, 255).astype(int).tolist()
    bulges = (front[order] + 0.25 * (1 - far / size[order])).tolist()
    sizes = random.integers((4, 2), (9, 5), (len(order), 2)).tolist()
    spins = random.uniform(0, 180, len(order)).tolist()
    for at, shade, bulge, half, spin in zip(
        zip(px.tolist(), py.tolist(), strict=True), shades, bulges, sizes, spins, strict=True
    ):
        cv2.ellipse(colour, at, half, spin, 0, 360, shade, -1)
        cv2.ellipse(cover, at, half, spin, 0, 360, (255,), -1)
        cv2.ellipse(depth, at, half, spin, 0, 360, (bulge,), -1)


@lru_cache(maxsize=24)
def tree(seed: int, width: float = 6.0, height: float = 8.5, stem: float = 2.2) -> Relief:
    """A tree of `width` by `height` metres whose crown begins `stem` metres above the ground; stem 0 is a bush."""
    random = np.random.default_rng(seed)
    scale = PPM * 2
    shape = (round(height * scale), round(width * scale))
    colour, cover = np.zeros((*shape, 3), np.uint8), np.zeros(shape, np.uint8)
    depth = np.zeros(shape, np.float32)
    if stem > 0:
        _trunk(colour, cover, (shape[1] / 2, scale * 0.2), stem * scale / 2, random)
    crown = (height - stem * 0.8) * scale / 2
    _leaves(
        colour, cover, depth, (shape[1] / 2, crown, shape[1] / 2 * 0.95, crown * 0.97), seed, GREENS[seed % len(GREENS)]
    )
    small = (shape[1] // 2, shape[0] // 2)
    alpha = resized(cover.astype(np.float32) / np.float32(255), small)
    paint = resized(colour.astype(np.float32) / np.float32(255), small) / np.maximum(alpha, 0.1)[..., None]
    bulge = blurred(resized(depth, small), 1.2) * np.float32(min(width, height) * 0.035)
    rows, columns = np.indices(alpha.shape, dtype=np.float32)
    middle_y = crown / 2
    reach = ((columns - small[0] / 2) / (small[0] / 2)) ** 2 + ((rows - middle_y) / middle_y) ** 2
    bulge += np.sqrt(np.maximum(1.05 - reach, 0)).astype(np.float32) * np.float32(width * 0.42)
    return relief_of((width, height), np.clip(paint, 0, 1).astype(np.float32), bulge, alpha, np.zeros_like(alpha))
