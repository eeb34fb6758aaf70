"""Scores query by query, group by group, and by difficulty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotator.domain.dataset import group_name
from qa.evaluation.dataset_files import group_numbers
from qa.evaluation.scores import COLUMNS, DatasetScores
from qa.evaluation.scoring import Scoring
from qa.metrics.average_precision import MapScores
from qa.metrics.official_miou import visited_iou
from qa.metrics.pairs import Floats, State
from qa.metrics.paper_miou import paper_iou_table
from qa.metrics.query_means import mean_of_miou

Record = dict[str, Any]


def per_query(scores: DatasetScores) -> list[Record]:
    """A record for each query: number, image, group, mean IoU by column, and AP by column (`ap_…`)."""
    groups = group_numbers(scores.truth)
    columns = _columns(scores)
    return [
        {"query": query.number, "image": query.image, "group": group_name(groups[query.number])}
        | {name: _number(values[query.number]) for name, values in columns.items()}
        for query in scores.truth.queries
    ]


def per_group(scores: DatasetScores) -> list[Record]:
    """A record for each query group: its name, queries, and the means of its queries' scores."""
    groups = np.array(group_numbers(scores.truth))
    columns = _columns(scores)
    return [
        {"group": group_name(int(group)), "queries": np.flatnonzero(groups == group).tolist()}
        | {name: _mean(values[groups == group]) for name, values in columns.items()}
        for group in np.unique(groups)
    ]


def per_difficulty(scores: DatasetScores, scoring: Scoring) -> dict[str, Record]:
    """For easy and for hard pairs: how many, how many empty, and the mean over queries of their mean IoU."""
    pairs = scores.pairs.pairs
    box, mask = visited_iou(scores.pairs) if scoring is Scoring.OFFICIAL else paper_iou_table(scores.pairs)
    empty = scores.pairs.state == State.EMPTY
    found = {}
    for name, chosen in (("easy", ~pairs.hard), ("hard", pairs.hard)):
        counted = chosen & ~empty if scoring is Scoring.OFFICIAL and name == "easy" else chosen
        found[name] = {
            "pairs": int(chosen.sum()),
            "empty": int((chosen & empty).sum()),
            "box": _mean(mean_of_miou(pairs, box, counted).per_query),
            "mask": _mean(mean_of_miou(pairs, mask, counted).per_query),
        }
    return found


def _columns(scores: DatasetScores) -> Mapping[str, Floats]:
    columns = {column: scores.mean_of_miou(column).per_query for column in COLUMNS}
    if scores.plain is not None:
        columns |= {f"ap_{column}": query_aps(score) for column, score in scores.plain.map.items()}
    return columns


def query_aps(score: MapScores) -> Floats:
    """`(queries,)`: a query's mean AP over the thresholds at which it has one; NaN where it has none at all."""
    known = ~np.isnan(score.aps)
    sums = np.nan_to_num(score.aps).sum(axis=0)
    number = known.sum(axis=0)
    means = np.full(len(sums), np.nan)
    np.divide(sums, number, out=means, where=number > 0)
    return means


def _mean(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
