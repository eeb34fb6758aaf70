"""Commands run in this process, and a small town to run them on."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from annotator.cli.app import run
from annotator.cli.surroundings import Surroundings
from annotator.domain.errors import EnvironmentFault
from annotator.premask.executor import Here
from annotator.premask.models import trial
from annotator.project import open_project

SIZE = (90, 60)


@dataclass(frozen=True, slots=True)
class Result:
    """Exit code and what was written."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output as data."""
        return json.loads(self.out)

    def refused(self, words: str) -> None:
        """Assert exit code 1 with exactly one sentence that holds `words`, and no output."""
        assert self.code == 1, self
        assert self.out == ""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("annotator: ")
        assert words in lines[0]


@dataclass(slots=True)
class Windows:
    """What was asked of the window."""

    opened: list[tuple[Path | None, str | None]] = field(default_factory=list)

    def open(self, project: Path | None, person: str | None) -> int:
        """Note the call; 7 stands for the window's own exit code."""
        self.opened.append((project, person))
        return 7

    def pictures(self, project: Path, out: Path) -> Iterator[Path]:
        """There are no screenshots without a window."""
        raise EnvironmentFault(f"No pictures of {project} in {out} here.")


@pytest.fixture
def windows() -> Windows:
    """The window that commands open in these tests."""
    return Windows()


Command = Callable[..., Result]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], windows: Windows) -> Command:
    """Runs `annotator ARGUMENTS`."""

    def command(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments], Surroundings(windows.open, windows.pictures))
        written = capsys.readouterr()
        return Result(code, written.out, written.err)

    return command


@pytest.fixture
def tried_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Model files are tried in this process, since another one takes seconds to start; other tests have it so."""
    monkeypatch.setattr(trial, "Processes", lambda _workers: Here())


TRUTH: dict[str, Any] = {
    "imlist": ["gate", "wall", "door", "far"],
    "qimlist": ["tower", "spire", "hall"],
    "gnd": [
        {"easy": [0], "hard": [1, 3], "junk": [], "bbx": [5, 5, 60, 50]},
        {"easy": [0], "hard": [1, 3], "junk": [], "bbx": [8, 5, 60, 50]},
        {"easy": [2], "hard": [], "junk": [0], "bbx": [5, 5, 60, 50]},
    ],
}


@dataclass(frozen=True, slots=True)
class Town:
    """A ground truth with two groups (tower and spire; hall), its images without `far`, and labels to hand over."""

    folder: Path
    images: Path

    @property
    def project(self) -> Path:
        return self.folder / "P"

    @property
    def ground_truth(self) -> Path:
        return self.folder / "gnd_town.pkl"

    def label(self, image: str, shift: int = 0, **more: Any) -> Path:
        """A LabelMe file of a house with an archway and a tree before it; `shift` moves it by pixels."""
        house = [[10 + shift, 10], [60 + shift, 10], [60 + shift, 50], [10 + shift, 50]]
        arch = [[25 + shift, 25], [40 + shift, 25], [40 + shift, 45], [25 + shift, 45]]
        tree = [[50 + shift, 20], [70 + shift, 20], [70 + shift, 59]]
        shapes = [
            {"label": "object", "points": house, "group_id": 1, "shape_type": "polygon"},
            {"label": "object", "points": arch, "group_id": 1, "shape_type": "polygon"},
            {"label": "occluder:vegetation", "points": tree, "group_id": None, "shape_type": "polygon"},
        ]
        content = {"shapes": shapes, "imagePath": f"{image}.jpg", "imageWidth": SIZE[0], "imageHeight": SIZE[1]} | more
        path = self.folder / "labels" / f"{image}_{shift}_{len(more)}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def write_truth(self, content: object, name: str = "gnd_town.pkl") -> Path:
        path = self.folder / name
        path.write_bytes(pickle.dumps(content))
        return path

    def state(self) -> object:
        """Everything of the project that a refused command must leave as it is."""
        with open_project(self.project) as project:
            store = project.store
            pairs = [
                (pair.key, pair.state, pair.standing, pair.latest_revision, pair.lease, pair.seats)
                for pair in store.pairs()
            ]
            return store.people(), pairs, store.group_records(), store.query_records(), len(store.all_passes())


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """The town before a project is made of it."""
    return _make_town(tmp_path)


def _make_town(folder: Path) -> Town:
    made = Town(folder, folder / "images")
    made.images.mkdir()
    for number, name in enumerate(["gate", "wall", "door", "tower", "spire", "hall"]):
        noise = np.random.default_rng(number).integers(0, 255, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
        Image.fromarray(noise).save(made.images / f"{name}.jpg")
    made.write_truth(TRUTH)
    return made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A project of the town whose first group Rosa opened, to be copied."""
    made = _make_town(tmp_path_factory.mktemp("town"))
    windows = Windows()
    surroundings = Surroundings(windows.open, windows.pictures)
    paths = ["--ground-truth", str(made.ground_truth), "--images", str(made.images)]
    assert run(["init", str(made.project), *paths], surroundings) == 0
    source = str(made.label("tower"))
    assert run(["import", str(made.project), source, "--as", "Rosa", "--approve"], surroundings) == 0
    return made


@pytest.fixture
def project(template: Town, tmp_path: Path) -> Town:
    """A project of the town whose first group Rosa opened; its images are shared and must not be changed."""
    made = Town(tmp_path, template.images)
    made.write_truth(TRUTH)
    shutil.copytree(template.project, made.project)
    return made
