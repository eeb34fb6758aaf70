"""Random views of photographs: a homography to a small crop, then light, weather, camera and things in front.

Everything is drawn from one generator, so the same seed gives the same views on any machine.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.premask.training.correspondences import Grey, Points

WIDTH, HEIGHT = 448, 352
"""Pixels of a training view; multiples of 32."""


def random_homography(
    rng: np.random.Generator, centre: NDArray[np.float32], scale: float, strength: float
) -> NDArray[np.float64]:
    """Map a photograph to a view around `centre` (xy) at `scale` view pixels per photograph pixel.

    `strength` 0..1 sets how much rotation (up to 25 degrees), shear and perspective there is.
    """
    angle = np.deg2rad(rng.uniform(-25, 25) * strength)
    stretch = np.exp(rng.uniform(-0.35, 0.35) * strength)
    shear = rng.uniform(-0.35, 0.35) * strength
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.array([[stretch, shear], [0, 1 / stretch]])
    tilt = rng.uniform(-6e-4, 6e-4, 2) * strength
    target = np.array([WIDTH, HEIGHT]) * rng.uniform(0.35, 0.65, 2)
    to_origin = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1]], dtype=np.float64)
    bend = np.array([[*linear[0], 0], [*linear[1], 0], [*tilt, 1]])
    back = np.array([[1, 0, target[0]], [0, 1, target[1]], [0, 0, 1]], dtype=np.float64)
    return np.asarray(back @ bend @ to_origin)


def warp(image: Grey, homography: NDArray[np.float64], scale: float) -> NDArray[np.float32]:
    """The view `(HEIGHT, WIDTH)` float32 0..1; blurred first where it shrinks, against aliasing."""
    if scale < 0.75:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 / scale), dtype=np.uint8)
    view = cv2.warpPerspective(image, homography, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return (view / 255).astype(np.float32)


def project(points: Points, homography: NDArray[np.float64]) -> Points:
    """Points `(n, 2)` of the photograph in the view."""
    if not len(points):
        return points
    return np.asarray(cv2.perspectiveTransform(points[None], homography)[0], dtype=np.float32)


def weathered(rng: np.random.Generator, view: NDArray[np.float32]) -> NDArray[np.float32]:
    """Another light on the same place: gamma, contrast, night, gradient of light, blur, noise, things in front."""
    out: NDArray[np.float32] = view ** np.float32(np.exp(rng.uniform(-0.8, 0.8)))
    out = (out - 0.5) * np.float32(rng.uniform(0.5, 1.4)) + np.float32(0.5 + rng.uniform(-0.2, 0.2))
    if rng.random() < 0.35:
        out = out * _light(rng)
    if rng.random() < 0.12:
        out = _night(rng, out)
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6)).astype(np.float32)
    if rng.random() < 0.3:
        out = _things_in_front(rng, out)
    if rng.random() < 0.5:
        out = out + rng.normal(0, rng.uniform(0.005, 0.05), out.shape).astype(np.float32)
    return np.clip(out, 0, 1).astype(np.float32)


def _light(rng: np.random.Generator) -> NDArray[np.float32]:
    corners = rng.uniform(0.35, 1.3, (3, 4)).astype(np.float32)
    return np.asarray(cv2.resize(corners, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _night(rng: np.random.Generator, view: NDArray[np.float32]) -> NDArray[np.float32]:
    """Dark with lamps: the light comes from below and the sky is black."""
    dark = np.clip(view, 0, 1) ** rng.uniform(1.2, 2.2)
    height = np.linspace(rng.uniform(0.05, 0.4), rng.uniform(0.6, 1.1), HEIGHT, dtype=np.float32)[:, None]
    return np.asarray(dark * height, dtype=np.float32)


def _things_in_front(rng: np.random.Generator, view: NDArray[np.float32]) -> NDArray[np.float32]:
    out = view.copy()
    for _ in range(int(rng.integers(1, 4))):
        at = (int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT)))
        axes = (int(rng.integers(8, WIDTH // 6)), int(rng.integers(8, HEIGHT // 4)))
        cover = np.zeros(view.shape, np.uint8)
        cv2.ellipse(cover, at, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
        texture = cv2.resize(rng.random((40, 50)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        out[cover > 0] = (rng.uniform(0, 0.7) + 0.3 * texture)[cover > 0]
    return out
