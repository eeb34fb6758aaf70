"""Teaching values of a project: from kept view graphs and pre-masks, and used by the queue."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotator.domain.dataset import PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.premask.executor import Here, Processes
from annotator.project import Project, open_project
from annotator.project.premasks import keep, premask_path
from annotator.project.teaching import confidences, link_groups, teaching_values
from qa.queue import queue_for


def silent(done: int, total: int, what: str) -> None:
    assert 0 <= done <= total
    assert what.startswith("g") or what == "view graphs"


def graph(project: Project, rows: list[list[object]]) -> None:
    keep(project.cache / "teaching" / "g00.json", {"fingerprint": "x", "links": rows})


def test_without_a_graph_nothing_is_said(project: Project) -> None:
    assert teaching_values(project) == {}


def test_the_hub_teaches_most_and_comes_first(project: Project) -> None:
    graph(project, [["a", "c", 0.9], ["b", "c", 0.9]])
    found = teaching_values(project)
    assert found[PairKey(0, "c")] > found[PairKey(0, "a")] > 0
    assert [item.key.image for item in queue_for(project, "Ann")] == ["a", "b", "c"]
    assert queue_for(project, "Ann", teaching=found)[0].key.image == "c"


def test_confident_pre_masks_leave_nothing_to_teach(project: Project) -> None:
    graph(project, [["a", "c", 1.0], ["b", "c", 1.0]])
    sure = {"version": 1, "polygons": [], "confidence": 0.9, "proposer": "group", "reference": "", "through": "",
            "geometry": None, "seconds": 0.1, "refused": None, "alternatives": []}  # fmt: skip
    for name in ("a", "b", "c"):
        keep(project.cache / "premasks" / "g00" / f"{name}.json", {"fingerprint": "x", "proposal": sure})
    assert set(teaching_values(project).values()) == {0.0}


def test_a_new_pre_mask_is_seen(project: Project) -> None:
    graph(project, [["a", "c", 1.0]])
    before = teaching_values(project)[PairKey(0, "a")]
    path = project.cache / "premasks" / "g00" / "c.json"
    keep(path, {"fingerprint": "x", "proposal": {"confidence": 0.5}})
    assert teaching_values(project)[PairKey(0, "a")] < before
    keep(path, {"fingerprint": "x", "proposal": {"confidence": "high"}})
    os.utime(path, ns=(1, 1))
    assert teaching_values(project)[PairKey(0, "a")] == before


@pytest.mark.parametrize("content", ["{", "[]", '{"links": 3}', '{"links": [["a"], ["a", "b", "much"], 7]}'])
def test_a_torn_or_foreign_graph_counts_as_none(project: Project, content: str) -> None:
    path = project.cache / "teaching" / "g00.json"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    assert not any(teaching_values(project).values())


def facade(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    stones = Image.fromarray(random.integers(0, 255, (30, 40, 3), dtype=np.uint8))
    return np.asarray(stones.resize((320, 240), Image.Resampling.BICUBIC))


def test_a_graph_is_made_once_and_links_what_is_alike(project: Project, images: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        Image.fromarray(facade(seed)).save(images / f"{name}.png")
    folder = project.folder
    project.close()
    with open_project(folder) as opened:
        assert link_groups(opened, None, None, Here(), silent) == 1
        assert link_groups(opened, None, None, Here(), silent) == 0
        kept = json.loads((opened.cache / "teaching" / "g00.json").read_text(encoding="utf-8"))
        strength = {tuple(row[:2]): row[2] for row in kept["links"]}
        assert strength["a", "b"] > 0.9
        assert strength.get(("a", "c"), 0) < 0.3
        assert teaching_values(opened)[PairKey(0, "a")] > 0.5


def test_another_process_makes_the_same_graph(project: Project, images: Path, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        Image.fromarray(facade(3)).save(images / f"{name}.png")
    folder = project.folder
    project.close()
    with open_project(folder) as opened:
        path = opened.cache / "teaching" / "g00.json"
        assert link_groups(opened, [0], tmp_path, Here(), silent) == 1
        here = path.read_text(encoding="utf-8")
        path.unlink()
        assert link_groups(opened, [0], tmp_path, Processes(2), silent) == 1
        assert path.read_text(encoding="utf-8") == here


def test_a_place_that_cannot_be_written_is_named(project: Project) -> None:
    (project.cache / "teaching").parent.mkdir(parents=True, exist_ok=True)
    (project.cache / "teaching").write_text("a file", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="teaching"):
        link_groups(project, [0], None, Here(), silent)


@pytest.mark.parametrize("confidence", [10**400, -(10**400), float("nan"), float("inf"), "0.9", None, [0.9], True])
def test_a_forged_pre_mask_stops_no_queue(project: Project, confidence: object) -> None:
    path = premask_path(project, PairKey(0, "a"))
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"proposal": {"confidence": confidence}}), encoding="utf-8")
    assert 0 <= confidences(project, 0)["a"] <= 1


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "{",
        "[]",
        '{"links": 5}',
        '{"links": [["a", "b", 1%s]]}' % ("0" * 400),
        '{"links": [["a", "b", NaN], ["a", 5, 1], ["a", "b"], {"a": 1}, ["zzz", "b", 1]]}',
    ],
)
def test_a_forged_view_graph_counts_as_none(project: Project, content: str) -> None:
    path = project.cache / "teaching" / "g00.json"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    assert set(teaching_values(project).values()) <= {0.0}
