"""The picture with which a click-to-mask model is tried: a shaded orange disc on a ground of blue and grey."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from annotator.domain.raster import Mask
from annotator.premask.click_model.answer import Click
from annotator.premask.features import Pixels

SIZE = (320, 240)
CENTRE, RADIUS = (190.0, 100.0), 60.0


def scene() -> tuple[Pixels, tuple[Click, ...], Mask]:
    """The picture, clicks on the disc (not in its middle) and beside it, and the disc's mask."""
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    disc = np.hypot(x - CENTRE[0], y - CENTRE[1]) <= RADIUS
    ground = np.stack([40 + x // 8, 60 + y // 8, 110 + x // 16], axis=2)
    shade = ((x - CENTRE[0]) * 15 / RADIUS)[:, :, None]
    pixels = np.where(disc[:, :, None], np.array([225, 140, 50]) + shade, ground).astype(np.uint8)
    return pixels, (Click(CENTRE[0] + 12, CENTRE[1] - 8), Click(40, 60, positive=False)), disc


def agreement(answered: Callable[[], Mask]) -> float:
    """IoU of an answer in the picture with the disc."""
    disc = scene()[2]
    found = answered()
    return float((found & disc).sum() / (found | disc).sum())
