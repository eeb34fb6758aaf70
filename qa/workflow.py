"""The three passes as one table: who is next, which verdicts there are, and where each one leads.

Pure data and functions; `hand_over` applies them to a project and the database keeps the rule of three people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState, Verdict


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next in a state: the pass that is due, and the state after each verdict that it may end with."""

    pass_number: int
    outcomes: Mapping[Verdict, PairState]


def _step(pass_number: int, outcomes: dict[Verdict, PairState]) -> Step:
    return Step(pass_number, MappingProxyType(outcomes | {Verdict.ESCALATED: PairState.ESCALATED}))


_PASS_1 = _step(1, {Verdict.SUBMITTED: PairState.AFTER_1})
_PASS_2 = _step(
    2,
    {
        Verdict.APPROVED: PairState.AFTER_2,
        Verdict.REFINED: PairState.AFTER_2,
        Verdict.RETURNED: PairState.RETURNED_1,
    },
)
_PASS_3 = _step(
    3,
    {
        Verdict.APPROVED: PairState.DONE,
        Verdict.REFINED: PairState.DONE,
        Verdict.RETURNED: PairState.RETURNED_2,
    },
)

TRANSITIONS: Mapping[PairState, Step] = MappingProxyType(
    {
        PairState.OPEN: _PASS_1,
        PairState.RETURNED_1: _PASS_1,
        PairState.AFTER_1: _PASS_2,
        PairState.RETURNED_2: _PASS_2,
        PairState.AFTER_2: _PASS_3,
    }
)
"""States that are not here take no pass: waiting, done, escalated, dispute."""

DECIDED: Mapping[int, PairState] = MappingProxyType({1: PairState.AFTER_1, 2: PairState.AFTER_2, 3: PairState.DONE})
"""Where a researcher's mask leads that takes the place of the result of the pass that was stopped."""

AGAIN: Mapping[int, PairState] = MappingProxyType(
    {1: PairState.RETURNED_1, 2: PairState.RETURNED_2, 3: PairState.AFTER_2}
)
"""Where a pair goes whose stopped pass is to be done again by the same person."""

_WHY_NOT = {
    PairState.WAITING: "waits: its image is not here or its group is not open",
    PairState.DONE: "is done; there is no fourth pass",
    PairState.ESCALATED: "was escalated and waits for a researcher",
    PairState.DISPUTE: "is in dispute and waits for a researcher",
}


def next_pass(state: PairState) -> int | None:
    """The pass that is due in a state; None where nobody can do one."""
    step = TRANSITIONS.get(state)
    return None if step is None else step.pass_number


def verdicts_for(state: PairState) -> tuple[Verdict, ...]:
    """How the pass that is due may end, in the order of the table; empty where no pass is due."""
    step = TRANSITIONS.get(state)
    return () if step is None else tuple(step.outcomes)


def outcome(state: PairState, verdict: Verdict) -> PairState:
    """The state after a verdict; raises RefusedError, in one sentence, for one that is not possible."""
    step = TRANSITIONS.get(state)
    if step is None:
        raise RefusedError(f"The pair {why_no_pass(state)}.")
    if verdict not in step.outcomes:
        possible = ", ".join(step.outcomes)
        raise RefusedError(f"Pass {step.pass_number} does not end with '{verdict}'; it ends with one of: {possible}.")
    return step.outcomes[verdict]


def why_no_pass(state: PairState) -> str:
    """Why no pass is due, to follow the pair's name: `is done; there is no fourth pass`."""
    return _WHY_NOT[state]


def with_agreement(new: PairState, pass_number: int, agreement: float, threshold: float) -> PairState:
    """`new`, or dispute where pass 3 would end the pair and `agreement` is less than the rules ask.

    `agreement` is the lowest IoU of any two of the passes' latest masks (`qa.agreement.results`).
    """
    return PairState.DISPUTE if pass_number == 3 and new is PairState.DONE and agreement < threshold else new
