"""Release and verification at full scale: 8,824 pairs of two datasets, made of synthetic masks of 1024 by 768 pixels.

DESIGN 11 asks for a release in 60 s and verification in 30 s on two cores.
"""

from __future__ import annotations

import pickle
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from annotator.datasets.ground_truth import read_ground_truth
from annotator.domain.dataset import query_groups
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.domain.tracing import polygons_of
from export.material import FinishedPair, FinishedQuery, ImageFile, Material, Round
from export.release import release_material
from export.verify import verify_release

SCALE = {"oxford": ("roxford5k", 26, 2_463), "paris": ("rparis6k", 25, 6_361)}
"""Name of the ground truth, groups and pairs: those of the benchmark."""


def outline(seed: int) -> Annotation:
    """A building-like outline with teeth, arches and something in front: some hundred vertices."""
    rng = np.random.default_rng(seed)
    canvas = np.zeros((768, 1024), dtype=np.uint8)
    left, top, right, bottom = 120 + 80 * rng.random(), 100 + 90 * rng.random(), 700 + 250 * rng.random(), 620
    cv2.rectangle(canvas, (int(left), int(top)), (int(right), bottom), 1, -1)
    for x in np.arange(left, right, 24):
        cv2.circle(canvas, (int(x), int(top)), int(rng.integers(4, 11)), int(rng.integers(0, 2)), -1)
    for value, count in ((0, 4), (1, 2), (0, 2)):
        for _ in range(count):
            centre = (int(rng.integers(150, 900)), int(rng.integers(250, 600)))
            cv2.ellipse(canvas, centre, (int(rng.integers(10, 60)), int(rng.integers(20, 90))), 12, 0, 360, value, -1)
    found = polygons_of(canvas.astype(bool))
    return Annotation((1024, 768), tuple(Shape(str(n), Role.OBJECT, one) for n, one in enumerate(found, start=1)))


def full_scale(folder: Path, dataset: str, drawn: list[Annotation]) -> Material:
    stem, count, pairs = SCALE[dataset]
    shares = [list(range(start, pairs, count)) for start in range(count)]
    gnd = [
        {"bbx": [1.0, 1.0, 900.0, 700.0], "easy": share[::2], "hard": share[1::2], "junk": []}
        for share in (shares[q % count] for q in range(70))
    ]
    names = {"imlist": [f"im_{n:05d}" for n in range(pairs)], "qimlist": [f"q_{n:03d}" for n in range(70)]}
    path = folder / f"gnd_{stem}.pkl"
    path.write_bytes(pickle.dumps({"gnd": gnd, **names}))
    truth = read_ground_truth(path)
    groups = query_groups(truth)
    at = datetime(2025, 1, 1, tzinfo=UTC)
    made = []
    for group in groups:
        for index in group.positives:
            first, last = index % len(drawn) + 1, (index * 7) % len(drawn) + 1
            history = (
                Round("annotate", "A1", at, "submitted", first if index % 3 == 0 else last, 60.0),
                Round("refine+inspect", "A2", at, "refined", last, 30.0),
                Round("refine+inspect", "A3", at, "approved unchanged", last, 20.0),
            )
            name = truth.index_images[index]
            image = ImageFile(name, f"{name}.jpg", "0" * 64)
            made.append(FinishedPair(dataset, group.number, index, group.difficulty(index), image, history, last))
    queries = [
        FinishedQuery(dataset, q.number, g.number, ImageFile(q.image, f"{q.image}.jpg", ""), drawn[0], "A1", "A2")
        for g in groups
        for q in g.queries
    ]
    return Material(
        dataset=dataset,
        project=dataset,
        truth=truth,
        groups=groups,
        ground_truth_file=path,
        annotations=lambda wanted: {revision: drawn[revision - 1] for revision in wanted},
        pairs=tuple(made),
        queries=tuple(sorted(queries, key=lambda query: query.number)),
    )


@pytest.fixture(scope="module")
def scale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scale")


@pytest.fixture(scope="module")
def materials(scale: Path) -> list[Material]:
    drawn = [outline(seed) for seed in range(200)]
    return [full_scale(scale, dataset, drawn) for dataset in SCALE]


def test_release_of_8824_masks(benchmark: Any, materials: list[Material], scale: Path) -> None:
    out = scale / "release"
    report = benchmark.pedantic(
        release_material, (materials, out), setup=lambda: shutil.rmtree(out, ignore_errors=True), rounds=1
    )
    assert report.pairs == 8_824


def test_verification_of_8824_masks(benchmark: Any, materials: list[Material], scale: Path) -> None:
    if not (scale / "release").exists():
        release_material(materials, scale / "release")
    assert benchmark.pedantic(verify_release, (scale / "release",), rounds=1) == []
