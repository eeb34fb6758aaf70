"""Scores the pairs of a label in the official way."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from annotator.domain.errors import BadFileError
from qa.evaluation.label_file import REMEDY as LABEL_REMEDY
from qa.evaluation.label_file import read_label
from qa.evaluation.predictions import REMEDY as PREDICTION_REMEDY
from qa.evaluation.predictions import decoded
from qa.evaluation.tasks import Scored, Task
from qa.metrics.official_iou import Drawing, PairIou, UnscorablePairError, drawing, official_iou
from qa.metrics.official_malformed import lenient_iou, whole_ring
from qa.metrics.pairs import State
from qa.metrics.ring_input import TooLargeError, json_points


class _Truth:
    """A label's rings, read when the first pair needs them and drawn once for all its pairs."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.raw = read_label(path).rings
        try:
            rings = [json_points(ring) for ring in self.raw]
            whole = [ring.astype(np.int32) for ring in rings if ring is not None]
            self.drawing = drawing(whole) if whole and len(whole) == len(rings) else None
        except TooLargeError as error:
            raise BadFileError(path, f"a shape {error}", LABEL_REMEDY) from error


def score_official(task: Task, predictions: Path, scored: Scored) -> None:
    """IoU and state of every pair of a task; `predictions` is the file that errors name."""
    truth: _Truth | None = None
    for key, position, value in zip(task.keys, task.positions, task.values, strict=True):
        prediction = decoded(value)
        if _is_empty(prediction, key, predictions):
            scored.add(position, State.EMPTY)
            continue
        if truth is None:
            truth = _Truth(_required(task, key))
        try:
            iou = _iou(prediction, truth)
            scored.add(position, State.SCORED, iou.box, iou.mask)
        except UnscorablePairError as error:
            scored.raised[key] = error.raised
            if error.box is None:
                scored.add(position, State.RAISED)
            else:
                scored.add(position, State.RAISED_AFTER_BOX, error.box)
        except TooLargeError as error:
            raise BadFileError(predictions, f"the prediction for {key} {error}", PREDICTION_REMEDY) from error


def _iou(prediction: object, truth: _Truth) -> PairIou:
    ring = whole_ring(prediction)
    mine: Drawing | None = None if ring is None else drawing([ring])
    if mine is None or truth.drawing is None:
        return lenient_iou(prediction, truth.raw)
    return official_iou(mine, truth.drawing)


def _is_empty(prediction: object, key: str, predictions: Path) -> bool:
    """What the published script asks first: the length of the prediction."""
    if isinstance(prediction, list | tuple | dict | str) or (isinstance(prediction, np.ndarray) and prediction.ndim):
        return len(prediction) == 0
    raise BadFileError(predictions, f"the prediction for {key} is no list of points", PREDICTION_REMEDY)


def _required(task: Task, key: str) -> str:
    if task.label is None:
        raise BadFileError(
            "the pair table", f"it has no label for {key}, at which the official evaluator stops", "complete the table"
        )
    return task.label
