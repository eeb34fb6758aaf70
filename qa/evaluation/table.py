"""Methods against scores as a grid of texts in percent, in the order of the paper's tables, for LaTeX and terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluation.cells import Cell, Measure, cells, columns_of
from qa.evaluation.scores import Evaluation

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Grid:
    """One measure: `heads` are (data set, column); `rows` a method with a text for each head."""

    measure: Measure
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def grids(evaluation: Evaluation, intervals: bool = False) -> list[Grid]:
    """A grid for each measure that any method has; with `intervals`, `51.0 [47.9, 53.8]`."""
    known = {
        method.method: {
            (cell.measure, cell.dataset, cell.column): cell
            for scores in method.datasets.values()
            for cell in cells(scores, evaluation.scoring)
        }
        for method in evaluation.methods
    }
    found = []
    for measure in Measure:
        if not any(key[0] is measure for row in known.values() for key in row):
            continue
        columns = columns_of(measure, evaluation.scoring)
        heads = tuple((dataset, column) for dataset in evaluation.datasets() for column in columns)
        rows = tuple(
            (name, tuple(_text(row.get((measure, *head)), intervals) for head in heads)) for name, row in known.items()
        )
        found.append(Grid(measure, heads, rows))
    return found


def spans(heads: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """Data sets with the number of their columns."""
    return [(name, sum(1 for head in heads if head[0] == name)) for name in dict.fromkeys(head[0] for head in heads)]


def _text(cell: Cell | None, intervals: bool) -> str:
    if cell is None or math.isnan(cell.value):
        return NOTHING
    value = f"{100 * cell.value:.1f}"
    if not intervals or math.isnan(cell.interval.low):
        return value
    return f"{value} [{100 * cell.interval.low:.1f}, {100 * cell.interval.high:.1f}]"
