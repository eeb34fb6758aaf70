from __future__ import annotations

import pytest

from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState, Verdict
from qa.workflow import AGAIN, DECIDED, TRANSITIONS, next_pass, outcome, verdicts_for, with_agreement


def test_the_straight_way() -> None:
    state = PairState.OPEN
    seen = []
    for verdict in (Verdict.SUBMITTED, Verdict.REFINED, Verdict.APPROVED):
        seen.append(next_pass(state))
        state = outcome(state, verdict)
    assert seen == [1, 2, 3]
    assert state is PairState.DONE


@pytest.mark.parametrize(
    ("state", "verdict", "after", "due"),
    [
        (PairState.AFTER_1, Verdict.RETURNED, PairState.RETURNED_1, 1),
        (PairState.AFTER_2, Verdict.RETURNED, PairState.RETURNED_2, 2),
        (PairState.RETURNED_1, Verdict.SUBMITTED, PairState.AFTER_1, 2),
        (PairState.RETURNED_2, Verdict.REFINED, PairState.AFTER_2, 3),
        (PairState.RETURNED_2, Verdict.RETURNED, PairState.RETURNED_1, 1),
        (PairState.OPEN, Verdict.ESCALATED, PairState.ESCALATED, None),
        (PairState.AFTER_2, Verdict.ESCALATED, PairState.ESCALATED, None),
    ],
)
def test_a_return_goes_one_pass_back_and_an_escalation_stops(
    state: PairState, verdict: Verdict, after: PairState, due: int | None
) -> None:
    assert outcome(state, verdict) is after
    assert next_pass(after) == due


def test_every_state_either_has_a_pass_or_a_reason() -> None:
    stopped = set(PairState) - set(TRANSITIONS)
    assert stopped == {PairState.WAITING, PairState.DONE, PairState.ESCALATED, PairState.DISPUTE}
    for state in stopped:
        assert verdicts_for(state) == ()
        with pytest.raises(RefusedError, match=r"The pair (waits|is|was)"):
            outcome(state, Verdict.SUBMITTED)


@pytest.mark.parametrize("state", list(TRANSITIONS))
def test_only_the_verdicts_of_the_table_end_a_pass(state: PairState) -> None:
    for verdict in Verdict:
        if verdict not in verdicts_for(state):
            with pytest.raises(RefusedError, match=f"does not end with '{verdict}'; it ends with one of"):
                outcome(state, verdict)


def test_a_pair_is_done_by_pass_3_alone() -> None:
    ends = {state for state, step in TRANSITIONS.items() if PairState.DONE in step.outcomes.values()}
    assert ends == {PairState.AFTER_2}


def test_disagreement_makes_a_dispute_of_pass_3_alone() -> None:
    assert with_agreement(PairState.DONE, 3, 0.84, 0.85) is PairState.DISPUTE
    assert with_agreement(PairState.DONE, 3, 0.85, 0.85) is PairState.DONE
    assert with_agreement(PairState.AFTER_2, 2, 0.1, 0.85) is PairState.AFTER_2
    assert with_agreement(PairState.RETURNED_2, 3, 0.1, 0.85) is PairState.RETURNED_2


def test_a_settled_pair_goes_on_where_it_stopped() -> None:
    assert [next_pass(DECIDED[number]) for number in (1, 2, 3)] == [2, 3, None]
    assert [next_pass(AGAIN[number]) for number in (1, 2, 3)] == [1, 2, 3]
