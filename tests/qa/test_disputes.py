"""What waits for a researcher, worst first, and the rule that a decision clarifies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.disputes import settle, stopped_pairs, waiting, worst_first
from qa.hand_over import submit, take

A, B, C = (PairKey(0, name) for name in "abc")
Draw = Callable[..., Annotation]


def hand_in(project: Project, key: PairKey, person: str, verdict: Verdict, drawn: Annotation) -> None:
    work = take(project, key, person)
    reason = "which wing?" if verdict is Verdict.ESCALATED else ""
    number, base = work.pass_number, work.base_revision
    submit(project, key, person, verdict, drawn, pass_number=number, base_revision=base, reason=reason)


@pytest.fixture
def three(project: Project, draw: Draw) -> Project:
    """a is in dispute with less agreement than c is; b was escalated in pass 1."""
    hand_in(project, B, "Ann", Verdict.ESCALATED, draw(10))
    for key, last in ((A, 20), (C, 16)):
        hand_in(project, key, "Ann", Verdict.SUBMITTED, draw(10))
        hand_in(project, key, "Ben", Verdict.REFINED, draw(11))
        hand_in(project, key, "Cem", Verdict.REFINED, draw(last))
    return project


def pixels(side: int) -> int:
    """Pixels of the square that `draw` makes."""
    return (side + 1) ** 2


def test_disputes_come_worst_first_and_escalations_last(three: Project) -> None:
    pairs = stopped_pairs(three)
    assert [(pair.key, pair.state) for pair in pairs] == [
        (A, PairState.DISPUTE),
        (B, PairState.ESCALATED),
        (C, PairState.DISPUTE),
    ]
    found = worst_first(waiting(three, pair) for pair in reversed(pairs))
    assert [one.key for one in found] == [A, C, B]
    assert [one.by for one in found] == ["Cem", "Cem", "Ann"]
    # The smallest mask lies inside the largest, so the lowest IoU is the ratio of their pixels.
    assert found[0].lowest == pytest.approx(pixels(10) / pixels(20))
    assert found[1].lowest == pytest.approx(pixels(10) / pixels(16))
    assert found[2].lowest is None


def test_an_escalated_pass_shows_nobodys_mask(three: Project, draw: Draw) -> None:
    settle(three, A, "Rosa", draw(20), "the wing is in")
    hand_in_b = [(Verdict.SUBMITTED, "Ann", 10), (Verdict.REFINED, "Ben", 12), (Verdict.ESCALATED, "Cem", 30)]
    settle(three, B, "Rosa", None, "no wing", resume=True)
    for verdict, person, side in hand_in_b:
        hand_in(three, B, person, verdict, draw(side))
    found = worst_first(waiting(three, pair) for pair in stopped_pairs(three))
    assert [one.key for one in found] == [C, B]
    assert found[1].lowest == pytest.approx(pixels(10) / pixels(12))


def test_what_was_escalated_without_masks_to_compare_comes_last(three: Project, draw: Draw) -> None:
    """b is escalated in pass 1; a and c are settled, and c is escalated in the pass that is done again."""
    settle(three, A, "Rosa", draw(20), "the wing is in")
    settle(three, C, "Rosa", None, "look again", resume=True)
    hand_in(three, C, "Cem", Verdict.ESCALATED, draw(16))
    found = worst_first(waiting(three, pair) for pair in stopped_pairs(three))
    assert [(one.key, one.lowest) for one in found] == [(C, pytest.approx(pixels(10) / pixels(16))), (B, None)]


@pytest.mark.parametrize("resume", [False, True])
def test_a_rule_is_clarified_with_the_decision(three: Project, draw: Draw, resume: bool) -> None:
    drawn = None if resume else draw(20)
    settle(three, A, "Rosa", drawn, "the wing is in", resume=resume, clarified="Wings are in.")
    assert three.store.group_records()[0].note == "2026-03-01, a, Rosa: Wings are in."
    settle(three, C, "Rui", drawn, "as before", resume=resume)
    assert three.store.group_records()[0].note == "2026-03-01, a, Rosa: Wings are in."
