"""Contact sheets: all masks of a query group on one picture, to look through at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from qa.picture import Pixels, picture

SIDE, GAP, LINE = 200, 8, 20
PAPER, DIM = (31, 31, 31), (160, 160, 160)
QUERY, DONE, WORK, BACK, STOP = (76, 157, 240), (53, 184, 156), (64, 122, 107), (240, 165, 60), (226, 131, 189)
_COLOURS = {
    PairState.DONE: DONE,
    PairState.RETURNED_1: BACK,
    PairState.RETURNED_2: BACK,
    PairState.ESCALATED: STOP,
    PairState.DISPUTE: STOP,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of a sheet: the image, what is drawn on it, what stands below it, and the colour of its bar."""

    image: str
    annotation: Annotation | None
    text: str
    colour: tuple[int, int, int]


def cells_of(project: Project, group: int, most: int | None = None) -> list[Cell]:
    """The masked queries of a group, then its pairs that have a mask; `most` are taken evenly from all."""
    queries = [query for query in project.store.query_records(group) if query.annotation is not None]
    cells = [Cell(query.image, query.annotation, f"query {query.number}", QUERY) for query in queries]
    pairs = [pair for pair in project.store.pairs(group) if pair.standing is not None]
    if most is not None and len(cells) + len(pairs) > most:
        cells = cells[: max(1, most // 3)]
        chosen = np.linspace(0, len(pairs) - 1, most - len(cells)).round().astype(int).tolist()
        pairs = [pairs[place] for place in dict.fromkeys(chosen)]
    drawn = project.store.annotations(pair.standing for pair in pairs if pair.standing is not None)
    for pair in pairs:
        annotation = None if pair.standing is None else drawn[pair.standing]
        cells.append(Cell(pair.key.image, annotation, pair.key.image, _COLOURS.get(pair.state, WORK)))
    return cells


def contact_sheet(project: Project, group: int, columns: int = 8, most: int | None = None) -> Pixels | None:
    """A group's sheet as uint8 RGB; None for a group without any mask. `most` pictures, all where None."""
    cells = cells_of(project, group, most)
    return sheet(project, cells, columns) if cells else None


def sheet(project: Project, cells: Sequence[Cell], columns: int) -> Pixels:
    """Pictures in rows of `columns`, each with its name and a bar in the colour of its state."""
    columns = min(columns, len(cells))
    width, height = SIDE + GAP, SIDE * 3 // 4 + LINE + GAP
    rows = -(-len(cells) // columns)
    page = np.full((rows * height + GAP, columns * width + GAP, 3), PAPER, dtype=np.uint8)
    for place, cell in enumerate(cells):
        row, column = divmod(place, columns)
        left, top = GAP + column * width, GAP + row * height
        _draw(page[top : top + height, left : left + width], project, cell)
    return page


def _draw(window: Pixels, project: Project, cell: Cell) -> None:
    """Fill one cell: the picture in the middle, its name below."""
    room = SIDE * 3 // 4
    small = picture(project, cell.image, cell.annotation, SIDE)
    if small.shape[0] > room:
        shape = max(1, round(small.shape[1] * room / small.shape[0])), room
        small = cv2.resize(small, shape, interpolation=cv2.INTER_AREA).astype(np.uint8)
    left, top = (SIDE - small.shape[1]) // 2, (room - small.shape[0]) // 2
    window[top : top + small.shape[0], left : left + small.shape[1]] = small
    window[room + 2 : room + 5, :SIDE] = cell.colour
    text = cell.text if len(cell.text) <= 28 else f"{cell.text[:27]}~"
    cv2.putText(window, text, (0, room + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.38, DIM, 1, cv2.LINE_AA)
