"""The mask among a decoder's that the clicks mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError
from annotator.domain.raster import Mask
from annotator.premask.click_model.frame import Enlarged, Frame
from annotator.premask.click_model.roles import DecoderRoles
from annotator.premask.features import Floats

MOST_MASKS = 16
"""Masks that a decoder may offer for one prompt; SAM offers up to four."""

REMEDY = "name another model"


@dataclass(frozen=True, slots=True)
class Click:
    """A place of the image, pixel centres at integers: on the object, or (not `positive`) beside it."""

    x: float
    y: float
    positive: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A mask of the image, `bool (height, width)`, with what the model says of it.

    `low` are its logits `(rows, columns)` over the model's input, to refine from (None where the decoder takes no
    earlier mask), `score` the IoU that the model predicts, `missed` the clicks that the mask does not follow.
    """

    mask: Mask
    low: Floats | None
    score: float | None
    missed: tuple[Click, ...]


def best(
    path: Path, roles: DecoderRoles, frame: Frame, clicks: Sequence[Click], outputs: Mapping[str, NDArray[Any]]
) -> Answer:
    """The mask that follows most clicks, and of those the one with the highest predicted IoU, the first among equals.

    Raises BadFileError where the outputs are no masks, or hold numbers that are not finite.
    """
    planes = _planes(path, outputs[roles.masks], roles.masks)
    scores = _scores(path, outputs[roles.scores], len(planes)) if roles.scores is not None else np.zeros(len(planes))
    places = np.array([(click.x, click.y) for click in clicks])
    wanted = np.array([click.positive for click in clicks])
    followed = [(Enlarged(plane, frame).at(places) > 0) == wanted for plane in planes]
    chosen = max(range(len(planes)), key=lambda row: (int(followed[row].sum()), float(scores[row]), -row))
    missed = tuple(click for click, obeyed in zip(clicks, followed[chosen], strict=True) if not obeyed)
    mask = Enlarged(planes[chosen], frame).positive()
    score = float(scores[chosen]) if roles.scores is not None else None
    return Answer(mask, _low(path, roles, outputs, chosen), score, missed)


def _low(path: Path, roles: DecoderRoles, outputs: Mapping[str, NDArray[Any]], chosen: int) -> Floats | None:
    """The logits that the decoder takes as an earlier mask: its masks of low resolution, else its masks if they fit."""
    if roles.earlier is None:
        return None
    for name in filter(None, (roles.low, roles.masks)):
        found = _planes(path, outputs[name], name)
        size = (found.shape[2], found.shape[1])
        if chosen < len(found) and roles.mask_size in (size, None if name == roles.low else size):
            return np.asarray(found[chosen])
    return None


def _planes(path: Path, array: NDArray[Any], name: str) -> Floats:
    """The masks `(k, rows, columns)` as values that are above 0 inside."""
    if array.ndim < 3 or not all(array.shape) or any(side != 1 for side in array.shape[:-3]):
        raise BadFileError(path, f"its output '{name}' has the shape {list(array.shape)}, which are no masks", REMEDY)
    planes = array.reshape((-1, *array.shape[-2:]))
    if len(planes) > MOST_MASKS:
        raise BadFileError(path, f"it gives {len(planes)} masks for one prompt", REMEDY)
    if array.dtype.kind != "f":
        return (planes > 0).astype(np.float32) - np.float32(0.5)
    low, high = planes.min(), planes.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        raise BadFileError(path, f"its output '{name}' holds numbers that are not finite", REMEDY)
    values = np.asarray(planes, dtype=np.float32)
    return values - np.float32(0.5) if low >= 0 and high <= 1 else values


def _scores(path: Path, array: NDArray[Any], count: int) -> NDArray[np.float64]:
    scores = np.asarray(array, dtype=np.float64).reshape(-1)
    if len(scores) != count:
        raise BadFileError(path, f"it gives {count} masks and {len(scores)} predicted IoU", REMEDY)
    if not np.isfinite(scores).all():
        raise BadFileError(path, "the IoU that it predicts are not finite", REMEDY)
    return scores
