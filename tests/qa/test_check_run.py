from __future__ import annotations

import json

import pytest

from qa.check_run import FILE, check_counts, run_checks
from qa.checks.registry import CHECKS
from qa.simulation.demo_project import Demo


def test_what_was_found_is_remembered_while_the_masks_stand(demo: Demo) -> None:
    pairs = demo.project.store.pairs()
    before = check_counts(demo.project, pairs)
    assert (before.checked, before.done_with_errors) == (0, 0)
    assert before.standing == sum(pair.standing is not None for pair in pairs)
    run = run_checks(demo.project)
    assert run.checked == before.standing
    assert run.errors == 0
    after = check_counts(demo.project, pairs)
    assert after.checked == after.standing
    found = {row.check: row.warnings for row in after.counts}
    assert found["occluder left in"] >= 1
    assert sum(found.values()) == sum(len(entry.findings) for entry in run.found)
    assert [row.check for row in after.counts] == [check.name for check in CHECKS]


def test_a_run_over_one_group_leaves_the_others_as_they_were(demo: Demo) -> None:
    pairs = demo.project.store.pairs()
    run_checks(demo.project, (0,))
    some = check_counts(demo.project, pairs)
    assert 0 < some.checked < some.standing
    run_checks(demo.project, (1,))
    assert check_counts(demo.project, pairs).checked == some.standing


def test_what_was_found_on_an_older_mask_does_not_count(demo: Demo) -> None:
    run_checks(demo.project)
    path = demo.project.cache / FILE
    memory = json.loads(path.read_text())
    key = next(iter(memory))
    memory[key][0] -= 1
    path.write_text(json.dumps(memory))
    counts = check_counts(demo.project, demo.project.store.pairs())
    assert counts.checked == counts.standing - 1


@pytest.mark.parametrize(
    "content", ["", "[1]", '{"g00:a": 3, "g00:b": [1, [["x"]]], "g00:c": [1, {}]}', "\x00", "[" * 50_000]
)
def test_a_foreign_memory_is_empty(demo: Demo, content: str) -> None:
    (demo.project.cache / FILE).write_text(content)
    assert check_counts(demo.project, demo.project.store.pairs()).checked == 0
