"""Checks of a pair with what other pairs know: the same photograph in two groups, and photographs that are broken."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole, Verdict
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project import Project, create_project
from qa.check_run import check_counts, run_checks
from qa.checking import check_annotation, check_project, knowledge_of
from qa.hand_over import submit

HERE, THERE, OTHER = PairKey(0, "both"), PairKey(1, "both"), PairKey(0, "alone")


def box(side: int) -> Annotation:
    """A square well inside the photograph."""
    ring = [[12, 8], [12 + side, 8], [12 + side, 8 + side], [12, 8 + side]]
    return Annotation((64, 48), (Shape("1", Role.OBJECT, polygon(ring)),))


@pytest.fixture
def shared_image(tmp_path: Path) -> Iterator[Project]:
    """The photograph `both` belongs to both groups, `alone` to the first."""
    images = tmp_path / "images"
    images.mkdir()
    texture = np.random.default_rng(1).integers(60, 200, (48, 64, 3), dtype=np.uint8)
    for name in ("both", "alone", "q0", "q1"):
        Image.fromarray(texture).save(images / f"{name}.png")
    box = [1.0, 1.0, 30.0, 30.0]
    labels = [
        {"bbx": box, "easy": [0], "hard": [1], "junk": []},
        {"bbx": box, "easy": [], "hard": [0], "junk": [1]},
    ]
    truth = {"imlist": ["both", "alone"], "qimlist": ["q0", "q1"], "gnd": labels}
    (tmp_path / "gnd_town.pkl").write_bytes(pickle.dumps(truth))
    made = create_project(tmp_path / "project", tmp_path / "gnd_town.pkl", images)
    for name, role in (("Rosa", PersonRole.RESEARCHER), ("Rui", PersonRole.RESEARCHER), ("Ann", PersonRole.ANNOTATOR)):
        made.store.add_person(name, role)
    yield made
    made.close()


@pytest.fixture
def drawn(shared_image: Project) -> Project:
    """A square of 31 pixels on `both` for the first group, of 26 for the second: an IoU of 0.70."""
    for group in (0, 1):
        shared_image.store.save_query_mask(group, box(20), "Rosa")
        shared_image.store.approve_query_mask(group, "Rui")
        shared_image.store.open_group(group, "Rosa")
    for key, side in ((HERE, 30), (THERE, 25), (OTHER, 30)):
        submit(shared_image, key, "Ann", Verdict.SUBMITTED, box(side), pass_number=1, active_seconds=60.0)
    return shared_image


def names(project: Project) -> dict[PairKey, list[str]]:
    return {entry.key: [finding.check for finding in entry.findings] for entry in check_project(project)}


def test_one_photograph_with_two_masks_that_nearly_agree_is_told_in_both_groups(drawn: Project) -> None:
    assert names(drawn) == {HERE: ["across groups"], THERE: ["across groups"]}
    (pair,) = check_project(drawn, (0,))
    (found,) = pair.findings
    assert "The mask of g01 on this image is nearly the same and differs (IoU 0.70)" in found.sentence
    assert knowledge_of(drawn, 1).elsewhere == {"both": {"g00": drawn.store.pair(HERE).standing}}
    assert knowledge_of(drawn, 1).areas == {"both": pytest.approx(26**2 / (64 * 48))}


def test_the_check_looks_at_what_is_drawn_now(drawn: Project) -> None:
    knowledge = knowledge_of(drawn, 0)
    assert check_annotation(drawn, HERE, box(25), knowledge, active_seconds=60) == ()
    (found,) = check_annotation(drawn, HERE, box(29), knowledge, active_seconds=60)
    assert found.check == "across groups"


def test_a_mask_of_another_size_elsewhere_is_not_compared(drawn: Project) -> None:
    """The photograph may have been replaced by a larger one since the other group drew on it."""
    larger = Annotation((80, 60), box(29).shapes)
    assert [finding.check for finding in check_annotation(drawn, HERE, larger, knowledge_of(drawn, 0))] == []


def test_a_photograph_that_cannot_be_read_leaves_the_other_checks(drawn: Project) -> None:
    path = drawn.library.path("both")
    assert path is not None
    path.write_bytes(b"no picture any more")
    assert names(drawn)[HERE] == ["across groups"]


def test_a_run_remembers_what_each_group_was_told(drawn: Project) -> None:
    run = run_checks(drawn)
    assert (run.checked, run.errors, len(run.found)) == (3, 0, 2)
    counts = {row.check: (row.pairs, row.warnings) for row in check_counts(drawn, drawn.store.pairs()).counts}
    assert counts["across groups"] == (2, 2)
    assert sum(pairs for pairs, _ in counts.values()) == 2
