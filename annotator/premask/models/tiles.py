"""An image laid out in tiles for a model with a fixed input, and the features of the tiles as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.premask.features import Features, joined

Tile = tuple[int, int, int, int]
"""x1, y1, x2, y2, the last exclusive."""

Bools = NDArray[np.bool_]

OVERLAP = 48
"""Pixels by which tiles overlap: a descriptor near the seam sees the same on both sides."""

MOST_TILES = 12

ENOUGH = 1.2
"""An image that is at most so much larger than the input is not tiled."""

CUT = 12
"""Pixels from a seam within which a tile is not believed, for it sees half of a place there; its neighbour sees it."""

SAME = 2.0
"""Pixels of the input within which two features of neighbouring tiles are the same place."""


def tiles(width: int, height: int, tile_width: int, tile_height: int) -> list[Tile]:
    """The whole image, and where it is larger than the input, tiles that overlap and cover it."""
    columns = 1 if width <= tile_width * ENOUGH else -(-(width - OVERLAP) // (tile_width - OVERLAP))
    rows = 1 if height <= tile_height * ENOUGH else -(-(height - OVERLAP) // (tile_height - OVERLAP))
    while rows * columns > MOST_TILES:
        rows, columns = max(1, rows - 1), max(1, columns - 1)
    whole = (0, 0, width, height)
    if rows * columns == 1:
        return [whole]
    across = [_span(number, columns, width) for number in range(columns)]
    down = [_span(number, rows, height) for number in range(rows)]
    return [whole, *((x1, y1, x2, y2) for y1, y2 in down for x1, x2 in across)]


def merged(parts: Sequence[Features], places: Sequence[Tile], pixels: Sequence[float]) -> Features:
    """The features of all tiles without those at a cut; of one place that two neighbours saw, the better one stays.

    The first part is of the whole image, at another scale than the tiles, and stays as it is. `pixels` are pixels of
    the image in one of the input, per part.
    """
    whole = places[0]
    kept = [_uncut(part, place, whole) for part, place in zip(parts, places, strict=True)]
    for one in range(1, len(parts)):
        for other in range(one + 1, len(parts)):
            _drop_doubles(parts, places, kept, one, other, SAME * max(pixels[one], pixels[other]))
    return joined([part.take(np.flatnonzero(rows)) for part, rows in zip(parts, kept, strict=True)])


def _uncut(part: Features, place: Tile, whole: Tile) -> Bools:
    """Which features of a tile are not near a seam; the border of the image is none."""
    low = [place[side] + CUT if place[side] > whole[side] else -np.inf for side in (0, 1)]
    high = [place[side] - CUT if place[side] < whole[side] else np.inf for side in (2, 3)]
    return np.asarray(((part.points >= low) & (part.points <= high)).all(axis=1), dtype=np.bool_)


def _drop_doubles(
    parts: Sequence[Features],
    places: Sequence[Tile],
    kept: list[Bools],
    one: int,
    other: int,
    near: float,
) -> None:
    """Unmark in `kept` the worse of each two features of tiles `one` and `other` that lie within `near` pixels."""
    first, second = places[one], places[other]
    low = np.array([max(first[0], second[0]), max(first[1], second[1])]) - near
    high = np.array([min(first[2], second[2]), min(first[3], second[3])]) + near
    if (low >= high).any():
        return
    a, b = (
        np.flatnonzero(kept[n] & ((parts[n].points >= low) & (parts[n].points <= high)).all(axis=1))
        for n in (one, other)
    )
    apart = np.linalg.norm(parts[one].points[a][:, None] - parts[other].points[b][None], axis=2)
    left, right = np.nonzero(apart <= near)
    better = parts[one].scores[a[left]] >= parts[other].scores[b[right]]
    kept[other][b[right[better]]] = False
    kept[one][a[left[~better]]] = False


def _span(number: int, count: int, side: int) -> tuple[int, int]:
    step = side / count
    return max(0, round(number * step - OVERLAP / 2)), min(side, round((number + 1) * step + OVERLAP / 2))
