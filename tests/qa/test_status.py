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
