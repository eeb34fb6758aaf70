"""When three passes end in a dispute: every pair of their latest masks has to agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.agreement.results import in_question, lowest_agreement
from qa.disputes import settle
from qa.hand_over import submit, take

KEY = PairKey(0, "a")
Draw = Callable[..., Annotation]


def hand_in(project: Project, person: str, verdict: Verdict, drawn: Annotation | None = None, **more: Any) -> PairState:
    work = take(project, KEY, person)
    start = drawn or work.base
    assert start is not None
    submit(project, KEY, person, verdict, start, pass_number=work.pass_number, base_revision=work.base_revision, **more)
    return project.store.pair(KEY).state


def test_pass_1_against_pass_3_alone_makes_a_dispute(project: Project, draw: Draw) -> None:
    # 21² : 23² = 0.834 between 1 and 3 (a side of 20 covers 21 pixels); 0.911 and 0.915 between neighbours.
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, "Ben", Verdict.REFINED, draw(21))
    assert hand_in(project, "Cem", Verdict.REFINED, draw(22)) is PairState.DISPUTE


def test_pass_1_against_pass_2_makes_a_dispute_even_if_pass_3_approves(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, "Ben", Verdict.REFINED, draw(26))
    assert hand_in(project, "Cem", Verdict.APPROVED) is PairState.DISPUTE


def test_passes_that_all_agree_are_done(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(30))
    hand_in(project, "Ben", Verdict.REFINED, draw(31))
    assert hand_in(project, "Cem", Verdict.REFINED, draw(30)) is PairState.DONE


def test_a_pass_done_again_replaces_its_former_self(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    hand_in(project, "Ben", Verdict.RETURNED, reason="too little")
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(30))
    hand_in(project, "Ben", Verdict.REFINED, draw(31))
    assert hand_in(project, "Cem", Verdict.APPROVED) is PairState.DONE


def test_what_pass_3_returned_counts_for_nobody(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(30))
    hand_in(project, "Ben", Verdict.REFINED, draw(38))
    hand_in(project, "Cem", Verdict.RETURNED, reason="too much")
    hand_in(project, "Ben", Verdict.REFINED, draw(31))
    assert hand_in(project, "Cem", Verdict.APPROVED) is PairState.DONE


def test_a_decision_settles_what_was_drawn_before_it(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(10))
    hand_in(project, "Ben", Verdict.ESCALATED, reason="is the wing part of it?")
    settle(project, KEY, "Rosa", draw(30), "yes, see the note")
    assert hand_in(project, "Cem", Verdict.APPROVED) is PairState.DONE


def test_after_a_decision_pass_3_still_has_to_agree_with_it(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(30))
    hand_in(project, "Ben", Verdict.ESCALATED, reason="is the wing part of it?")
    settle(project, KEY, "Rosa", draw(31), "yes, see the note")
    assert hand_in(project, "Cem", Verdict.REFINED, draw(12)) is PairState.DISPUTE


def test_pass_3_sent_back_in_a_dispute_can_end_it(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, "Ben", Verdict.REFINED, draw(26))
    assert hand_in(project, "Cem", Verdict.APPROVED) is PairState.DISPUTE
    settle(project, KEY, "Rosa", None, "pass 2 is right, look again", resume=True)
    assert hand_in(project, "Cem", Verdict.APPROVED) is PairState.DONE


def test_the_same_annotation_is_in_question_once(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(20))
    passes = project.store.passes(KEY)
    assert in_question(passes, (), draw(20), draw(20)) == (draw(20),)
    assert in_question(passes, (), draw(20), draw(21)) == (draw(20), draw(21))
    assert lowest_agreement([draw(20)]) == 1.0
    assert lowest_agreement([draw(20), draw(21), draw(22)]) == pytest.approx(21**2 / 23**2)


def test_an_image_that_was_replaced_by_one_of_another_size_is_not_compared(draw: Draw) -> None:
    other = Annotation((65, 48), draw(10).shapes)
    assert in_question((), (), other, draw(20)) == (draw(20),)
