"""How an image lies in the input of a model, and the way from there back to its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Points, Size
from annotator.domain.raster import Mask
from annotator.premask.features import Floats

BLOCK = 128
"""Pixels of the image that are decided together: most blocks lie wholly inside or outside and cost nothing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An image of the size `image` fills `content` of a model's input `canvas`, from its first pixel; all (w, h)."""

    image: Size
    content: Size
    canvas: Size

    def to_canvas(self, points: Points) -> Points:
        """Points of the image, `(n, 2)` xy, in pixels of the input; pixel centres are integers in both."""
        return np.asarray((points + 0.5) * (np.array(self.content) / np.array(self.image)) - 0.5)

    @property
    def step(self) -> float:
        """How many pixels of the image one of the input is wide, 1 at least."""
        return max(1.0, self.image[0] / self.content[0], self.image[1] / self.content[1])


def framed(image: Size, canvas: Size, *, stretched: bool) -> Frame:
    """The frame of an image: as large as the canvas without changing its shape, or stretched over it."""
    if stretched:
        return Frame(image, canvas, canvas)
    factor = min(canvas[0] / image[0], canvas[1] / image[1])
    width, height = (max(1, min(side, int(whole * factor + 0.5))) for whole, side in zip(image, canvas, strict=True))
    return Frame(image, (width, height), canvas)


@dataclass(frozen=True, eq=False)
class Enlarged:
    """A plane of values `(rows, columns)` that covers a frame's canvas, read at the pixels of the image.

    Values between the cells' centres are linear, and those of the content's border go on beyond it. Nothing of the
    image's size is made but a mask of bits.
    """

    plane: Floats
    frame: Frame

    @cached_property
    def _columns(self) -> tuple[NDArray[np.intp], Floats]:
        return self._places(0)

    @cached_property
    def _rows(self) -> tuple[NDArray[np.intp], Floats]:
        return self._places(1)

    def positive(self) -> Mask:
        """The pixels of the image whose value is above 0, `bool (height, width)`."""
        width, height = self.frame.image
        found = np.zeros((height, width), dtype=bool)
        for top in range(0, height, BLOCK):
            rows = slice(top, min(top + BLOCK, height))
            for left in range(0, width, BLOCK):
                columns = slice(left, min(left + BLOCK, width))
                cells = self._cells(rows, columns)
                if cells.min() > 0:
                    found[rows, columns] = True
                elif cells.max() > 0:
                    found[rows, columns] = self._values(rows, columns) > 0
        return found

    def at(self, points: Points) -> Floats:
        """The values at the pixels of the image under points, `(n, 2)` xy inside it, as `positive` sees them."""
        width, height = self.frame.image
        places = np.clip(np.floor(points + 0.5).astype(int), 0, [width - 1, height - 1])
        values = [self._values(slice(y, y + 1), slice(x, x + 1))[0, 0] for x, y in places.tolist()]
        return np.array(values, dtype=np.float32)

    def _places(self, axis: int) -> tuple[NDArray[np.intp], Floats]:
        """For each pixel of the image along an axis the cell before it, and how far it is on the way to the next."""
        side, cells = self.frame.image[axis], self.plane.shape[1 - axis]
        filled = cells * self.frame.content[axis] / self.frame.canvas[axis]
        places = np.clip((np.arange(side) + 0.5) * (filled / side) - 0.5, 0.0, max(filled - 1.0, 0.0))
        before = np.minimum(np.floor(places).astype(np.intp), max(cells - 2, 0))
        return before, (places - before).astype(np.float32)

    def _cells(self, rows: slice, columns: slice) -> Floats:
        (y, _), (x, _) = self._rows, self._columns
        return self.plane[y[rows][0] : y[rows][-1] + 2, x[columns][0] : x[columns][-1] + 2]

    def _values(self, rows: slice, columns: slice) -> Floats:
        (y, down), (x, right) = self._rows, self._columns
        cells = self._cells(rows, columns)
        above, before = y[rows] - y[rows][0], x[columns] - x[columns][0]
        below, after = np.minimum(above + 1, cells.shape[0] - 1), np.minimum(before + 1, cells.shape[1] - 1)
        lines = cells[above] + (cells[below] - cells[above]) * down[rows, None]
        return np.asarray(lines[:, before] + (lines[:, after] - lines[:, before]) * right[columns], dtype=np.float32)
