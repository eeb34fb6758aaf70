from __future__ import annotations

import json
from collections.abc import Callable

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.hand_over import submit
from qa.status import status


def test_the_numbers_of_a_small_project(project: Project, draw: Callable[..., Annotation]) -> None:
    submit(project, PairKey(0, "b"), "Ann", Verdict.SUBMITTED, draw(), pass_number=1)
    project.store.add_remark(PairKey(0, "a"), pinned(1, 1), "Ben", "which door?")
    found = status(project)
    states = found.pop("states")
    assert {name: count for name, count in states.items() if count} == {"waiting": 1, "open": 2, "after pass 1": 1}
    assert len(states) == 9
    assert found == {
        "name": "project",
        "dataset": "toy",
        "queries": 3,
        "query_masks": 1,
        "approved_query_masks": 1,
        "groups": 2,
        "open_groups": 1,
        "pairs": 4,
        "workable": 3,
        "waiting": 1,
        "waiting_for_group": 0,
        "done": 0,
        "open_remarks": 1,
        "remarks": {
            "open": 1,
            "settled": 0,
            "groups": {"g00": {"open": 1, "settled": 0}},
            "people": {"Ben": {"open": 1, "settled": 0}},
        },
        "missing_index_images": ["d"],
        "missing_query_images": [],
        "image_problems": [],
    }


def test_it_can_be_written_as_json(project: Project) -> None:
    assert json.loads(json.dumps(status(project)))["pairs"] == 4


def test_pairs_of_a_closed_group_wait_for_it(project: Project) -> None:
    project.store.mark_present({"a", "b", "c", "d"}, set())
    found = status(project)
    assert (found["workable"], found["waiting"], found["waiting_for_group"]) == (4, 0, 1)
    assert found["missing_query_images"] == ["q0", "q1", "q2"]
    assert found["open_groups"] == 1


def test_open_groups_and_query_masks_are_counted(project: Project, draw: Callable[..., Annotation]) -> None:
    project.store.mark_present({"a", "b", "c", "d"}, {"q0", "q1", "q2"})
    other = project.groups[1].queries[0].number
    project.store.save_query_mask(other, draw(20), "Rosa")
    assert (status(project)["query_masks"], status(project)["approved_query_masks"]) == (2, 1)
    project.store.approve_query_mask(other, "Rui")
    project.store.open_group(1, "Rosa")
    found = status(project)
    assert (found["approved_query_masks"], found["open_groups"], found["waiting_for_group"]) == (2, 2, 0)
    assert found["states"]["open"] == 4


def test_a_done_pair_and_a_settled_remark_are_counted(project: Project, draw: Callable[..., Annotation]) -> None:
    key = PairKey(0, "a")
    remark = project.store.add_remark(key, pinned(1, 1), "Dee", "which door?")
    project.store.settle_remark(remark.id, "Dee")
    submit(project, key, "Ann", Verdict.SUBMITTED, draw(), pass_number=1)
    for number, person in ((2, "Ben"), (3, "Cem")):
        base = project.store.pair(key).standing
        submit(project, key, person, Verdict.APPROVED, draw(), pass_number=number, base_revision=base)
    found = status(project)
    assert (found["done"], found["states"]["done"], found["open_remarks"]) == (1, 1, 0)
    assert found["remarks"]["settled"] == 1
    assert found["remarks"]["people"]["Cem"] == {"open": 0, "settled": 1}  # who did a pass is concerned
