"""Clicks, and what they refine, as a decoder takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Size
from annotator.domain.raster import Mask
from annotator.premask.click_model.answer import Click
from annotator.premask.click_model.frame import Frame
from annotator.premask.click_model.roles import MASK_STRIDE, DecoderRoles
from annotator.premask.features import Floats
from annotator.premask.models.session import Port

INSIDE, OUTSIDE, NOTHING = 1, 0, -1
"""SAM's labels of a point: on the object, beside it, and no point at all (its decoders want one where no box is)."""

SURE = 10.0
"""Value of a mask's inside as the model's own logits have it; its outside has the opposite."""

DTYPES = {
    "tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64", "tensor(int64)": "int64",
    "tensor(int32)": "int32", "tensor(uint8)": "uint8", "tensor(bool)": "bool",
}  # fmt: skip
"""NumPy's names of what an input may hold."""


def prompt(
    roles: DecoderRoles, frame: Frame, clicks: Sequence[Click], previous: Mask | Floats | None
) -> dict[str, NDArray[Any]]:
    """The decoder's inputs beside the embeddings. A mask for a decoder that takes none becomes a click in its midst."""
    told = list(clicks)
    if previous is not None and roles.earlier is None and previous.dtype == np.bool_:
        told = [*_midst(np.asarray(previous, dtype=np.bool_), clicks), *told]
    given = _points(roles, frame, told)
    if roles.earlier is not None:
        size = roles.mask_size or (frame.canvas[0] // MASK_STRIDE, frame.canvas[1] // MASK_STRIDE)
        earlier = np.zeros((size[1], size[0])) if previous is None else _earlier(previous, frame, size)
        given[roles.earlier.name] = _as(roles.earlier, earlier[None, None])
    if roles.has_earlier is not None:
        shape = [side or 1 for side in roles.has_earlier.shape]
        given[roles.has_earlier.name] = _as(roles.has_earlier, np.full(shape, previous is not None))
    if roles.size is not None:
        size_given = np.array(frame.canvas[::-1]).reshape((1,) * (len(roles.size.shape) - 1) + (2,))
        given[roles.size.name] = _as(roles.size, size_given)
    return given


def _points(roles: DecoderRoles, frame: Frame, clicks: list[Click]) -> dict[str, NDArray[Any]]:
    """Coordinates and labels, with at least one place that is no point where the decoder takes any number.

    One with a fixed number of places gets the first click and the last ones.
    """
    places = roles.places or len(clicks) + 1
    kept = clicks if len(clicks) <= places else [clicks[0], *clicks[len(clicks) - places + 1 :]][:places]
    points, labels = np.zeros((places, 2)), np.full(places, NOTHING)
    points[: len(kept)] = frame.to_canvas(np.array([(click.x, click.y) for click in kept]).reshape(-1, 2))
    labels[: len(kept)] = [INSIDE if click.positive else OUTSIDE for click in kept]
    ahead = (1,) * (len(roles.points.shape) - 2), (1,) * (len(roles.labels.shape) - 1)
    return {
        roles.points.name: _as(roles.points, points.reshape((*ahead[0], places, 2))),
        roles.labels.name: _as(roles.labels, labels.reshape((*ahead[1], places))),
    }


def _earlier(previous: Mask | Floats, frame: Frame, size: Size) -> Floats:
    """What the clicks refine as the decoder's earlier mask `(rows, columns)`: logits as they are, a mask made sure."""
    if previous.dtype != np.bool_:
        return np.asarray(previous, dtype=np.float32)
    canvas = np.zeros((frame.canvas[1], frame.canvas[0]), dtype=np.uint8)
    share = cv2.resize(previous.view(np.uint8) * 255, frame.content, interpolation=cv2.INTER_AREA)
    canvas[: frame.content[1], : frame.content[0]] = share
    cells = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray((cells / 255 - 0.5) * (2 * SURE), dtype=np.float32)


def _midst(mask: Mask, clicks: Sequence[Click]) -> list[Click]:
    """A click at the pixel of a mask that is farthest from its border and from what the clicks take away."""
    inside = np.pad(mask.astype(np.uint8), 1)
    for click in clicks:
        if not click.positive:
            inside[round(click.y) + 1, round(click.x) + 1] = 0
    if not inside.any():
        return []
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return [Click(float(column) - 1, float(row) - 1)]


def _as(port: Port, array: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(array, dtype=DTYPES.get(port.kind, "float32"))
