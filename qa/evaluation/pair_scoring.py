"""The IoU of every query-index pair of one method on one data set, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from annotator.domain.errors import BadFileError
from qa.evaluation.dataset_files import DatasetFiles
from qa.evaluation.official_task import score_official
from qa.evaluation.paper_task import score_paper
from qa.evaluation.predictions import Predictions, read_predictions_whole
from qa.evaluation.scoring import Scoring
from qa.evaluation.tasks import Scored, Task, score_tasks
from qa.evaluation.workers import Workers
from qa.metrics.official_miou import require_complete
from qa.metrics.pairs import PairScores, State

CHUNK = 400
"""Pairs in one chunk of work: a twentieth of a second."""


def score_pairs(
    files: DatasetFiles,
    predictions: Predictions,
    scoring: Scoring,
    workers: Workers,
    report: Callable[[float], None] = lambda _done: None,
) -> tuple[PairScores, dict[str, str]]:
    """Scores of all pairs, and the official evaluator's exceptions by `q_i`; `report` is told the share that is done.

    Raises BadFileError for a broken file, OfficialScriptStopsError for a missing prediction in the official way.
    """
    scores = _unscored(files, predictions)
    if scoring is Scoring.OFFICIAL:
        require_complete(scores)
    score = score_official if scoring is Scoring.OFFICIAL else score_paper
    function = partial(score_tasks, score=score, predictions=predictions.path)
    chunks = _chunks(_tasks(files, predictions, scores))
    raised: dict[str, str] = {}
    for number, scored in enumerate(workers.each(function, chunks), 1):
        if scored.irregular:
            return score_pairs(files, read_predictions_whole(predictions.path), scoring, workers, report)
        if scored.bad is not None:
            raise BadFileError(*scored.bad)
        _keep(scored, scores)
        raised |= scored.raised
        report(number / len(chunks))
    return scores, raised


def _unscored(files: DatasetFiles, predictions: Predictions) -> PairScores:
    number = len(files.pairs)
    has = np.fromiter((predictions.has(key) for key in files.pairs.written()), dtype=np.bool_, count=number)
    state = np.where(has, State.SCORED, State.MISSING).astype(np.uint8)
    return PairScores(files.pairs, np.full(number, np.nan), np.full(number, np.nan), state)


def _tasks(files: DatasetFiles, predictions: Predictions, scores: PairScores) -> list[Task]:
    """One task for each (group, index image): its pairs share a label."""
    members: dict[tuple[int, int, str | None], list[tuple[str, int]]] = {}
    index = files.pairs.index.tolist()
    query = files.pairs.query.tolist()
    predicted = (scores.state != State.MISSING).tolist()
    for position, key in enumerate(files.pairs.written()):
        if predicted[position]:
            shared = (files.group_of[query[position]], index[position], files.labels.get(key))
            members.setdefault(shared, []).append((key, position))
    tasks = []
    for (group, image, label), pairs in members.items():
        keys, positions = zip(*pairs, strict=True)
        path = f"{files.root}/{label}" if label is not None else None
        values = tuple(predictions.value(key) for key in keys)
        tasks.append(Task(path, files.masks.get((group, image)), keys, positions, values))
    return tasks


def _chunks(tasks: Sequence[Task]) -> list[list[Task]]:
    chunks: list[list[Task]] = []
    room = 0
    for task in tasks:
        if room <= 0:
            chunks.append([])
            room = CHUNK
        chunks[-1].append(task)
        room -= len(task.keys)
    return chunks


def _keep(scored: Scored, scores: PairScores) -> None:
    scores.box[scored.positions] = scored.box
    scores.mask[scored.positions] = scored.mask
    scores.state[scored.positions] = scored.state
