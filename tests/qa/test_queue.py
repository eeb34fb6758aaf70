from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.blind import mark_seen, submit_blind
from qa.hand_over import submit, take
from qa.queue import queue_for, work_for

A, B, C = (PairKey(0, name) for name in "abc")
Draw = Callable[..., Annotation]


def hand_in(project: Project, key: PairKey, person: str, verdict: Verdict, drawn: Annotation, **more: Any) -> None:
    work = take(project, key, person)
    submit(project, key, person, verdict, drawn, pass_number=work.pass_number, base_revision=work.base_revision, **more)


def listed(project: Project, person: str, **more: Any) -> list[tuple[str, int]]:
    return [(item.key.image, item.pass_number) for item in queue_for(project, person, **more)]


def test_a_new_project_offers_open_pairs_in_order(project: Project) -> None:
    assert listed(project, "ann") == [("a", 1), ("b", 1), ("c", 1)]
    assert listed(project, "Ann", group=1) == []
    assert {item.reason for item in queue_for(project, "Ann")} == {"pass 1 is due"}


def test_what_teaches_most_comes_first(project: Project) -> None:
    assert listed(project, "Ann", teaching={C: 5.0, B: 7.0}) == [("b", 1), ("c", 1), ("a", 1)]


def test_later_passes_first_and_never_a_second_pass_of_a_pair(project: Project, draw: Draw) -> None:
    hand_in(project, C, "Ann", Verdict.SUBMITTED, draw())
    hand_in(project, B, "Ann", Verdict.SUBMITTED, draw())
    hand_in(project, B, "Ben", Verdict.APPROVED, draw())
    assert listed(project, "Cem") == [("b", 3), ("c", 2), ("a", 1)]
    assert listed(project, "Ann") == [("a", 1)]
    assert listed(project, "Ben") == [("c", 2), ("a", 1)]


def test_returned_pairs_are_for_their_person_alone_and_first(project: Project, draw: Draw) -> None:
    hand_in(project, C, "Ann", Verdict.SUBMITTED, draw())
    hand_in(project, C, "Ben", Verdict.RETURNED, draw(), reason="too much")
    hand_in(project, B, "Cem", Verdict.SUBMITTED, draw())
    assert [(item.key.image, item.reason) for item in queue_for(project, "Ann")] == [
        ("c", "returned to you"),
        ("b", "pass 2 is due"),
        ("a", "pass 1 is due"),
    ]
    assert ("c", 1) not in listed(project, "Dee")
    hand_in(project, C, "Ann", Verdict.SUBMITTED, draw(9))
    assert queue_for(project, "Ben")[0].reason == "back for your pass 2"
    assert ("c", 2) not in listed(project, "Dee")


def test_what_others_hold_is_left_out_and_what_one_holds_is_first(project: Project) -> None:
    take(project, C, "Ann")
    assert listed(project, "Ben") == [("a", 1), ("b", 1)]
    assert queue_for(project, "Ann")[0].reason == "you are working on it"
    project.store.clock.forward(31)  # type: ignore[attr-defined]  # the project's fixture sets a Clock
    assert ("c", 1) in listed(project, "Ben")


def test_escalated_pairs_wait_for_a_researcher(project: Project, draw: Draw) -> None:
    hand_in(project, A, "Ann", Verdict.ESCALATED, draw(), reason="which one?")
    assert listed(project, "Ben") == [("b", 1), ("c", 1)]


def all_blind(project: Project) -> Project:
    return replace(project, rules=replace(project.rules, blind_share=1.0))


def work(project: Project, person: str, **more: Any) -> list[tuple[str, int, bool]]:
    return [(item.key.image, item.pass_number, item.blind) for item in work_for(project, person, **more)]


def test_without_a_blind_share_the_work_is_the_queue(project: Project, draw: Draw) -> None:
    none = replace(project, rules=replace(project.rules, blind_share=0.0))
    hand_in(none, C, "Ann", Verdict.SUBMITTED, draw())
    assert work_for(none, "Cem", {B: 7.0}) == queue_for(none, "Cem", teaching={B: 7.0})


def test_a_pair_is_drawn_blind_before_the_person_does_its_next_pass(project: Project, draw: Draw) -> None:
    everything = all_blind(project)
    hand_in(everything, C, "Ann", Verdict.SUBMITTED, draw())
    assert work(everything, "Ben") == [("c", 0, True), ("a", 1, False), ("b", 1, False)]
    assert work_for(everything, "Ben")[0].reason == "to draw blind, without the pre-mask"
    assert work(everything, "Ann") == [("a", 1, False), ("b", 1, False)]
    submit_blind(everything, C, "Ben", draw(12), 10)
    for person in ("Ben", "Cem"):
        assert work(everything, person) == [("c", 2, False), ("a", 1, False), ("b", 1, False)]


def test_who_has_seen_it_goes_on_with_its_pass(project: Project, draw: Draw) -> None:
    everything = all_blind(project)
    hand_in(everything, C, "Ann", Verdict.SUBMITTED, draw())
    mark_seen(everything, C, "Ben")
    assert work(everything, "Ben")[0] == ("c", 2, False)
    assert work(everything, "Cem")[0] == ("c", 0, True)


def test_begun_work_comes_before_blind_and_pairs_that_are_done_after_all(project: Project, draw: Draw) -> None:
    everything = all_blind(project)
    hand_in(everything, A, "Dee", Verdict.SUBMITTED, draw())
    hand_in(everything, A, "Cem", Verdict.RETURNED, draw(), reason="loose boundary")
    hand_in(everything, B, "Ann", Verdict.SUBMITTED, draw())
    for person, verdict in (("Ann", Verdict.SUBMITTED), ("Ben", Verdict.APPROVED), ("Cem", Verdict.APPROVED)):
        hand_in(everything, C, person, verdict, draw())
    assert work(everything, "Dee") == [("a", 1, False), ("b", 0, True), ("c", 0, True)]
    assert work(everything, "Cem") == [("b", 0, True)]


def test_the_work_of_one_group_is_its_part_of_the_whole(project: Project, draw: Draw) -> None:
    everything = all_blind(project)
    hand_in(everything, C, "Ann", Verdict.SUBMITTED, draw())
    whole = work(everything, "Ben")
    groups = [group.number for group in project.groups]
    parts = [work(everything, "Ben", group=number) for number in groups]
    assert parts[0] == [("c", 0, True), ("a", 1, False), ("b", 1, False)]
    assert sorted(entry for part in parts for entry in part) == sorted(whole)
    assert work(everything, "Ben", group=len(groups)) == []
