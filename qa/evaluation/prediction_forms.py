"""The forms in which a prediction may come for the paper's protocol (FORMAT B4).

* `[[x, y], …]`: one ring;
* `[[[x, y], …], …]`: rings filled together by even-odd, so that a ring inside another is a hole;
* `[[[[x, y], …], …], …]`: several polygons, each its outer ring and its holes, united;
* `{"size": [height, width], "counts": …}`: run-length encoding, plain or compressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np

from annotator.domain.errors import AnnotatorError
from annotator.domain.geometry import Points
from annotator.domain.rle import Rle
from qa.metrics.ring_input import require_modest, ring_points

Polygons = list[list[Points]]
"""Polygons, each a list of its rings."""


class Form(StrEnum):
    """In which form a prediction came."""

    RING = "one ring"
    RINGS = "several rings"
    POLYGONS = "several polygons"
    RLE = "run-length encoding"


class FormError(AnnotatorError):
    """A prediction in no known form; the text is a fragment without a full stop."""


def is_nothing(value: object) -> bool:
    """Whether a prediction says that nothing was found: no ring at all."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and len(value) == 0
    return isinstance(value, list | tuple) and not value


def parsed(value: object) -> tuple[Form, Polygons | Rle]:
    """Form and content of a prediction that is not empty; raises FormError or ring_input.TooLargeError."""
    if isinstance(value, dict):
        return Form.RLE, _rle(value)
    ring = ring_points(value)
    if ring is not None:
        return Form.RING, [[ring]]
    require_modest(value)
    if not isinstance(value, list | tuple):
        raise FormError("is neither rings nor a run-length encoded mask")
    rings = _rings(value)
    if rings is not None:
        return Form.RINGS, [rings]
    polygons = [_rings(member) if isinstance(member, list | tuple) else None for member in value]
    known = [polygon for polygon in polygons if polygon is not None]
    if len(known) < len(polygons):
        raise FormError("is neither rings nor a run-length encoded mask")
    return Form.POLYGONS, known


def _rings(value: Sequence[Any]) -> list[Points] | None:
    rings = [ring_points(member) for member in value]
    known = [ring for ring in rings if ring is not None]
    return known if known and len(known) == len(rings) else None


def _rle(value: dict[Any, Any]) -> Rle:
    size, counts = value.get("size"), value.get("counts")
    if isinstance(counts, bytes):
        counts = counts.decode("ascii", errors="replace")
    if isinstance(size, np.ndarray):
        size = size.tolist()
    if isinstance(size, tuple | list):
        size = [_plain(side) for side in size]
    if isinstance(counts, np.ndarray):
        counts = counts.tolist()
    if not isinstance(size, list) or not isinstance(counts, str | list):
        raise FormError("is a dict without the size and counts of a run-length encoded mask")
    return {"size": size, "counts": counts}


def _plain(side: Any) -> Any:
    """A whole number of numpy's, or one written as a float, as Python's; anything else as it is."""
    whole = isinstance(side, np.integer) or (isinstance(side, float) and side.is_integer())
    return int(side) if whole else side
