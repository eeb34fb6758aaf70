"""An evaluation as plain data for `--json`; its keys are part of the contract (DESIGN 10)."""

from __future__ import annotations

import math
from typing import Any

from qa.evaluation.breakdown import per_difficulty, per_group, per_query
from qa.evaluation.cells import Cell, Measure, cells
from qa.evaluation.remarks import DIFFERENCES
from qa.evaluation.scores import COLUMNS, DatasetScores, Evaluation, MethodScores
from qa.evaluation.scoring import Scoring


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """`protocol`, `methods` by name, and with a single method its keys at the top as well.

    Of a method, per data set: `mmiou` and `map` with medium_box, medium_mask, hard_box, hard_mask, 0 to 1, null where
    there is no number; `image_map`, the same `_with_distractors`, `intervals`, `per_query`, `per_group`,
    `per_difficulty`, `raised` and `remarks`.
    """
    methods = {method.method: _method(method, evaluation.scoring) for method in evaluation.methods}
    data: dict[str, Any] = {"protocol": evaluation.scoring.value, "differences": list(DIFFERENCES)}
    if len(methods) == 1:
        ((name, only),) = methods.items()
        data |= {"method": name} | only
    return data | {"methods": methods}


def _method(method: MethodScores, scoring: Scoring) -> dict[str, Any]:
    return {name: _dataset(scores, scoring) for name, scores in method.datasets.items()}


def _dataset(scores: DatasetScores, scoring: Scoring) -> dict[str, Any]:
    found = cells(scores, scoring)
    data: dict[str, Any] = {"mmiou": _all_columns(found, Measure.MMIOU), "map": _all_columns(found, Measure.MAP)}
    for measure in (Measure.IMAGE_MAP, Measure.MAP_DISTRACTORS, Measure.IMAGE_MAP_DISTRACTORS):
        values = {cell.column: _number(cell.value) for cell in found if cell.measure is measure}
        data[measure.value] = values or None
    return data | {
        "intervals": _intervals(found),
        "per_query": per_query(scores),
        "per_group": per_group(scores),
        "per_difficulty": per_difficulty(scores, scoring),
        "raised": dict(scores.raised),
        "remarks": list(scores.remarks),
    }


def _all_columns(found: list[Cell], measure: Measure) -> dict[str, float | None]:
    known = {cell.column: _number(cell.value) for cell in found if cell.measure is measure}
    return {column: known.get(column) for column in COLUMNS}


def _intervals(found: list[Cell]) -> dict[str, dict[str, list[float | None]]]:
    intervals: dict[str, dict[str, list[float | None]]] = {}
    for cell in found:
        ends = [_number(cell.interval.low), _number(cell.interval.high)]
        intervals.setdefault(cell.measure.value, {})[cell.column] = ends
    return intervals


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
