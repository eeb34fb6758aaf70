"""The pairs behind the dashboard's figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.agreement.measured import measure
from qa.blind import submit_blind
from qa.dashboard import dashboard
from qa.disputes import settle
from qa.hand_over import submit, take
from qa.pair_lists import Behind, Which, pairs_behind

A, B, C, D = PairKey(0, "a"), PairKey(0, "b"), PairKey(0, "c"), PairKey(1, "d")
Draw = Callable[..., Annotation]


def hand_in(
    project: Project, key: PairKey, person: str, verdict: Verdict, drawn: Annotation, seconds: float = 10.0
) -> None:
    work = take(project, key, person)
    reason = "too much" if verdict in (Verdict.RETURNED, Verdict.ESCALATED) else ""
    number, base = work.pass_number, work.base_revision
    submit(
        project, key, person, verdict, drawn, pass_number=number, base_revision=base, reason=reason,
        active_seconds=seconds,
    )  # fmt: skip


@pytest.fixture
def worked(project: Project, draw: Draw) -> Project:
    """a is done with an agreement of 121/144, b is returned to Ann, c is in dispute with 121/441."""
    hand_in(project, A, "Ann", Verdict.SUBMITTED, draw(10), 60.0)
    hand_in(project, A, "Ben", Verdict.REFINED, draw(11), 30.0)
    hand_in(project, A, "Cem", Verdict.APPROVED, draw(11))
    hand_in(project, B, "Ann", Verdict.SUBMITTED, draw(10), 200.0)
    hand_in(project, B, "Ben", Verdict.RETURNED, draw(10))
    hand_in(project, C, "Ann", Verdict.SUBMITTED, draw(10))
    hand_in(project, C, "Ben", Verdict.APPROVED, draw(10))
    hand_in(project, C, "Cem", Verdict.REFINED, draw(20))
    measure(project)
    return project


def keys(project: Project, what: Behind, name: str = "", group: int | None = None) -> list[PairKey]:
    return [row.key for row in pairs_behind(project, Which(what, name, group))]


def test_every_pair_is_done_or_to_do(worked: Project) -> None:
    assert worked.store.pair(A).state is PairState.DISPUTE  # 121/144 is below 0.85
    lenient = replace(worked, rules=replace(worked.rules, agreement=0.5))
    assert keys(worked, Behind.DONE) == []
    assert set(keys(lenient, Behind.TO_DO)) == {A, B, C, D}
    assert keys(worked, Behind.TO_DO, group=1) == [D]
    assert keys(worked, Behind.TO_DO)[-1] == D  # what waits comes last


def test_a_pair_that_is_done_is_no_longer_to_do(worked: Project, draw: Draw) -> None:
    settle(worked, A, "Rosa", draw(11), "as it is")
    (row,) = pairs_behind(worked, Which(Behind.DONE))
    assert (row.key, row.state, row.people) == (A, PairState.DONE, ("Ann", "Ben", "Cem"))
    assert row.number == pytest.approx(121 / 144)
    assert keys(worked, Behind.DONE, group=1) == []
    assert A not in keys(worked, Behind.TO_DO)
    assert dashboard(worked).standing.done == 1


def test_what_is_nearest_to_done_is_to_do_first(project: Project, draw: Draw) -> None:
    """c waits for pass 3, b was returned in pass 3 and a had its pass 1: one pass, two, two to go; d has no image."""
    hand_in(project, A, "Ann", Verdict.SUBMITTED, draw(10))
    for key in (B, C):
        hand_in(project, key, "Ann", Verdict.SUBMITTED, draw(10))
        hand_in(project, key, "Ben", Verdict.APPROVED, draw(10))
    hand_in(project, B, "Cem", Verdict.RETURNED, draw(10))
    assert keys(project, Behind.TO_DO) == [C, A, B, D]
    hand_in(project, B, "Ben", Verdict.RETURNED, draw(10))  # now pass 1 is to be done again
    assert keys(project, Behind.TO_DO) == [C, A, B, D]
    assert [row.state for row in pairs_behind(project, Which(Behind.TO_DO))][2:] == [
        PairState.RETURNED_1,
        PairState.WAITING,
    ]
    hand_in(project, A, "Dee", Verdict.ESCALATED, draw(10))
    assert keys(project, Behind.TO_DO) == [C, A, B, D]
    hand_in(project, C, "Dee", Verdict.APPROVED, draw(10))
    assert keys(project, Behind.TO_DO) == [A, B, D]


def test_disputes_come_with_their_agreement_worst_first(worked: Project, draw: Draw) -> None:
    rows = pairs_behind(worked, Which(Behind.STOPPED))
    assert [row.key for row in rows] == [C, A]
    assert [row.number for row in rows] == [pytest.approx(121 / 441), pytest.approx(121 / 144)]
    assert rows[0].people == ("Ann", "Ben", "Cem")
    hand_in(worked, B, "Ann", Verdict.ESCALATED, draw(10))
    rows = pairs_behind(worked, Which(Behind.STOPPED))
    assert [(row.key, row.said) for row in rows][-1] == (B, "Ann: too much")
    assert keys(worked, Behind.STOPPED, group=1) == []


def test_returned_pairs_say_to_whom_and_why_until_they_are_mended(worked: Project, draw: Draw) -> None:
    (row,) = pairs_behind(worked, Which(Behind.RETURNED))
    assert (row.key, row.state, row.said) == (B, PairState.RETURNED_1, "to Ann: too much")
    hand_in(worked, B, "Ann", Verdict.SUBMITTED, draw(9))
    assert keys(worked, Behind.RETURNED) == []


def test_open_remarks_are_listed_by_pair(worked: Project) -> None:
    first = worked.store.add_remark(C, pinned(3, 4), "Ben", "is this a tree?")
    worked.store.add_remark(C, pinned(5, 6), "Cem", "and this?")
    worked.store.add_remark(B, pinned(1, 1), "Ben", "the door")
    rows = {row.key: row.said for row in pairs_behind(worked, Which(Behind.REMARKS))}
    assert rows == {C: "2 open, Ben: is this a tree?", B: "Ben: the door"}
    worked.store.settle_remark(first.id, "Cem")
    rows = {row.key: row.said for row in pairs_behind(worked, Which(Behind.REMARKS))}
    assert rows == {C: "Cem: and this?", B: "Ben: the door"}
    assert keys(worked, Behind.REMARKS, group=1) == []


def test_agreement_below_the_limit_is_the_figure_of_the_dashboard(worked: Project) -> None:
    assert keys(worked, Behind.BELOW) == [C, A]
    assert dashboard(worked).below == 2
    lenient = replace(worked, rules=replace(worked.rules, agreement=0.5))
    assert keys(lenient, Behind.BELOW) == [C]
    assert dashboard(lenient).below == 1


def test_times_are_those_of_all_passes(worked: Project) -> None:
    rows = pairs_behind(worked, Which(Behind.TIME))
    assert [(row.key, row.number) for row in rows] == [(B, 210.0), (A, 100.0), (C, 30.0)]
    assert keys(worked, Behind.TIME, group=1) == []


def test_a_persons_pairs_say_which_pass_it_was(worked: Project) -> None:
    rows = pairs_behind(worked, Which(Behind.PERSON, "Ben"))
    assert [(row.key, row.said) for row in rows] == [(C, "pass 2"), (A, "pass 2"), (B, "pass 2")]
    assert keys(worked, Behind.PERSON, "Cem") == [C, A]
    assert keys(worked, Behind.PERSON, "Dee") == []


def test_findings_are_those_of_the_last_run_on_what_still_stands(worked: Project) -> None:
    standing = {key: worked.store.pair(key).standing for key in (A, B, C)}
    found = {
        str(A): [standing[A], [["speck", "warning"], ["speck", "warning"], ["empty mask", "error"]]],
        str(B): [standing[B], [["small hole", "warning"]]],
        str(C): [-1, [["speck", "warning"]]],
    }
    worked.cache.mkdir(exist_ok=True)
    (worked.cache / "checks.json").write_text(json.dumps(found), encoding="utf-8")
    assert [(row.key, row.said) for row in pairs_behind(worked, Which(Behind.CHECK, "speck"))] == [(A, "2 warnings")]
    assert [row.said for row in pairs_behind(worked, Which(Behind.CHECK, "empty mask"))] == ["1 error"]
    assert keys(worked, Behind.CHECK, "small hole") == [B]
    assert keys(worked, Behind.CHECK, "small hole", group=1) == []


def test_pairs_that_were_drawn_blind(worked: Project, draw: Draw) -> None:
    everything = replace(worked, rules=replace(worked.rules, blind_share=1.0))
    submit_blind(everything, A, "Dee", draw(10), 10)
    (row,) = pairs_behind(worked, Which(Behind.BLIND))
    assert (row.key, row.said) == (A, "drawn blind by Dee")
