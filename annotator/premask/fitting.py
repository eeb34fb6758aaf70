"""Fits the confidence in resources/premask from lessons, and tests it across buildings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import spearmanr

from annotator.premask.cut_network import Cut
from annotator.premask.features import Floats
from annotator.premask.fitted import Logistic
from annotator.premask.iou import mask_iou
from annotator.premask.lessons import USABLE, Lesson, balanced
from annotator.premask.transfer import cut_of

CONFIDENCE_RIDGE = 0.15
"""Holds down the confidence's weights on standardised marks."""

FOREIGN = 0.1
"""Weight of a lesson in an image of another landmark: an index image of a group shows the object by definition."""

Cuts = Callable[[str], Cut]
"""The cut for a building: one that did not learn from it, or the confidence would be fitted on cuts learnt by heart."""


def fit(given: Sequence[Lesson], marks: NDArray[np.float64], reached: NDArray[np.float64]) -> Logistic:
    """The confidence in what the cut makes, from lessons with any features and their `outcomes`.

    One set serves all kinds of features: a set for each did worse on landmarks left out (docs/premask.md).
    """
    weights = balanced([lesson.building for lesson in given], power=1.0)
    weights *= np.where([bool(lesson.truth.any()) for lesson in given], 1.0, FOREIGN)
    return logistic(marks, reached, weights / weights.sum(), ridge=CONFIDENCE_RIDGE)


def outcomes(given: Sequence[Lesson], cuts: Cuts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Completed marks `(n, len(MARKS))` and the IoU that each candidate reaches after the cut."""
    rows: list[Floats] = []
    reached: list[float] = []
    for lesson in given:
        planes = lesson.example.planes.astype(np.float32)
        inside = cuts(lesson.building).of_shrunk(planes, lesson.seen.window.expected.shape)
        mask, marks = cut_of(lesson.seen, lesson.indexed, inside)
        rows.append(marks)
        reached.append(mask_iou(mask, lesson.truth))
    return np.stack(rows).astype(np.float64), np.array(reached)


def logistic(
    values: NDArray[np.float64], answers: NDArray[np.float64], weights: NDArray[np.float64], ridge: float
) -> Logistic:
    """Logistic regression of answers in 0 to 1 with a ridge on standardised values, by L-BFGS."""
    mean = weights @ values
    spread = np.sqrt(weights @ (values - mean) ** 2) + 1e-3
    rows = np.column_stack([(values - mean) / spread, np.ones(len(values))])

    def loss(terms: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = rows @ terms
        held = np.append(terms[:-1], 0.0)
        value = float(weights @ (np.logaddexp(0, logits) - answers * logits)) + ridge / 2 * float(held @ held)
        return value, rows.T @ (weights * (1 / (1 + np.exp(-logits)) - answers)) + ridge * held

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return Logistic(mean, spread, found[:-1], float(found[-1]))


def cross_validated(
    given: Sequence[Lesson], marks: NDArray[np.float64], reached: NDArray[np.float64]
) -> dict[str, float]:
    """How the confidence does on buildings that it was not fitted on, over all candidates, and the mean IoU (`reached`)
    of those whose warp is usable, over buildings, after the cut and before it (`warped`). Raises ValueError for
    lessons of one building.
    """
    if len({lesson.building for lesson in given}) < 2:
        raise ValueError("lessons of one building have no other to be tested on")
    buildings = np.array([lesson.building for lesson in given])
    predicted = np.zeros(len(given))
    for left_out in np.unique(buildings):
        others = buildings != left_out
        kept = [lesson for lesson in given if lesson.building != left_out]
        fitted = fit(kept, marks[others], reached[others])
        predicted[buildings == left_out] = fitted(marks[buildings == left_out])
    plain = np.array([lesson.plain for lesson in given])
    usable = [np.flatnonzero((buildings == name) & (plain >= USABLE)) for name in np.unique(buildings)]
    means = [(reached[rows].mean(), plain[rows].mean()) for rows in usable if len(rows)]
    after, before = np.mean(means, axis=0) if means else (0.0, 0.0)
    return judged(predicted, reached) | {"reached": float(after), "warped": float(before)}


def judged(predicted: NDArray[np.float64], reached: NDArray[np.float64]) -> dict[str, float]:
    """Rank correlation (Spearman) and mean absolute error of confidence, and how often a confident one is bad."""
    sure = predicted >= 0.75
    return {
        "count": len(predicted),
        "rank_correlation": _rank_correlation(predicted, reached),
        "mean_absolute_error": float(np.abs(predicted - reached).mean()) if len(predicted) else 0.0,
        "confident": int(sure.sum()),
        "confident_and_bad": float((reached[sure] < 0.3).mean()) if sure.any() else 0.0,
    }


def _rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Spearman's, 0 where one of them is constant."""
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(spearmanr(one, other)[0])
