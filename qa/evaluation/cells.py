"""Every number of an evaluation once, with its interval, for all forms in which it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.dataset import Protocol
from qa.evaluation.scores import COLUMNS, DatasetScores, RankingScores
from qa.evaluation.scoring import Scoring
from qa.metrics.bootstrap import Interval, map_interval, miou_interval, resamples
from qa.metrics.pairs import Floats


class Measure(StrEnum):
    """What is measured; with_distractors: with the ranking that has a million more images."""

    MMIOU = "mmiou"
    MAP = "map"
    MAP_DISTRACTORS = "map_with_distractors"
    IMAGE_MAP = "image_map"
    IMAGE_MAP_DISTRACTORS = "image_map_with_distractors"


TITLES = {
    Measure.MMIOU: "mean of mIoU",
    Measure.MAP: "mAP@50:5:95",
    Measure.MAP_DISTRACTORS: "mAP@50:5:95 with distractors",
    Measure.IMAGE_MAP: "image-level mAP",
    Measure.IMAGE_MAP_DISTRACTORS: "image-level mAP with distractors",
}

NAMES = {"oxford": "PROxford", "paris": "PRParis"}
"""The paper's names of the data sets."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One score, 0 to 1: `column` is one of `columns_of(measure)`; all numbers may be NaN."""

    dataset: str
    measure: Measure
    column: str
    value: float
    interval: Interval


def columns_of(measure: Measure, scoring: Scoring) -> tuple[str, ...]:
    """The columns of a measure in the order of the paper's tables."""
    if measure in (Measure.IMAGE_MAP, Measure.IMAGE_MAP_DISTRACTORS):
        return (Protocol.MEDIUM.value, Protocol.HARD.value)
    if measure is not Measure.MMIOU and scoring is Scoring.OFFICIAL:
        return tuple(column for column in COLUMNS if column.endswith("box"))
    return COLUMNS


def cells(scores: DatasetScores, scoring: Scoring, seed: int = 0) -> list[Cell]:
    """All scores of a method on a data set, with bootstrap intervals over its queries."""
    weights = resamples(len(scores.truth.queries), seed)
    found = []
    for column in COLUMNS:
        score = scores.mean_of_miou(column)
        found.append(Cell(scores.dataset, Measure.MMIOU, column, score.mean, miou_interval(score, weights)))
    for ranking, pixel, image in (
        (scores.plain, Measure.MAP, Measure.IMAGE_MAP),
        (scores.distractors, Measure.MAP_DISTRACTORS, Measure.IMAGE_MAP_DISTRACTORS),
    ):
        if ranking is not None:
            found += _of_ranking(scores.dataset, ranking, pixel, image, weights)
    return [cell for cell in found if cell.column in columns_of(cell.measure, scoring)]


def _of_ranking(
    dataset: str, ranking: RankingScores, pixel: Measure, image: Measure, weights: Floats
) -> Iterator[Cell]:
    for measure, scores in ((pixel, ranking.map), (image, ranking.image)):
        for column, score in scores.items():
            yield Cell(dataset, measure, column, score.mean, map_interval(score, weights))


def shown(column: str) -> str:
    """A column's heading: `medium box`."""
    return column.replace("_", " ")
