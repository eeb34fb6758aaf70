"""Rings as they come from files of others: checked before an array is made of them, so that no input takes memory."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from annotator.domain.errors import AnnotatorError
from qa.metrics.pairs import Floats

LARGEST_COORDINATE = 1e6
"""No photograph has a million pixels on a side."""

MOST_POINTS = 200_000
"""A ring of more vertices outlines nothing that a person could see."""

_NUMBERS = (int, float, np.integer, np.floating)


class TooLargeError(AnnotatorError):
    """Points that lie in no photograph, are no numbers, or are too many; the text is a fragment without a full stop."""


def ring_points(value: Any) -> Floats | None:
    """`[[x, y], …]` (lists, tuples or an array) as `(n, 2)` float64, n at least 1; None for anything else.

    Raises TooLargeError for coordinates of no photograph, NaN and infinity included, and for too many points.
    """
    return _sensible(_array_points(value) if isinstance(value, np.ndarray) else _list_points(value))


def json_points(value: Any) -> Floats | None:
    """As `ring_points` for what came out of JSON, where no list can stand at two places and so unfold without end."""
    if not isinstance(value, list):
        return None
    try:
        array = np.array(value)
    except ValueError:  # lists of different lengths
        return None
    return _sensible(_list_points(value) if array.dtype == object else _array_points(array))


def _sensible(points: Floats | None) -> Floats | None:
    if points is not None and not -LARGEST_COORDINATE <= points.min() <= points.max() <= LARGEST_COORDINATE:  # nor NaN
        raise TooLargeError("has a coordinate that is no place in any photograph")
    return points


def _array_points(value: np.ndarray[Any, Any]) -> Floats | None:
    if value.ndim != 2 or value.shape[1] < 2 or not len(value) or value.dtype.kind not in "iuf":
        return None
    _require_few(len(value))
    return value[:, :2].astype(np.float64)


def _list_points(value: Any) -> Floats | None:
    if not isinstance(value, list | tuple) or not value:
        return None
    _require_few(len(value))
    try:
        if set(map(len, value)) != {2}:
            return None
        kinds = set(map(type, chain.from_iterable(value)))
    except TypeError:  # a member without length
        return None
    if not all(issubclass(kind, _NUMBERS) for kind in kinds):
        return None
    try:
        flat = np.fromiter(chain.from_iterable(value), dtype=np.float64, count=2 * len(value))
    except OverflowError as error:
        raise TooLargeError("has a coordinate that is no place in any photograph") from error
    return flat.reshape(-1, 2)


def require_modest(value: Any) -> None:
    """Raises TooLargeError for nested lists that would unfold to more cells than any ring has."""
    left = [2 * MOST_POINTS]
    _count(value, left, 8)


def _count(value: Any, left: list[int], depth: int) -> None:
    if depth == 0:
        raise TooLargeError("is nested deeper than any polygon")
    if not isinstance(value, list | tuple):
        left[0] -= value.size if isinstance(value, np.ndarray) else 1
        if left[0] < 0:
            raise TooLargeError(f"has more than {MOST_POINTS} points")
        return
    left[0] -= 1
    for member in value:
        _count(member, left, depth - 1)


def _require_few(points: int) -> None:
    if points > MOST_POINTS:
        raise TooLargeError(f"has more than {MOST_POINTS} points")
