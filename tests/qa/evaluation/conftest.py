"""A small benchmark directory in the published layout, with a method's results, built afresh for each test."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SIZE = (100, 80)


def square(low: int, high: int) -> list[list[int]]:
    """A square ring of pixel centres from `low` to `high`, both inside."""
    return [[low, low], [high, low], [high, high], [low, high]]


def default_truth() -> dict[str, Any]:
    """Queries 0 and 1 are one group; query 2 is another. Index images 0 to 5, of which 4 is labelled by nobody."""
    labels = [([0], [1], [2]), ([0], [1], [2]), ([3], [5], [0])]
    gnd = [{"bbx": [0.0, 0.0, 9.0, 9.0], "easy": e, "hard": h, "junk": j} for e, h, j in labels]
    return {"gnd": gnd, "imlist": [f"image_{n}" for n in range(6)], "qimlist": ["query_0", "query_1", "query_2"]}


@dataclass
class Bench:
    """Writes the files; change `shapes`, `predictions` or `ranks` and call `write`."""

    folder: Path
    dataset: str = "oxford"
    truth: dict[str, Any] = field(default_factory=default_truth)
    shapes: dict[str, list[Any]] = field(default_factory=dict)
    predictions: dict[str, Any] = field(default_factory=dict)
    ranks: Any = None

    @property
    def root(self) -> Path:
        return self.folder / "benchmark"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def prediction_file(self) -> Path:
        return self.results / "pixel-level" / "mine" / "matching_result" / f"pr{self.dataset}.npy"

    @property
    def ranking_file(self) -> Path:
        return self.results / "image-level" / "RANKS" / f"r{self.dataset}.npy"

    @property
    def table_file(self) -> Path:
        return self.root / f"{self.dataset}_pair2labelpath.npy"

    def label_file(self, key: str) -> Path:
        query, index = key.split("_")
        group = "g00" if query in "01" else "g01"
        return self.root / "labels" / self.dataset / group / f"image_{index}.json"

    def pair_keys(self) -> list[str]:
        return [f"{q}_{i}" for q, labels in enumerate(self.truth["gnd"]) for i in labels["hard"] + labels["easy"]]

    def table(self) -> dict[str, str]:
        return {key: self.label_file(key).relative_to(self.root).as_posix() for key in self.pair_keys()}

    def write(self) -> Bench:
        name = {"oxford": "roxford5k", "paris": "rparis6k"}.get(self.dataset, self.dataset)
        truth = self.root / "revisitop" / "data" / name / f"gnd_{name}.pkl"
        truth.parent.mkdir(parents=True, exist_ok=True)
        truth.write_bytes(pickle.dumps(self.truth))
        self.save(self.table_file, self.table())
        for key in self.pair_keys():
            self.write_label(key, self.shapes.get(key[2:], [square(10, 29)]))
        self.save(self.prediction_file, self.predicted())
        in_order = np.stack([np.arange(6)] * 3, axis=1)
        self.ranking_file.parent.mkdir(parents=True, exist_ok=True)
        np.save(self.ranking_file, in_order if self.ranks is None else self.ranks)
        return self

    def predicted(self) -> dict[str, Any]:
        named = {key: self.predictions.get(key, square(10, 29)) for key in self.pair_keys()}
        return {f"qimlist_{key.replace('_', '_imlist_')}": value for key, value in named.items() if value is not None}

    def write_label(self, key: str, rings: list[Any], **members: Any) -> None:
        path = self.label_file(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {"imageWidth": SIZE[0], "imageHeight": SIZE[1], "shapes": [{"points": ring} for ring in rings]}
        path.write_text(json.dumps(document | members))

    @staticmethod
    def save(path: Path, value: dict[str, Any], **options: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.array(value, dtype=object), **options)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
