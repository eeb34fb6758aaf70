"""Scores the pairs of a label by the paper's text."""

from __future__ import annotations

from pathlib import Path

from annotator.domain.errors import BadFileError, GeometryError
from annotator.domain.geometry import Size
from qa.evaluation.label_file import REMEDY as LABEL_REMEDY
from qa.evaluation.label_file import read_label
from qa.evaluation.prediction_forms import FormError, is_nothing, parsed
from qa.evaluation.predictions import REMEDY as PREDICTION_REMEDY
from qa.evaluation.predictions import decoded
from qa.evaluation.tasks import Scored, Task
from qa.metrics.pairs import State
from qa.metrics.paper_iou import ExactMask, mask_of_polygons, mask_of_rle, paper_iou
from qa.metrics.ring_input import TooLargeError, json_points


def score_paper(task: Task, predictions: Path, scored: Scored) -> None:
    """IoU and state of every pair of a task; `predictions` is the file that errors name."""
    truth: tuple[ExactMask, Size] | None = None
    for key, position, value in zip(task.keys, task.positions, task.values, strict=True):
        prediction = decoded(value)
        if is_nothing(prediction):
            scored.add(position, State.EMPTY)
            continue
        truth = truth or _truth(task, key)
        try:
            iou = paper_iou(predicted_mask(prediction, truth[1]), truth[0])
        except (FormError, TooLargeError, GeometryError) as error:
            raise BadFileError(predictions, f"the prediction for {key} {error}", PREDICTION_REMEDY) from error
        scored.add(position, State.SCORED, iou.box, iou.mask)


def predicted_mask(prediction: object, size: Size) -> ExactMask:
    """A prediction's mask on an image of `size` (width, height); raises FormError, TooLargeError or GeometryError."""
    content = parsed(prediction)[1]
    if isinstance(content, list):
        return mask_of_polygons(content, size)
    if content["size"] != [size[1], size[0]]:
        raise FormError(f"is a mask of another size than its image of {size[0]} × {size[1]} pixels")
    return mask_of_rle(content)


def _truth(task: Task, key: str) -> tuple[ExactMask, Size]:
    if task.rle is not None:
        height, width = task.rle["size"]
        try:
            return mask_of_rle(task.rle), (width, height)
        except GeometryError as error:
            raise BadFileError("masks.json", f"the mask for {key}: {error}", "take the masks of the release") from error
    if task.label is None:
        raise BadFileError("the pair table", f"it has no label for {key}", "complete the table")
    return truth_of_label(task.label)


def truth_of_label(path: str) -> tuple[ExactMask, Size]:
    """The mask of a label and its image's size; raises BadFileError."""
    label = read_label(path)
    size = label.size()
    try:
        rings = [json_points(ring) for ring in label.rings]
    except TooLargeError as error:
        raise BadFileError(path, f"a shape {error}", LABEL_REMEDY) from error
    known = [ring for ring in rings if ring is not None]
    if not known or len(known) < len(rings):
        raise BadFileError(path, "has a shape without points, or no shape at all", LABEL_REMEDY)
    return mask_of_polygons([[ring] for ring in known], size), size
