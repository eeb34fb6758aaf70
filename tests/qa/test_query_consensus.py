"""Query masks of a group that contradict each other: planted on painted images, and on real photographs."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from annotator.datasets.labels.labelme import read_labelme
from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.premask.overlap import Overlap
from annotator.project import Project, create_project
from qa.agreement.cache import NumberCache
from qa.checks.among_queries import LEAST_COVERAGE, LEAST_MATCHES, LEAST_SHARED, contradicts
from qa.checks.finding import Severity
from qa.query_consensus import FILE, Contradiction, contradictions, finding_data

SIZE = (480, 360)
HALL = (120.0, 90.0, 320.0, 270.0)


def drawn(x1: float, y1: float, x2: float, y2: float, size: tuple[int, int] = SIZE) -> Annotation:
    return Annotation(size, (Shape("1", Role.OBJECT, polygon([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])),))


def photograph(seed: int) -> np.ndarray:
    """A picture with many corners that look like no other."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    for _ in range(900):
        x, y = rng.integers(0, SIZE[0]), rng.integers(0, SIZE[1])
        wide, high = rng.integers(6, 26, 2)
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        cv2.rectangle(picture, (int(x), int(y)), (int(x + wide), int(y + high)), colour, -1)
    return picture


def create(folder: Path, pictures: list[np.ndarray]) -> Project:
    """One group with these query images; Rosa and Rui are researchers."""
    images = folder / "images"
    images.mkdir()
    names = [f"q{number}" for number in range(len(pictures))]
    for name, picture in zip(names, pictures, strict=True):
        Image.fromarray(picture).save(images / f"{name}.png")
    Image.fromarray(pictures[0]).save(images / "a.png")
    entry = {"bbx": list(HALL), "easy": [0], "hard": [], "junk": []}
    path = folder / "gnd_painted.pkl"
    path.write_bytes(pickle.dumps({"imlist": ["a"], "qimlist": names, "gnd": [entry] * len(names)}))
    made = create_project(folder / "project", path, images)
    for name in ("Rosa", "Rui"):
        made.store.add_person(name, PersonRole.RESEARCHER)
    return made


@pytest.fixture(scope="module")
def twice() -> list[np.ndarray]:
    """The same facade twice: the second a little larger and moved; and something else."""
    first = photograph(1)
    change = np.array([[1.1, 0.0, 20.0], [0.0, 1.1, -15.0]])
    return [first, cv2.warpAffine(first, change, SIZE, borderValue=(120, 120, 120)), photograph(2)]


@pytest.fixture
def painted(twice: list[np.ndarray], tmp_path: Path) -> Iterator[Project]:
    made = create(tmp_path, twice)
    made.store.save_query_mask(0, drawn(*HALL), "Rosa")
    yield made
    made.close()


def moved(x1: float, y1: float, x2: float, y2: float) -> Annotation:
    """A box of the first image as it lies in the second."""
    return drawn(1.1 * x1 + 20, 1.1 * y1 - 15, 1.1 * x2 + 20, 1.1 * y2 - 15)


def look(project: Project) -> list[Contradiction]:
    return list(contradictions(project))


def test_masks_of_the_same_object_say_nothing(painted: Project) -> None:
    assert look(painted) == []  # one mask alone
    painted.store.save_query_mask(1, moved(*HALL), "Rosa")
    assert look(painted) == []


@pytest.mark.parametrize(
    "second",
    [
        moved(120 + 80, 90, 320 + 80, 270),
        moved(120, 90, 210, 270),
        moved(330, 90, 410, 270),
    ],
    ids=["shifted", "half", "another"],
)
def test_a_planted_defect_is_told_with_both_queries(painted: Project, second: Annotation) -> None:
    painted.store.save_query_mask(1, second, "Rosa")
    (found,) = look(painted)
    assert (found.group, found.queries, found.images) == (0, (0, 1), ("q0", "q1"))
    assert found.severity is Severity.WARNING
    assert found.matches >= LEAST_MATCHES
    assert found.shared < LEAST_SHARED
    assert found.sentence.startswith("The masks of query 0 (q0) and query 1 (q1) contradict each other: ")
    data = finding_data(found, "among queries")
    assert (data["pair"], data["group"], data["queries"]) == (None, "g00", [0, 1])


def test_without_enough_matches_nothing_is_said(painted: Project) -> None:
    painted.store.save_query_mask(2, drawn(10, 10, 90, 90), "Rosa")
    assert look(painted) == []


def test_a_picture_that_went_away_or_changed_its_size_is_no_contradiction(painted: Project) -> None:
    painted.store.save_query_mask(1, drawn(10, 10, 90, 90, size=(100, 100)), "Rosa")
    assert look(painted) == []
    painted.store.save_query_mask(1, moved(120, 90, 210, 270), "Rosa")
    path = painted.library.path("q1")
    assert path is not None
    path.write_bytes(b"no image any more")
    assert look(painted) == []


def test_what_was_measured_is_kept_until_a_mask_changes(painted: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    painted.store.save_query_mask(1, moved(120, 90, 210, 270), "Rosa")
    told: list[tuple[int, int]] = []
    first = list(contradictions(painted, (0,), lambda done, total: told.append((done, total))))
    assert told == [(1, 1)]

    def never(*_what: object) -> None:
        raise AssertionError("measured again")

    with monkeypatch.context() as patch:
        patch.setattr("qa.query_consensus.overlap", never)
        assert look(painted) == first
        painted.store.save_query_mask(1, moved(*HALL), "Rosa")
        with pytest.raises(AssertionError, match="measured again"):
            look(painted)
    assert look(painted) == []


def test_what_was_kept_and_is_no_number_is_measured_again(painted: Project) -> None:
    painted.store.save_query_mask(1, moved(120, 90, 210, 270), "Rosa")
    first = look(painted)
    cache = NumberCache(painted.cache / FILE, 3)
    cache.write({key: np.full(3, np.nan) for key in cache.read()})
    assert look(painted) == first
    assert np.isfinite(list(cache.read().values())).all()


@pytest.mark.parametrize(
    ("matches", "coverage", "shared", "told"),
    [
        (LEAST_MATCHES, LEAST_COVERAGE, LEAST_SHARED - 0.01, True),
        (LEAST_MATCHES - 1, 1.0, 0.0, False),
        (500, LEAST_COVERAGE - 0.01, 0.0, False),
        (500, 1.0, LEAST_SHARED, False),
    ],
)
def test_the_limits(matches: int, coverage: float, shared: float, told: bool) -> None:
    assert contradicts(Overlap(matches, coverage, shared)) is told


@pytest.mark.parametrize("share", [0.0, 0.35])
def test_two_real_queries_agree_until_one_is_shifted(shared: Path, tmp_path: Path, share: float) -> None:
    names = ("balliol_000167", "balliol_000194")
    folder = shared / "data" / "roxford5k" / "jpg"
    pictures = [np.asarray(Image.open(folder / f"{name}.jpg").convert("RGB")) for name in names]
    project = create(tmp_path, pictures)
    try:
        for number, name in enumerate(names):
            label = read_labelme(shared / "data" / "masks" / "queries" / f"balliol__{name}.json").annotation
            if number == 1 and share:
                label = shifted(label, share)
            project.store.save_query_mask(number, label, "Rosa")
        found = look(project)
        assert [one.queries for one in found] == ([(0, 1)] if share else [])
    finally:
        project.close()


def shifted(annotation: Annotation, share: float) -> Annotation:
    """Everything moved sideways by a share of the width of all outlines, into the image."""
    points = np.vstack([shape.polygon.outer.points for shape in annotation.shapes])
    low, high = points[:, 0].min(), points[:, 0].max()
    room_right = annotation.size[0] - 1 - high
    by = share * (high - low) * (1 if room_right >= low else -1)
    shapes = []
    for shape in annotation.shapes:
        ring = shape.polygon.outer.points + np.array([by, 0.0])
        ring[:, 0] = np.clip(ring[:, 0], 0, annotation.size[0] - 1)
        shapes.append(Shape(shape.id, shape.role, polygon(ring), shape.kind))
    return Annotation(annotation.size, tuple(shapes))
