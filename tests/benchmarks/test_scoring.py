"""Scoring at full scale: 22,750 query-index pairs of both data sets, and rankings with a million distractors.

Polygons are random and star-shaped with 50 to 300 vertices, labels in LabelMe's indented form; the ground truth is the
original where it is at hand. Run with `--benchmark-only`.
"""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from qa.evaluation.evaluate import evaluate
from qa.evaluation.scoring import Scoring

SETS = {"oxford": "roxford5k", "paris": "rparis6k"}
DISTRACTED_ROWS = 1_001_001


def outline(rng: np.random.Generator, width: int = 1024, height: int = 768) -> list[list[int]]:
    """A star-shaped ring of 50 to 300 vertices within an image."""
    number = int(rng.integers(50, 301))
    angle = np.sort(rng.uniform(0, 2 * np.pi, number))
    radius = rng.uniform(60, 320) * (1 + 0.15 * np.sin(3 * angle) + 0.03 * rng.standard_normal(number))
    centre = rng.uniform((300, 220), (width - 300, height - 220))
    ring = centre + np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, None]
    found: list[list[int]] = np.clip(ring, 0, (width - 1, height - 1)).astype(int).tolist()
    return found


def moved(ring: list[list[int]], rng: np.random.Generator) -> list[list[int]]:
    """A ring that overlaps another as a prediction might."""
    points = np.array(ring) * rng.uniform(0.8, 1.1) + rng.integers(-30, 60, 2)
    found: list[list[int]] = np.clip(points, 0, (1023, 767)).astype(int).tolist()
    return found


def groups(labels: list[dict[str, Any]]) -> list[int]:
    """Group number of every query: identical easy, hard and junk lists."""
    known: dict[Any, int] = {}
    return [
        known.setdefault(tuple(tuple(query[kind]) for kind in ("easy", "hard", "junk")), len(known)) for query in labels
    ]


def write_set(root: Path, results: Path, dataset: str, source: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    name = SETS[dataset]
    target = root / "revisitop" / "data" / name / f"gnd_{name}.pkl"
    target.parent.mkdir(parents=True)
    shutil.copyfile(source, target)
    truth = pickle.loads(source.read_bytes())
    table, predictions, rings = {}, {}, {}
    for query, group in enumerate(groups(truth["gnd"])):
        for index in truth["gnd"][query]["hard"] + truth["gnd"][query]["easy"]:
            path = f"labels/{dataset}/g{group:02d}/{truth['imlist'][index]}.json"
            if path not in rings:
                rings[path] = outline(rng)
                write_label(root / path, rings[path], truth["imlist"][index])
            table[f"{query}_{index}"] = path
            empty = rng.uniform() < 0.05
            predictions[f"qimlist_{query}_imlist_{index}"] = [] if empty else moved(rings[path], rng)
    np.save(root / f"{dataset}_pair2labelpath.npy", np.array(table, dtype=object))
    folder = results / "pixel-level" / "method" / "matching_result"
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"pr{dataset}.npy", np.array(predictions, dtype=object))
    ranks = np.stack([rng.permutation(len(truth["imlist"])) for _ in truth["gnd"]], axis=1)
    (results / "image-level" / "RANKS").mkdir(parents=True, exist_ok=True)
    np.save(results / "image-level" / "RANKS" / f"r{dataset}.npy", ranks)


def write_label(path: Path, ring: list[list[int]], image: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = {"label": "object", "group_id": None, "shape_type": "polygon", "flags": {}, "points": ring}
    head = {"version": "5.0.1", "flags": {}, "imagePath": f"{image}.jpg", "imageData": None}
    document = {**head, "imageHeight": 768, "imageWidth": 1024, "shapes": [shape]}
    path.write_text(json.dumps(document, indent=2))


@pytest.fixture(scope="session")
def full_scale(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A benchmark of all pairs with a method's results: (benchmark, results)."""
    folder = tmp_path_factory.mktemp("full-scale")
    for seed, (dataset, name) in enumerate(SETS.items()):
        write_set(folder / "root", folder / "results", dataset, shared / "data" / name / f"gnd_{name}.pkl", seed)
    return folder / "root", folder / "results"


@pytest.fixture(scope="session")
def distracted(full_scale: tuple[Path, Path]) -> tuple[Path, Path]:
    """The same with rankings of 1,001,001 rows by 70 queries, 64-bit."""
    root, results = full_scale
    for seed, dataset in enumerate(SETS):
        rng = np.random.default_rng(seed)
        path = results / "image-level" / "RANKS" / f"R1M{dataset}.npy"
        table = np.lib.format.open_memmap(path, "w+", np.int64, (DISTRACTED_ROWS, 70))
        for query in range(70):
            table[:, query] = rng.permutation(DISTRACTED_ROWS)
        table.flush()
        del table
    return root, results


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scoring", list(Scoring))
def test_all_pairs_of_both_sets(benchmark: BenchmarkFixture, full_scale: tuple[Path, Path], scoring: Scoring) -> None:
    found = benchmark.pedantic(evaluate, (*full_scale, ["method"], scoring), rounds=3, warmup_rounds=1)
    assert sum(len(scores.pairs.state) for scores in found.methods[0].datasets.values()) == 22_750
    assert 0.3 < found.methods[0].datasets["paris"].miou.medium_mask.mean < 0.9


@pytest.mark.timeout(600)
def test_rankings_with_a_million_distractors(benchmark: BenchmarkFixture, distracted: tuple[Path, Path]) -> None:
    found = benchmark.pedantic(evaluate, (*distracted, ["method"]), rounds=3, warmup_rounds=1)
    for scores in found.methods[0].datasets.values():
        assert scores.distractors is not None
        assert scores.distractors.rows == DISTRACTED_ROWS
        assert 0 < scores.distractors.map["medium_box"].mean < scores.plain.map["medium_box"].mean
