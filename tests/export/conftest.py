"""Small datasets with masks of every kind, finished without a project or a photograph."""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from annotator.datasets.ground_truth import read_ground_truth
from annotator.domain.dataset import query_groups
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.domain.tracing import polygons_of
from export.material import FinishedPair, FinishedQuery, ImageFile, Material, Round
from export.release import release_material

SIZE = (60, 44)
START = datetime(2025, 1, 7, 10, 11, tzinfo=UTC)

Make = Callable[..., Material]


def square(x: float, y: float, side: float, name: str = "1") -> Shape:
    corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
    return Shape(name, Role.OBJECT, polygon(corners))


def drawn(kind: int) -> Annotation:
    """Annotations by kind: plain, with a hole, with an occluder across, several components, kept, hidden wholly."""
    kind %= 6
    shapes = [square(8 + kind, 6, 30)]
    ring = [[14, 12], [24, 12], [24, 20], [14, 20]]
    bar = polygon([[2, 17], [58, 17], [58, 21], [2, 21]])
    if kind == 1:
        shapes = [Shape("1", Role.OBJECT, polygon([[9, 6], [39, 6], [39, 36], [9, 36]], ring))]
    elif kind == 2:
        shapes.append(Shape("2", Role.OCCLUDER, bar, OccluderKind.VEGETATION))
    elif kind == 3:
        shapes = [square(0, 0, 12), square(30, 20, 23, "2"), square(50, 2, 0.2, "3")]
    elif kind == 4:
        shapes.append(Shape("2", Role.KEPT, polygon([[20, 6], [21, 6], [21, 30]]), OccluderKind.STREET_FURNITURE))
    elif kind == 5:
        everything = polygon([[0, 0], [59, 0], [59, 43], [0, 43]])
        shapes.append(Shape("2", Role.OCCLUDER, everything, OccluderKind.BUILDING))
    return Annotation(SIZE, tuple(shapes))


def write_truth(path: Path, queries: int = 3, images: int = 9, names: tuple[str, ...] = ()) -> Path:
    """A ground truth: queries 0 and 2 form a group, query 1 one of its own; image 6 is junk for g00.

    `names` are those of the first index images in place of `im_NNN`.
    """
    first = {"bbx": [1.0, 2.0, 40.0, 41.5], "easy": [1, 0, 2], "hard": [3, 4, 5], "junk": [6]}
    second = {"bbx": [0.0, 0.0, 20.0, 20.0], "easy": [7], "hard": [4, 8], "junk": []}
    labels = [dict(second if number == 1 else first) for number in range(queries)]
    numbered = [f"im_{number:03d}" for number in range(images)]
    data = {
        "gnd": labels,
        "imlist": [*names, *numbered[len(names) :]],
        "qimlist": [f"q_{number:03d}" for number in range(queries)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(data, protocol=2))
    return path


def image(name: str) -> ImageFile:
    return ImageFile(name, f"{name}.jpg", hashlib.sha256(name.encode()).hexdigest(), 6 if name == "im_001" else 1)


def rounds(first: int, last: int, pair: int) -> tuple[Round, ...]:
    """Three passes of three people; the first ends with another annotation than the others."""
    people = [f"A{1 + (pair + shift) % 4}" for shift in range(3)]
    steps = ("annotate", "refine+inspect", "refine+inspect")
    verdicts = ("submitted", "refined", "approved unchanged")
    return tuple(
        Round(
            step,
            who,
            START + timedelta(hours=pair, minutes=n),
            verdict,
            revision,
            40.5 + n,
            "transfer" if not n else None,
        )
        for n, (step, who, verdict, revision) in enumerate(
            zip(steps, people, verdicts, (first, last, last), strict=True)
        )
    )


def build(
    folder: Path,
    dataset: str = "oxford",
    masks: dict[int, NDArray[np.bool_]] | None = None,
    without: tuple[int, ...] = (),
    without_queries: tuple[int, ...] = (),
    names: tuple[str, ...] = (),
    **changes: Any,
) -> Material:
    """Material of a small dataset; `masks` gives other final masks by pair number, `without` leaves pairs out.

    `names` are those of the first index images.
    """
    stem = {"oxford": "roxford5k", "paris": "rparis6k"}.get(dataset, dataset)
    path = write_truth(folder / "truth" / f"gnd_{stem}.pkl", names=names)
    truth = read_ground_truth(path)
    groups = query_groups(truth)
    annotations: dict[int, Annotation] = {}
    pairs, missing = [], []
    keys = [(group, index) for group in groups for index in group.positives]
    for number, (group, index) in enumerate(keys):
        first, last = 2 * number + 1, 2 * number + 2
        annotations[first], annotations[last] = drawn(0), drawn(number)
        if masks and number in masks:
            annotations[last] = annotation_of(masks[number])
        name = truth.index_images[index]
        if number in without:
            missing.append(f"{group.name}:{name}")
            continue
        history = rounds(first, last, number)
        pairs.append(FinishedPair(dataset, group.number, index, group.difficulty(index), image(name), history, last))
    queries = tuple(
        FinishedQuery(dataset, query.number, group.number, image(query.image), drawn(query.number), "A1", "A2")
        for query, group in sorted(((q, g) for g in groups for q in g.queries), key=lambda one: one[0].number)
        if query.number not in without_queries
    )
    made = Material(
        dataset=dataset,
        project=f"project-{dataset}",
        truth=truth,
        groups=groups,
        ground_truth_file=path,
        annotations=lambda wanted: {revision: annotations[revision] for revision in wanted},
        pairs=tuple(pairs),
        queries=queries,
        missing_pairs=tuple(missing),
        missing_queries=without_queries,
        notes={0: "The gate without the\nwings."},
        rules_text="# Rules\n\n![A picture](rule-1.png)\n\nEscalate when in doubt.\n",
        people=(("A1", "Ada"), ("A2", "Grace")),
    )
    return replace(made, **changes)


@pytest.fixture
def make_material(tmp_path: Path) -> Make:
    """`build` in the test's own folder."""
    return partial(build, tmp_path)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete release of two datasets, made once; tests that change it take `release`."""
    folder = tmp_path_factory.mktemp("released")
    release_material([build(folder, "foo"), build(folder, "oxford")], folder / "release")
    return folder / "release"


def annotation_of(mask: NDArray[np.bool_]) -> Annotation:
    """An annotation with exactly this mask."""
    height, width = mask.shape
    shapes = [Shape(str(n), Role.OBJECT, found) for n, found in enumerate(polygons_of(mask), start=1)]
    return Annotation((width, height), tuple(shapes))


@pytest.fixture
def release(released: Path, tmp_path: Path) -> Path:
    """A copy of the complete release, to be changed at will."""
    return Path(shutil.copytree(released, tmp_path / "release"))
