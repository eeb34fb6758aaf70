"""What an evaluation finds: per method and data set the scores, and what has to be said beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.domain.dataset import GroundTruth
from qa.evaluation.scoring import Scoring
from qa.metrics.average_precision import MapScores
from qa.metrics.pairs import PairScores
from qa.metrics.query_means import MeanOfMiou, MiouScores

COLUMNS = ("medium_box", "medium_mask", "hard_box", "hard_mask")
"""The numbers of a data set in the order of the paper's tables."""


@dataclass(frozen=True, slots=True, eq=False)
class RankingScores:
    """Scores with one ranking file: mAP@50:5:95 by column (the official way has boxes only), and image-level mAP."""

    ranking: str
    rows: int
    map: Mapping[str, MapScores]
    image: Mapping[str, MapScores]


@dataclass(frozen=True, slots=True, eq=False)
class DatasetScores:
    """All scores of a method on one data set.

    `plain` goes with the ranking of the database, `distractors` with that of a million more; each is None where there
    is no such file. `raised` are exceptions of the official evaluator by pair. `remarks` are sentences.
    """

    truth: GroundTruth
    pairs: PairScores
    miou: MiouScores
    plain: RankingScores | None
    distractors: RankingScores | None
    raised: Mapping[str, str]
    remarks: tuple[str, ...]

    @property
    def dataset(self) -> str:
        """Short name."""
        return self.truth.dataset

    def mean_of_miou(self, column: str) -> MeanOfMiou:
        """One of COLUMNS."""
        found: MeanOfMiou = getattr(self.miou, column)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class MethodScores:
    """A method with its scores by data set."""

    method: str
    datasets: Mapping[str, DatasetScores]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Several methods scored in one way."""

    scoring: Scoring
    methods: tuple[MethodScores, ...]

    def datasets(self) -> tuple[str, ...]:
        """Data sets that any method was scored on, in order."""
        return tuple(dict.fromkeys(name for method in self.methods for name in method.datasets))
