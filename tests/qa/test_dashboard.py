from __future__ import annotations

import gc
from collections import Counter

import pytest

from annotator.domain.passes import PairState
from qa.check_run import run_checks
from qa.dashboard import dashboard, standing_of
from qa.simulation.demo_project import Demo, finish_demo


def test_every_number_is_the_projects(demo: Demo) -> None:
    store = demo.project.store
    board = dashboard(demo.project)
    pairs, states = store.pairs(), Counter(pair.state for pair in store.pairs())
    assert board.standing == standing_of(pairs)
    assert board.standing.done == states[PairState.DONE]
    assert board.standing.waiting == states[PairState.WAITING]
    assert board.standing.returned == states[PairState.RETURNED_1]
    standing = board.standing
    assert standing.pairs == sum((standing.done, standing.after_2, standing.after_1, standing.open, standing.waiting))
    assert sum(row.standing.pairs for row in board.groups) == len(pairs)
    assert [row.number for row in board.groups] == [0, 1]
    assert board.open_remarks == len(store.open_remarks())
    assert board.unmeasured == 0
    assert board.reasons == (("occluder left in", 1),)
    assert board.checks.checked == 0
    run_checks(demo.project)
    assert dashboard(demo.project).checks.checked > 0


def test_people_have_their_passes_and_their_returned_work(demo: Demo) -> None:
    heads = demo.project.store.all_passes()
    rows = {row.name: row for row in dashboard(demo.project).people}
    assert set(rows) == {"Mei", "Jonas", "Amara"}
    for name, row in rows.items():
        assert sum(row.passes) == sum(head.person == name for head in heads)
    assert (rows["Mei"].returned, rows["Mei"].to_mend, rows["Jonas"].returned) == (1, 1, 0)


def test_disputes_come_before_what_was_escalated(demo: Demo) -> None:
    disputed, escalated = dashboard(demo.project).disputes
    assert disputed.state is PairState.DISPUTE
    assert disputed.lowest is not None
    assert disputed.lowest < demo.project.rules.agreement
    assert (disputed.by, disputed.reason) == ("Jonas", "")
    assert (escalated.state, escalated.lowest, escalated.by) == (PairState.ESCALATED, None, "Amara")
    assert "behind the tree" in escalated.reason


def test_a_finished_project_is_done_in_every_row(demo: Demo) -> None:
    finish_demo(demo)
    board = dashboard(demo.project)
    assert board.standing.done == board.standing.pairs
    assert board.forecast is None
    assert board.disputes == ()
    assert board.settled >= 2
    assert board.done[-1].done == board.standing.pairs
    assert all(row.agreement.count == row.standing.pairs - _decided_early(demo, row.number) for row in board.groups)
    assert board.seconds_of_pair.mean == pytest.approx(_mean_seconds(demo))


def test_a_look_may_leave_masks_for_later(demo: Demo) -> None:
    assert dashboard(demo.project, most=0).unmeasured > 0
    assert not dashboard(demo.project, most=0).agreement.iou.known
    assert dashboard(demo.project).agreement.iou.known


def _decided_early(demo: Demo, group: int) -> int:
    """Pairs in which fewer than two passes count, since a researcher decided the others."""
    counted = Counter(
        head.key
        for head in {(head.key, head.pass_number): head for head in demo.project.store.all_passes(group)}.values()
        if head.verdict not in ("returned", "escalated")
    )
    return sum(counted[pair.key] < 2 for pair in demo.project.store.pairs(group))


def _mean_seconds(demo: Demo) -> float:
    heads = demo.project.store.all_passes()
    return sum(head.active_seconds for head in heads) / len({head.key for head in heads})


def test_the_collector_is_left_as_it_was(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    dashboard(demo.project)
    assert gc.isenabled()

    def breaks(*_: object) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr("qa.dashboard.summarise", breaks)
    with pytest.raises(RuntimeError, match="half-way"):
        dashboard(demo.project)
    assert gc.isenabled()
