"""Fixtures for all tests: where the optional shared test data are, and a Qt that needs no display."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from annotator.domain.shapes import Annotation
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
