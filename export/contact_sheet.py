"""Contact sheets: the silhouettes of all masks of a query group on one picture. No photograph is in a release."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.dataset import Difficulty
from export.silhouette import SIDE, picture_of
from export.statistics import Measured

COLUMNS = 12
CELL = SIDE + 26
_EASY, _HARD, _QUERY, _PAPER, _TEXT = (222, 111, 47), (26, 123, 224), (90, 90, 90), (255, 255, 255), (60, 60, 60)
"""BGR."""


def contact_sheet(queries: list[tuple[int, str]], measured: Measured) -> bytes:
    """PNG of a group: query masks (number, silhouette) in grey first, then easy pairs in blue and hard ones in orange.

    Below each picture stands the query's number, or the index number of the image.
    """
    cells = [(f"query {number}", picture, _QUERY) for number, picture in queries]
    for pair, record in measured:
        colour = _EASY if pair.difficulty is Difficulty.EASY else _HARD
        cells.append((str(pair.index), record.picture, colour))
    rows = -(-len(cells) // COLUMNS)
    sheet = np.full((rows * CELL, COLUMNS * CELL, 3), 255, dtype=np.uint8)
    for place, (name, picture, colour) in enumerate(cells):
        row, column = divmod(place, COLUMNS)
        _draw(sheet[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL], name, picture, colour)
    return bytes(cv2.imencode(".png", sheet)[1])


def _draw(cell: NDArray[np.uint8], name: str, picture: str, colour: tuple[int, int, int]) -> None:
    small = picture_of(picture)
    height, width = small.shape
    left, top = (CELL - width) // 2, 4 + (SIDE - height) // 2
    window = cell[top : top + height, left : left + width]
    window[:] = 235
    window[small] = colour
    cv2.putText(cell, name, (left, CELL - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.36, _TEXT, 1, cv2.LINE_AA)
