"""Scores methods against a benchmark directory: FORMAT B, the official way or the paper's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.domain.dataset import Protocol
from qa.evaluation.dataset_files import DatasetFiles, read_dataset
from qa.evaluation.layout import Benchmark, Results, WrongFolderError
from qa.evaluation.pair_scoring import score_pairs
from qa.evaluation.predictions import read_predictions
from qa.evaluation.rankings import Ranking, read_ranking
from qa.evaluation.remarks import remarks_on
from qa.evaluation.scores import DatasetScores, Evaluation, MethodScores, RankingScores
from qa.evaluation.scoring import Scoring
from qa.evaluation.workers import Workers
from qa.metrics.average_precision import MapScores
from qa.metrics.image_map import image_map
from qa.metrics.official_map import SKIPPED, official_map
from qa.metrics.official_miou import official_iou_table, official_miou
from qa.metrics.pairs import Floats, PairScores
from qa.metrics.paper_map import paper_map
from qa.metrics.paper_miou import paper_iou_table, paper_miou

Report = Callable[[str, float], None]
"""Is told what is being done, and the share of all work that is done."""


def evaluate(
    benchmark: Path,
    results: Path,
    methods: Sequence[str],
    scoring: Scoring = Scoring.OFFICIAL,
    ranks: str | None = None,
    cores: int | None = None,
    report: Report = lambda _what, _done: None,
) -> Evaluation:
    """Score `methods`, folders below `results`, against the benchmark directory `benchmark`.

    `ranks` names the folder of rankings (see Results.chosen_ranking); `cores` is the number of processes. Raises
    WrongFolderError, BadFileError or OfficialScriptStopsError.
    """
    source, found = Benchmark(benchmark), Results.found(results)
    names = source.datasets()
    for method in methods:
        _require_method(found, method, names)
    scored: dict[str, dict[str, DatasetScores]] = {method: {} for method in methods}
    with Workers(cores) as workers:
        for turn, name in enumerate(names):
            files = read_dataset(source, name, scoring)
            for number, method in enumerate(methods):
                if found.predictions(method, name).exists():
                    share = _Share(
                        report, f"{method} on {name}", turn * len(methods) + number, len(names) * len(methods)
                    )
                    scored[method][name] = _scores(files, found, method, scoring, ranks, workers, share)
    return Evaluation(scoring, tuple(MethodScores(method, scored[method]) for method in methods))


@dataclass(frozen=True, slots=True)
class _Share:
    """Reports progress within one of `parts` equal parts of the work."""

    report: Report
    what: str
    part: int
    parts: int

    def __call__(self, done: float) -> None:
        self.report(self.what, (self.part + done) / self.parts)


def _require_method(results: Results, method: str, datasets: Sequence[str]) -> None:
    safe = method not in ("", ".", "..") and not set(method) & set("/\\\0")
    if safe and any(results.predictions(method, name).exists() for name in datasets):
        return
    known = ", ".join(results.methods()) or "none"
    raise WrongFolderError(
        f"{results.root} holds no predictions of a method named {method} for {' or '.join(datasets)} "
        f"(folders there: {known}); its file is pixel-level/{method}/matching_result/pr{datasets[0]}.npy."
    )


def _scores(
    files: DatasetFiles,
    results: Results,
    method: str,
    scoring: Scoring,
    ranks: str | None,
    workers: Workers,
    share: _Share,
) -> DatasetScores:
    share(0.0)
    predictions = read_predictions(results.predictions(method, files.dataset))
    pairs, raised = score_pairs(files, predictions, scoring, workers, share)
    miou = official_miou(pairs) if scoring is Scoring.OFFICIAL else paper_miou(pairs)
    folder = results.chosen_ranking(ranks, method)
    remarks: list[str] = []
    both: list[RankingScores | None] = []
    for distractors in (False, True):
        path = results.ranking(folder, files.dataset, distractors) if folder else None
        if path is None or not path.exists():
            both.append(None)
            continue
        ranking = read_ranking(path, files.truth)
        remarks += ranking.remarks(files.truth)
        both.append(_ranking_scores(ranking, files, pairs, scoring))
    remarks += remarks_on(files.truth, pairs, raised, both[0], scoring)
    return DatasetScores(files.truth, pairs, miou, both[0], both[1], raised, tuple(remarks))


def _ranking_scores(ranking: Ranking, files: DatasetFiles, pairs: PairScores, scoring: Scoring) -> RankingScores:
    if scoring is Scoring.PAPER:
        ranking.require_no_repeats()
    maps: dict[str, MapScores] = {}
    images: dict[str, MapScores] = {}
    for protocol in (Protocol.MEDIUM, Protocol.HARD):
        ranked = ranking.ranked(files.truth, protocol)
        images[protocol.value] = image_map(ranked)
        if scoring is Scoring.OFFICIAL:
            values = _by_query(files, official_iou_table(pairs), protocol)
            maps[f"{protocol}_box"] = official_map(ranked, values, SKIPPED.get(files.dataset, ()))
        else:
            box, mask = paper_iou_table(pairs)
            maps[f"{protocol}_box"] = paper_map(ranked, _by_query(files, box, protocol))
            maps[f"{protocol}_mask"] = paper_map(ranked, _by_query(files, mask, protocol))
    return RankingScores(ranking.path.name, ranking.rows, maps, images)


def _by_query(files: DatasetFiles, iou: Floats, protocol: Protocol) -> list[Floats]:
    """The IoUs of each query's positives, in the order of `Ranking.ranked`: easy before hard, or hard alone."""
    found: list[Floats] = []
    start = 0
    for query in files.truth.queries:
        easy = start + len(query.hard)
        stop = easy + len(query.easy)
        hard_values, easy_values = iou[start:easy], iou[easy:stop]
        found.append(hard_values if protocol is Protocol.HARD else np.concatenate([easy_values, hard_values]))
        start = stop
    return found
