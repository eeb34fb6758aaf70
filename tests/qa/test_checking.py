from __future__ import annotations

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, Role, Shape
from qa.checking import check_annotation, check_project, knowledge_of
from qa.simulation.demo_project import Demo


def test_knowledge_holds_an_area_for_each_mask_that_stands(demo: Demo) -> None:
    knowledge = knowledge_of(demo.project, 0)
    standing = {pair.key.image for pair in demo.project.store.pairs(0) if pair.standing is not None}
    assert set(knowledge.areas) == standing
    assert all(0 < area < 1 for area in knowledge.areas.values())
    assert knowledge.elsewhere == {}


def test_the_tree_that_was_left_in_is_found_in_the_project(demo: Demo) -> None:
    found = {str(entry.key): [finding.check for finding in entry.findings] for entry in check_project(demo.project)}
    assert "occluder left in" in found["g00:gate_000052"]


def test_progress_counts_every_pair_that_stands(demo: Demo) -> None:
    told: list[tuple[int, int]] = []
    list(check_project(demo.project, (1,), lambda done, of: told.append((done, of))))
    standing = [pair for pair in demo.project.store.pairs(1) if pair.standing is not None]
    assert told == [(k + 1, len(standing)) for k in range(len(standing))]


def test_an_annotation_of_another_size_is_checked_without_the_image(demo: Demo) -> None:
    shape = Shape("1", Role.OBJECT, polygon([[5, 5], [40, 5], [40, 40], [5, 40]]))
    knowledge = knowledge_of(demo.project, 0)
    key = PairKey(0, "gate_000081")
    found = check_annotation(demo.project, key, Annotation((60, 50), (shape,)), knowledge, active_seconds=1.0)
    assert "too fast" in [finding.check for finding in found]
    assert "occluder left in" not in [finding.check for finding in found]


def test_nothing_drawn_is_an_error(demo: Demo) -> None:
    key = PairKey(0, "gate_000081")
    found = check_annotation(demo.project, key, Annotation((60, 50)), knowledge_of(demo.project, 0), active_seconds=90)
    assert [finding.check for finding in found] == ["empty mask"]
