from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation
from qa.simulation import demo_project
from qa.simulation.demo_project import Demo, build_demo, finish_demo, is_demo
from resources.demo.render import truth
from resources.demo.scenes import demo_scenes
from resources.demo.write import GROUND_TRUTH, DemoFiles


def test_there_is_work_in_every_state(demo: Demo) -> None:
    states = {pair.state for pair in demo.project.store.pairs()}
    assert states == set(PairState) - {PairState.WAITING, PairState.RETURNED_2}
    waiting = [query.image for query in demo.project.store.query_records() if query.approved_by is None]
    assert len(waiting) == 1


@pytest.fixture
def rendered(demo_template: tuple[Path, Mapping[str, Annotation]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Photographs that were rendered before stand for those that a demo renders."""
    made, truths = demo_template

    def write(folder: Path, *_: object, **__: object) -> DemoFiles:
        shutil.copytree(made.parent / "images", folder, dirs_exist_ok=True)
        return DemoFiles(folder / "jpg", folder / GROUND_TRUTH, demo_scenes(), truths)

    monkeypatch.setattr(demo_project, "write_demo", write)


@pytest.mark.usefixtures("rendered")
def test_a_demo_that_was_stopped_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_demo: Demo) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo_project, "_begin_work", stopped)
        with pytest.raises(KeyboardInterrupt):
            build_demo(tmp_path)
    assert not is_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["images"]
    (tmp_path / ".unfinished" / "Demo").mkdir(parents=True)
    (tmp_path / ".unfinished" / "Demo" / "project.toml").write_text("as a kill leaves it")
    with build_demo(tmp_path).project as project:
        assert (project.folder, project.name) == (tmp_path / "Demo", "Demo")
        assert len(project.store.people()) > 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Demo", "images"]
    with pytest.raises(RefusedError, match="Demo is not empty"):
        build_demo(tmp_path)


def test_truths_are_the_renderers(demo: Demo) -> None:
    exact = truth("gate_000005", 0.3).object_mask
    drawn = mask_of(demo.truths["gate_000005"])
    assert (exact & drawn).sum() / (exact | drawn).sum() > 0.95


def test_the_archway_is_a_hole(demo: Demo) -> None:
    assert demo.truths["gate_000012"].shapes[0].polygon.holes


def test_the_team_finishes_under_the_rule_of_three_people(demo: Demo) -> None:
    finish_demo(demo)
    pairs = demo.project.store.pairs()
    assert {pair.state for pair in pairs} == {PairState.DONE}
    done_by_team = [pair for pair in pairs if None not in pair.seats]
    assert len(done_by_team) == len(pairs)
    assert all(len(set(pair.seats)) == 3 for pair in pairs)
    assert demo.project.store.verify_chain() == []
    assert all(query.approved_by not in (None, query.drawn_by) for query in demo.project.store.query_records())


def test_final_masks_are_near_the_truth(demo: Demo) -> None:
    finish_demo(demo)
    found = []
    for pair in demo.project.store.pairs():
        assert pair.standing is not None
        mask = mask_of(demo.project.store.revision(pair.standing))
        exact = mask_of(demo.truths[pair.key.image])
        found.append((mask & exact).sum() / (mask | exact).sum())
    assert np.median(found) > 0.95
