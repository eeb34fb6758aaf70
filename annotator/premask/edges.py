"""Outlines that follow the edges of the image: a warped mask is right about where a border is, not to the pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.features import Floats, Pixels
from annotator.premask.sampling import resized, resized_floats
from annotator.premask.window import Window

REACH = 0.055
"""Share of the object's size by which an outline may move towards an edge at most."""

MISSES = 3.0
"""It moves no further than so many times the median miss of the geometry's matches: an exact warp is kept."""

RADIUS = 0.13
"""Share of the object's size over which a pixel's colours are compared with those around it."""

EVIDENCE = 0.5
"""Weight of the probability of the evidence beside the mask itself, in what the colours explain."""

SMOOTH = 1e-3
"""Variance of colours, 0 to 1 each, below which a patch counts as of one colour."""

NOTCH = 0.033
"""Share of the object's size up to which a notch is closed: outlines with fewer vertices to edit, and tips are kept."""


def drawn_to_edges(mask: Mask, left: Mask, window: Window, inside: Floats, residual: float) -> Mask:
    """`mask` of the index image's working size with its outline drawn to the image's edges.

    `left` `(h, w)` is the mask in the window, `inside` the probability there, `residual` the median miss over the
    object's size. Only pixels near the outline change: to what a guided filter makes of mask and probability.
    """
    size = window.size
    reach = max(1, round(min(REACH, MISSES * residual) * size))
    near = _within(left, reach) & _within(~left, reach)
    given = (1 - EVIDENCE) * left.astype(np.float32) + np.float32(EVIDENCE) * inside
    filtered = guided_filter(window.image, given, max(2, round(RADIUS * size)))
    soft = np.where(near, filtered, left.astype(np.float32))
    closed = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, _disc(max(1, round(NOTCH * size / 2))))
    part, at_size = window.outwards(np.asarray(closed, dtype=np.float32), mask.shape)
    _, where = window.outwards(near.astype(np.float32), mask.shape, smooth=False)
    result = mask.copy()
    np.copyto(result[part], at_size > 0.5, where=where > 0.5)
    return result


def guided_filter(image: Pixels, given: Floats, radius: int) -> Floats:
    """`given` `(h, w)` as a locally linear function of the colours of `image` `(h, w, 3)`, so that it has its edges.

    He, Sun, Tang (2013), "Guided image filtering"; the coefficients are found at half the size (He, Sun, 2015, "Fast
    guided filter"). `radius` in pixels.
    """
    height, width = given.shape
    half = max(1, width // 2), max(1, height // 2)
    side = 2 * max(1, radius // 2) + 1
    colours = resized(image, half).astype(np.float32) / np.float32(255)
    values = resized_floats(given, half)
    slopes, constant = _coefficients(colours, values, side)
    both = cv2.boxFilter(np.dstack([slopes, constant]), -1, (side, side), borderType=cv2.BORDER_REFLECT)
    found = cv2.resize(both, (width, height), interpolation=cv2.INTER_LINEAR)
    linear = np.einsum("ijk,ijk->ij", found[..., :3], image.astype(np.float32) / np.float32(255))
    return np.asarray(linear + found[..., 3], dtype=np.float32)


def _coefficients(colours: Floats, values: Floats, side: int) -> tuple[Floats, Floats]:
    """Slopes `(h, w, 3)` and constant `(h, w)` of the line through colours and values in each square of `side`."""
    red, green, blue = cv2.split(colours)
    products = [red * red, red * green, red * blue, green * green, green * blue, blue * blue]
    planes = [red, green, blue, values, red * values, green * values, blue * values, *products]
    means = [cv2.boxFilter(plane, -1, (side, side), borderType=cv2.BORDER_REFLECT) for plane in planes]
    r, g, b, value = means[:4]
    pr, pg, pb = means[4] - r * value, means[5] - g * value, means[6] - b * value
    rr, rg, rb = means[7] - r * r + SMOOTH, means[8] - r * g, means[9] - r * b
    gg, gb, bb = means[10] - g * g + SMOOTH, means[11] - g * b, means[12] - b * b + SMOOTH
    # The inverse of a symmetric matrix of three rows, by its cofactors.
    irr, irg, irb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    igg, igb, ibb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    total = np.maximum(irr * rr + irg * rg + irb * rb, 1e-12)
    slopes = np.dstack([irr * pr + irg * pg + irb * pb, irg * pr + igg * pg + igb * pb, irb * pr + igb * pg + ibb * pb])
    slopes /= total[..., None]
    return slopes, np.asarray(value - slopes[..., 0] * r - slopes[..., 1] * g - slopes[..., 2] * b)


def _within(mask: Mask, reach: int) -> Mask:
    """Pixels at most `reach` from the mask."""
    return np.asarray(cv2.dilate(mask.view(np.uint8), _disc(reach)) > 0)


def _disc(radius: int) -> NDArray[np.uint8]:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(disc, dtype=np.uint8)
