"""Fits the parameters in resources/premask from a folder of masks, and tests them across landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import spearmanr

from annotator.domain.raster import Mask
from annotator.premask.evidence import PLANES
from annotator.premask.features import Floats
from annotator.premask.fitted import Fitted, Logistic
from annotator.premask.landmark import Landmark
from annotator.premask.protocol import IndexImage, Reference
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.transfer import Seen, cut_of, looked_at, seen_candidates

SAMPLES = 1200
"""Pixels taken from every candidate for fitting the cut."""

CONFIDENCE_RIDGE = 0.3
"""Holds down the confidence's weights on standardised marks."""

FOREIGN = 0.25
"""Weight of a lesson in an image of another landmark: an index image of a group shows the object by definition."""

MOST_REFERENCES = 7
"""Masked images of a landmark that serve as references, spread over all there are: where there are more, further ones
show the same views again, and every lesson costs time and memory."""

NO_PLANES = np.zeros((0, 0, len(PLANES)), dtype=np.float32)

USABLE = 0.2
"""IoU of the warped mask below which a candidate teaches nothing about cutting."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A candidate with its truth: `group` is the landmark, `truth` bool of the index image's working size.

    `building` is what landmarks share that must not test each other. `planes` are those of `seen`, which has none here,
    in half precision: thousands of lessons are in memory at once.
    """

    group: str
    building: str
    seen: Seen
    planes: NDArray[np.float16]
    indexed: Indexed
    truth: Mask
    pixels: Floats
    answers: NDArray[np.bool_]
    plain: float


def all_lessons(sources: Sequence[FeatureSource], landmarks: Sequence[Landmark]) -> list[Lesson]:
    """Lessons of every masked image as a reference: in its landmark's images, and in three of other landmarks.

    The latter have no truth in them, and teach that a geometry can be found where there is nothing. Every source of
    features gives its own.
    """
    return [lesson for source in sources for lesson in _lessons_with(source, landmarks)]


def _lessons_with(source: FeatureSource, landmarks: Sequence[Landmark]) -> list[Lesson]:
    indexed: dict[str, Indexed] = {}
    found: list[Lesson] = []
    for landmark in landmarks:
        own = [(image, landmark.truths[image.name]) for image in landmark.images]
        foreign = [image for other in landmarks if other.out_of_sight(landmark) for image in other.images]
        approved = [
            Reference(image.image, landmark.wholes.get(image.name, truth), "approved", image.name, image.key)
            for image, truth in own
        ]
        for number, reference in enumerate(spread([*landmark.queries, *approved])):
            strangers = [(one, np.zeros(one.image.shape[:2], dtype=bool)) for one in foreign[number::5][:3]]
            found += lessons(source, landmark, reference, own + strangers, indexed)
    return found


def spread(references: Sequence[Reference]) -> list[Reference]:
    """At most `MOST_REFERENCES` of them, the first and the last among them."""
    count = min(len(references), MOST_REFERENCES)
    return [references[round(place)] for place in np.linspace(0, len(references) - 1, count)]


def lessons(
    source: FeatureSource,
    landmark: Landmark,
    reference: Reference,
    images: Sequence[tuple[IndexImage, Mask]],
    indexed: dict[str, Indexed],
) -> Iterator[Lesson]:
    """Every candidate of a reference in every other image; `indexed` keeps images by key between calls."""
    random = np.random.default_rng(0)
    prepared = source.reference(reference)
    for image, truth in images:
        if image.name != reference.name and isinstance(prepared, Prepared):
            known = indexed.get(image.key) or source.index(image)
            indexed[image.key] = known
            yield from _of_pair(landmark, prepared, known, truth, random)


def _of_pair(
    landmark: Landmark, prepared: Prepared, indexed: Indexed, truth: Mask, random: np.random.Generator
) -> Iterator[Lesson]:
    height, width = indexed.image.shape[:2]
    working = cv2.resize(truth.view(np.uint8), (width, height), interpolation=cv2.INTER_AREA) > 0
    for seen in seen_candidates(prepared, indexed, looked_at(prepared, indexed), keep=3):
        window = seen.window
        shape = window.expected.shape
        x, y = int(window.origin[0]), int(window.origin[1])
        part = working[y : y + round(shape[0] / window.factor), x : x + round(shape[1] / window.factor)]
        small = cv2.resize(part.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_AREA) > 0.5
        rows = random.choice(small.size, min(SAMPLES, small.size), replace=False)
        pixels = seen.planes.reshape(small.size, -1)[rows]
        plain = _iou(window.expected > 0.5, small)
        yield Lesson(
            landmark.name, landmark.building or landmark.name, replace(seen, planes=NO_PLANES),
            seen.planes.astype(np.float16), indexed, np.asarray(working), pixels, small.ravel()[rows], plain,
        )  # fmt: skip


def fit(given: Sequence[Lesson]) -> Fitted:
    """Parameters from lessons with any features: first the cut, then the confidence of what the cut makes.

    One set serves all kinds of features: a set for each did worse on landmarks left out (docs/premask.md).
    """
    cut = _fit_cut(given)
    marks, reached = _outcomes(given, cut)
    weights = _balanced([lesson.building for lesson in given], power=1.0)
    weights *= np.where([bool(lesson.truth.any()) for lesson in given], 1.0, FOREIGN)
    return Fitted(cut, logistic(marks, reached, weights / weights.sum(), ridge=CONFIDENCE_RIDGE))


def _outcomes(given: Sequence[Lesson], cut: Logistic) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Completed marks `(n, len(MARKS))` and the IoU that each candidate reaches after the cut."""
    rows, reached = [], []
    for lesson in given:
        inside = cut(lesson.planes.astype(np.float32)).astype(np.float32)
        mask, marks = cut_of(lesson.seen, lesson.indexed, inside)
        rows.append(marks)
        reached.append(_iou(mask, lesson.truth))
    return np.stack(rows).astype(np.float64), np.array(reached)


def _fit_cut(given: Sequence[Lesson]) -> Logistic:
    usable = [lesson for lesson in given if lesson.plain >= USABLE]
    pixels = np.concatenate([lesson.pixels for lesson in usable]).astype(np.float64)
    answers = np.concatenate([lesson.answers for lesson in usable]).astype(np.float64)
    buildings = [lesson.building for lesson in usable for _ in lesson.answers]
    return logistic(pixels, answers, _balanced(buildings), ridge=1e-3)


def _balanced(buildings: Iterable[str], power: float = 0.7) -> NDArray[np.float64]:
    """Weights that keep one building with many images from deciding alone (`power` 1: all alike); they sum to 1."""
    names, which, counts = np.unique(np.array(list(buildings)), return_inverse=True, return_counts=True)
    weights = (1 / counts.astype(np.float64) ** power)[which]
    return np.asarray(weights / weights.sum()) if len(names) else weights


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


def cross_validated(given: Sequence[Lesson]) -> dict[str, float]:
    """How the confidence does on buildings that it was not fitted on, over all candidates."""
    predicted: list[float] = []
    reached: list[float] = []
    for left_out in sorted({lesson.building for lesson in given}):
        fitted = fit([lesson for lesson in given if lesson.building != left_out])
        marks, outcomes = _outcomes([lesson for lesson in given if lesson.building == left_out], fitted.cut)
        predicted += fitted.confidence(marks).tolist()
        reached += outcomes.tolist()
    return judged(np.array(predicted), np.array(reached))


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


def _iou(one: Mask, other: Mask) -> float:
    return float(int(np.count_nonzero(one & other)) / max(1, int(np.count_nonzero(one | other))))
