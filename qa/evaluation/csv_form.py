"""An evaluation as CSV: one line for each score."""

from __future__ import annotations

import csv
import io
import math

from qa.evaluation.cells import cells
from qa.evaluation.scores import Evaluation

HEAD = ("protocol", "method", "dataset", "measure", "column", "value", "low", "high")


def as_csv(evaluation: Evaluation) -> str:
    """Lines of HEAD; `low` and `high` are the 95 % bootstrap interval over queries. No number is an empty field."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEAD)
    for method in evaluation.methods:
        for scores in method.datasets.values():
            for cell in cells(scores, evaluation.scoring):
                numbers = (cell.value, cell.interval.low, cell.interval.high)
                names = (evaluation.scoring, method.method, cell.dataset, cell.measure, cell.column)
                writer.writerow([*names, *("" if math.isnan(number) else repr(number) for number in numbers)])
    return stream.getvalue()
