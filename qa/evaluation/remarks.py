"""What has to be said beside the numbers: where the two ways to score differ, and what happened in this run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from annotator.domain.dataset import GroundTruth
from qa.evaluation.scores import RankingScores
from qa.evaluation.scoring import Scoring
from qa.metrics.official_map import SKIPPED
from qa.metrics.pairs import PairScores, State

DIFFERENCES = (
    "IoU: official draws both outlines on a square canvas as large as the largest coordinate, whose last row and "
    "column are lost; paper compares the exact masks on the canvas of the image.",
    "Mean of mIoU: official leaves empty predictions of easy pairs out of the medium mean and reuses the previous "
    "pair's IoU where it raises; paper counts empty and missing predictions as 0.",
    "mAP@50:5:95: official reads box IoU only, divides AP by the positives that pass, skips queries 56 and 63 (Oxford) "
    "or 57 and 59 (Paris) but still divides by them, and drops queries of which nothing passes; paper divides by all "
    "positives, counts every query, and scores boxes and masks.",
)
"""Sentences: where `official` and `paper` differ (FORMAT B)."""

_SHOWN = 5


def remarks_on(
    truth: GroundTruth,
    pairs: PairScores,
    raised: Mapping[str, str],
    ranking: RankingScores | None,
    scoring: Scoring,
) -> list[str]:
    """Sentences on one data set's run."""
    found = _of_pairs(pairs, scoring)
    if raised:
        shown = ", ".join(f"{key} ({name})" for key, name in list(raised.items())[:_SHOWN])
        found.append(
            f"Pairs that make the official evaluator raise: {len(raised)}; each keeps the previous pair's IoU in the "
            f"mean and passes no threshold: {shown}{' and others' if len(raised) > _SHOWN else ''}."
        )
    if ranking is None:
        found.append("There is no ranking, so there is no mAP.")
    elif scoring is Scoring.OFFICIAL:
        found += _of_official_map(truth, ranking)
    return found


def _of_pairs(pairs: PairScores, scoring: Scoring) -> list[str]:
    empty = pairs.state == State.EMPTY
    easy, hard = int((empty & ~pairs.pairs.hard).sum()), int((empty & pairs.pairs.hard).sum())
    missing = int((pairs.state == State.MISSING).sum())
    found = []
    if easy or hard:
        fate = "left out of the medium mean" if scoring is Scoring.OFFICIAL else "counted as 0"
        found.append(f"Empty predictions: {hard} of hard pairs, counted as 0, and {easy} of easy pairs, {fate}.")
    if missing:
        found.append(f"Pairs without a prediction: {missing}, counted as 0.")
    nothing = (pairs.state == State.SCORED) & np.isnan(pairs.mask)
    if nothing.any():
        found.append(
            f"Pairs with an IoU that is no number, since neither outline covers a pixel of the official canvas: "
            f"{int(nothing.sum())}; every mean that they enter is no number either."
        )
    return found


def _of_official_map(truth: GroundTruth, ranking: RankingScores) -> list[str]:
    found = []
    skipped = [number for number in SKIPPED.get(truth.dataset, ()) if number < len(truth.queries)]
    if skipped:
        numbers = " and ".join(str(number) for number in skipped)
        found.append(f"Queries {numbers} are skipped and still counted in the denominator of mAP.")
    for column, score in ranking.map.items():
        dropped = int((~score.counted).sum())
        if dropped:
            found.append(
                f"{column.replace('_', ' ')} mAP: over the ten thresholds, {dropped} times a query is dropped because "
                "none of its positives passes."
            )
        if np.isnan(score.maps).any():
            found.append(f"{column.replace('_', ' ')} mAP: at some threshold no query is left, so there is no mean.")
    return found
