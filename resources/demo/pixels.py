"""Typed doors to the few OpenCV calls the renderer needs, and its noise."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Bytes: TypeAlias = NDArray[np.uint8]
Bools: TypeAlias = NDArray[np.bool_]


def resized(image: Floats, size: tuple[int, int]) -> Floats:
    """`image` (h, w[, c]) at `size` (width, height): averaged when smaller, cubic when larger."""
    way = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.float32)


def shrunk(image: Bytes, size: tuple[int, int]) -> Bytes:
    """`image` (h, w[, c]) averaged down to `size` (width, height)."""
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def blurred(image: Floats, sigma: float) -> Floats:
    """Gaussian blur with `sigma` in pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.float32)


def sampled(image: Bytes, columns: Floats, rows: Floats, wrap: bool = False) -> Bytes:
    """`image` (h, w, c) read between its pixels at the maps `columns` and `rows` (both (h', w'), in pixels)."""
    border = cv2.BORDER_WRAP if wrap else cv2.BORDER_REPLICATE
    return np.asarray(cv2.remap(image, columns, rows, cv2.INTER_LINEAR, borderMode=border), dtype=np.uint8)


def sampled_floats(image: Floats, columns: Floats, rows: Floats) -> Floats:
    """The same for float images, nearest pixel, repeated beyond the border."""
    found = cv2.remap(image, columns, rows, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.float32)


def shifted(image: Floats, columns: float, rows: float) -> Floats:
    """out[y, x] = image[y + rows, x + columns], repeated beyond the border."""
    move = np.array([[1, 0, columns], [0, 1, rows]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (image.shape[1], image.shape[0])
    return np.asarray(cv2.warpAffine(image, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)


def put(target: Bytes, source: Bytes, where: Bools) -> None:
    """target[where] = source[where] for images (h, w, c) and a mask (h, w), in place and fast."""
    cv2.copyTo(source, where.view(np.uint8), target)


def clouds_of(shape: tuple[int, int], cell: float, seed: int, octaves: int = 4) -> Floats:
    """Smooth noise (h, w) about 0 with standard deviation near 1; `cell` is the largest feature in pixels."""
    random = np.random.default_rng(seed)
    total = np.zeros(shape, np.float32)
    weight = 1.0
    for octave in range(octaves):
        step = max(cell / 2**octave, 1.0)
        grid = random.standard_normal((int(shape[0] / step) + 3, int(shape[1] / step) + 3)).astype(np.float32)
        total += weight * resized(grid, (shape[1], shape[0]))
        weight *= 0.55
    return total / np.float32(max(float(total.std()), 1e-6))


@lru_cache(maxsize=8)
def tile_noise(side: int, slope: float, seed: int) -> Floats:
    """Noise (side, side) that repeats without a seam, standard deviation 1; a larger `slope` is smoother."""
    random = np.random.default_rng(seed)
    white = np.fft.rfft2(random.standard_normal((side, side)))
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    frequency[0, 0] = 1.0
    white /= frequency**slope
    white[0, 0] = 0.0
    noise = np.fft.irfft2(white, s=(side, side))
    return np.asarray(noise / noise.std(), dtype=np.float32)


def ramp(values: Floats, low: float, high: float) -> Floats:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1).astype(np.float32)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)
