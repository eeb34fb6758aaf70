"""What a benchmark directory says about one data set, read once for all methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.datasets.ground_truth import read_ground_truth
from annotator.domain.dataset import GroundTruth, query_groups
from annotator.domain.rle import Rle
from qa.evaluation.layout import Benchmark
from qa.evaluation.mask_file import read_masks
from qa.evaluation.pair_table import read_pair_table
from qa.evaluation.scoring import Scoring
from qa.metrics.pairs import PairList, pair_list


@dataclass(frozen=True, slots=True, eq=False)
class DatasetFiles:
    """Ground truth, pairs in the benchmark's order, labels by `q_i`, the group number of every query, exact masks."""

    root: Path
    truth: GroundTruth
    pairs: PairList
    labels: Mapping[str, str]
    group_of: tuple[int, ...]
    masks: Mapping[tuple[int, int], Rle]

    @property
    def dataset(self) -> str:
        """Short name."""
        return self.truth.dataset


def read_dataset(benchmark: Benchmark, dataset: str, scoring: Scoring) -> DatasetFiles:
    """Read one data set; the exact masks only for the paper's protocol. Raises BadFileError or WrongFolderError."""
    truth = replace(read_ground_truth(benchmark.ground_truth(dataset)), dataset=dataset)
    return DatasetFiles(
        benchmark.root,
        truth,
        pair_list(truth),
        read_pair_table(benchmark.pair_table(dataset), benchmark.root),
        group_numbers(truth),
        read_masks(benchmark.masks(dataset)) if scoring is Scoring.PAPER else {},
    )


def group_numbers(truth: GroundTruth) -> tuple[int, ...]:
    """The group number of every query."""
    numbers = {query.number: group.number for group in query_groups(truth) for query in group.queries}
    return tuple(numbers[query.number] for query in truth.queries)
