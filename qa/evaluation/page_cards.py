"""What the page shows of one query: the head of its ranking, image by image, with truth, prediction and judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.domain.dataset import Query
from annotator.domain.errors import AnnotatorError
from annotator.domain.geometry import Points, Size
from annotator.domain.tracing import straightened, trace
from qa.evaluation.dataset_files import DatasetFiles
from qa.evaluation.label_file import read_label
from qa.evaluation.prediction_forms import Form, is_nothing, parsed
from qa.evaluation.predictions import Predictions, decoded
from qa.evaluation.scores import DatasetScores
from qa.metrics.pairs import State
from qa.metrics.paper_iou import mask_of_rle
from qa.metrics.ring_input import ring_points

TRUE_FROM = 0.5
"""The page calls an image a true positive when its box IoU is above the lowest of the ten thresholds."""

MOST_VERTICES = 1_500
"""An outline of more vertices is thinned for the page, which only shows it."""


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One ranked image. `judgement` is one of true positive, false positive, junk; `rank` counts from 1.

    `box` and `mask` are IoUs or NaN; `form` says how the prediction came, or why there is none.
    """

    rank: int
    image: str
    difficulty: str
    judgement: str
    form: str
    box: float
    mask: float
    size: Size | None
    truth: tuple[Points, ...]
    prediction: tuple[Points, ...]


def cards(
    files: DatasetFiles,
    scores: DatasetScores,
    predictions: Predictions,
    query: Query,
    ranking: Path | None,
    most: int,
) -> list[Card]:
    """The head of a query's ranking, then the positives that follow in it, `most` images in all.

    Without a ranking: the query's positives by falling box IoU.
    """
    rows = np.flatnonzero(files.pairs.query == query.number)
    positions = dict(zip(files.pairs.index[rows].tolist(), rows.tolist(), strict=True))
    scored = _ScoredQuery(files, scores, predictions, query, positions)
    order = list(enumerate(scored.order(ranking), 1))
    later = [(rank, index) for rank, index in order[most // 2 :] if index in positions]
    chosen = order[: max(most // 2, most - len(later))] + later
    return [scored.card(rank, index) for rank, index in dict(sorted(chosen)[:most]).items()]


@dataclass(frozen=True, slots=True, eq=False)
class _ScoredQuery:
    """A query and what a method has for it; `positions` are its rows in `scores.pairs`, by index image."""

    files: DatasetFiles
    scores: DatasetScores
    predictions: Predictions
    query: Query
    positions: Mapping[int, int]

    def order(self, ranking: Path | None) -> list[int]:
        if ranking is None:
            value = np.nan_to_num(self.scores.pairs.box)
            return sorted(self.positions, key=lambda index: -value[self.positions[index]])
        table = np.load(ranking, mmap_mode="r", allow_pickle=False)
        found: list[int] = table[:, self.query.number].tolist()
        return found

    def card(self, rank: int, index: int) -> Card:
        names, pairs = self.files.truth.index_images, self.scores.pairs
        image = names[index] if 0 <= index < len(names) else f"image {index}"
        position = self.positions.get(index)
        if position is None:
            words = ("junk", "junk") if index in self.query.junk else ("not labelled", "false positive")
            return Card(rank, image, *words, "not asked for", np.nan, np.nan, None, (), ())
        scored = pairs.state[position] == State.SCORED
        box = float(pairs.box[position]) if scored else np.nan
        mask = float(pairs.mask[position]) if scored else np.nan
        key = f"{self.query.number}_{index}"
        form, outline = _prediction(self.predictions, key)
        size, truth = _truth(self.files, key)
        difficulty = "hard" if self.files.pairs.hard[position] else "easy"
        judgement = "true positive" if box > TRUE_FROM else "false positive"
        return Card(rank, image, difficulty, judgement, form, box, mask, size, truth, outline)


def _prediction(predictions: Predictions, key: str) -> tuple[str, tuple[Points, ...]]:
    if not predictions.has(key):
        return "no prediction", ()
    value = decoded(predictions.value(key))
    if is_nothing(value):
        return "nothing found", ()
    try:
        form, content = parsed(value)
        if isinstance(content, list):
            return form.value, tuple(_thinned(ring) for polygon in content for ring in polygon)
        mask = mask_of_rle(content).pixels
    except AnnotatorError:
        return "unreadable", ()
    borders = [ring for outer, holes in trace(mask.pixels.view(np.bool_)) for ring in (outer, *holes)]
    return Form.RLE.value, tuple(_thinned(straightened(ring) + np.array([mask.x, mask.y], float)) for ring in borders)


def _truth(files: DatasetFiles, key: str) -> tuple[Size | None, tuple[Points, ...]]:
    path = files.labels.get(key)
    if path is None:
        return None, ()
    try:
        label = read_label(f"{files.root}/{path}")
        rings = [ring_points(ring) for ring in label.rings]
        return label.size(), tuple(_thinned(ring) for ring in rings if ring is not None)
    except AnnotatorError:
        return None, ()


def _thinned(ring: Points) -> Points:
    return ring[:: 1 + len(ring) // MOST_VERTICES]
