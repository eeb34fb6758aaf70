"""Whether a click-to-mask model works: a click on the building of a drawn scene."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from annotator.domain.errors import BadFileError
from annotator.domain.raster import Mask
from annotator.premask.click_model.answer import Click
from annotator.premask.click_model.model import load_click_model
from annotator.premask.features import Pixels
from annotator.premask.models.self_test import SCENE, SIZE
from resources.demo.render import render
from resources.demo.scenes import scene_named

LEAST, MOST = 0.0005, 0.98
"""Shares of the picture between which a mask is neither empty nor everything."""

REMEDY = "name the encoder and the decoder of one export"


def click_on_building(encoder: Path, decoder: Path) -> str:
    """How a model answers a click, in words.

    Raises BadFileError where the files do not go together, give numbers that are not finite, or a mask that is empty,
    everything, or not where the click was.
    """
    image, mask = drawn_object()
    x, y = place_inside(mask)
    model = load_click_model(encoder, decoder)
    answer = model.click(model.embed(image), [Click(x, y)])
    share = float(answer.mask.mean())
    if not LEAST <= share <= MOST:
        what = "nothing" if share < LEAST else "everything"
        raise BadFileError(decoder, f"it fails the self-test: a click on a drawn building marks {what}", REMEDY)
    if not answer.mask[round(y), round(x)]:
        raise BadFileError(decoder, "it fails the self-test: the mask does not hold the place that was clicked", REMEDY)
    iou = float((answer.mask & mask).sum() / (answer.mask | mask).sum())
    return f"a click on a drawn building marks {share:.0%} of the picture (IoU with the building {iou:.2f})"


def drawn_object() -> tuple[Pixels, Mask]:
    """A drawn building `(h, w, 3)` and its mask `(h, w)`."""
    drawn = render(replace(scene_named(SCENE), props=()), SIZE)
    return np.asarray(drawn.image, dtype=np.uint8), np.asarray(drawn.object_mask, dtype=np.bool_)


def place_inside(mask: Mask) -> tuple[float, float]:
    """x, y of the pixel of a mask that is farthest from its border."""
    deep = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    row, column = np.unravel_index(int(deep.argmax()), deep.shape)
    return float(column - 1), float(row - 1)
