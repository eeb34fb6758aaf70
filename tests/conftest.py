"""Fixtures for all tests: the optional shared test data, a Qt that needs no display, a toy and a demo project."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project import Project, create_project
from annotator.project.opening import open_project
from qa.simulation.demo_project import Demo, build_demo

if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photographs and golden numbers beside the checkout; skips where it is absent."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "FORMAT.md").is_file():
        pytest.skip("the shared test data are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Annotation]]:
    """The demo project at a third of its size, made once and closed: its folder and the true annotations."""
    built = build_demo(tmp_path_factory.mktemp("demo"), scale=0.3)
    built.project.close()
    return built.project.folder, built.truths


@pytest.fixture
def demo(demo_template: tuple[Path, Mapping[str, Annotation]], tmp_path: Path) -> Iterator[Demo]:
    """A demo project of the test's own, open."""
    folder, truths = demo_template
    own = tmp_path / "demo" / folder.name
    shutil.copytree(folder, own)
    with open_project(own) as project:
        yield Demo(project, truths)


SIZE = (64, 48)


@pytest.fixture
def ground_truth(tmp_path: Path) -> Path:
    """g00: queries 0 and 1 with pairs a (easy), b (hard), c (easy); g01: query 2 with pair d. Image d is missing."""
    box = [2.0, 2.0, 40.0, 40.0]
    first = {"easy": [0, 2], "hard": [1], "junk": [4], "bbx": box}
    second = {"easy": [3], "hard": [], "junk": [], "bbx": box}
    content = {"imlist": ["a", "b", "c", "d", "e"], "qimlist": ["q0", "q1", "q2"], "gnd": [first, first, second]}
    path = tmp_path / "gnd_toy.pkl"
    path.write_bytes(pickle.dumps(content))
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    pixels = np.arange(SIZE[0] * SIZE[1] * 3, dtype=np.uint32).reshape(SIZE[1], SIZE[0], 3).astype(np.uint8)
    for name in ("a", "b", "c", "q0", "q1", "q2"):
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def draw() -> Callable[..., Annotation]:
    """An annotation with one square object of the given side."""

    def square(side: float = 10.0) -> Annotation:
        ring = [[1, 1], [1 + side, 1], [1 + side, 1 + side], [1, 1 + side]]
        return Annotation(SIZE, (Shape("1", Role.OBJECT, polygon(ring)),))

    return square


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def project(tmp_path: Path, ground_truth: Path, images: Path, draw: Callable[..., Annotation]) -> Iterator[Project]:
    """Researchers Rosa and Rui, annotators Ann, Ben, Cem, Dee; g00 is open. `project.store.clock` is a `Clock`."""
    made = create_project(tmp_path / "project", ground_truth, images)
    made.store.clock = Clock()
    for name in ("Rosa", "Rui"):
        made.store.add_person(name, PersonRole.RESEARCHER)
    for name in ("Ann", "Ben", "Cem", "Dee"):
        made.store.add_person(name, PersonRole.ANNOTATOR)
    made.store.save_query_mask(0, draw(20), "Rosa")
    made.store.approve_query_mask(0, "Rui")
    made.store.open_group(0, "Rosa")
    yield made
    made.close()
