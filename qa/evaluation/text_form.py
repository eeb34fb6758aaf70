"""An evaluation for the terminal."""

from __future__ import annotations

from rich.table import Table

from qa.evaluation.cells import NAMES, TITLES, shown
from qa.evaluation.remarks import DIFFERENCES
from qa.evaluation.scores import Evaluation
from qa.evaluation.table import Grid, grids


def tables(evaluation: Evaluation) -> list[Table]:
    """One table for each measure, in percent with 95 % bootstrap intervals over queries."""
    return [_table(grid, evaluation) for grid in grids(evaluation, intervals=True)]


def notes(evaluation: Evaluation) -> list[str]:
    """What has to be said below the tables: remarks on each run, then where the two protocols differ."""
    remarks = [
        f"{method.method}, {NAMES.get(name, name)}: {remark}"
        for method in evaluation.methods
        for name, scores in method.datasets.items()
        for remark in scores.remarks
    ]
    head = f"Scored by the {evaluation.scoring} protocol. Where the official and the paper's protocol differ:"
    return [*remarks, head, *(f"- {difference}" for difference in DIFFERENCES)]


def _table(grid: Grid, evaluation: Evaluation) -> Table:
    table = Table(title=f"{TITLES[grid.measure]} in %, {evaluation.scoring} protocol", title_justify="left")
    table.add_column("method", overflow="fold")
    for dataset, column in grid.heads:
        table.add_column(f"{NAMES.get(dataset, dataset)}\n{shown(column)}", justify="right")
    for name, texts in grid.rows:
        table.add_row(name, *texts)
    return table
