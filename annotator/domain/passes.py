"""The words of the three passes: roles of people, states of pairs, verdicts, passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.shapes import Annotation

PASS_NUMBERS = (1, 2, 3)
MOST_SECONDS = 10_000_000
"""Nobody works as long on one pair: a third of a year without a break."""


class PersonRole(StrEnum):
    """What a person may do. A researcher may also do passes, under the same rule of three different people."""

    RESEARCHER = "researcher"
    ANNOTATOR = "annotator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the project; names are unique without regard to case."""

    id: int
    name: str
    role: PersonRole


class Verdict(StrEnum):
    """How a pass ends."""

    SUBMITTED = "submitted"
    APPROVED = "approved unchanged"
    REFINED = "refined"
    RETURNED = "returned"
    ESCALATED = "escalated"


class PairState(StrEnum):
    """Where a pair stands. `waiting` pairs have no opened group or no image; the rest follows the transition table."""

    WAITING = "waiting"
    OPEN = "open"
    AFTER_1 = "after pass 1"
    AFTER_2 = "after pass 2"
    DONE = "done"
    RETURNED_1 = "returned to pass 1"
    RETURNED_2 = "returned to pass 2"
    ESCALATED = "escalated"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Pass:
    """One person's complete work on a pair, immutable once submitted.

    `base_revision` is the revision that the person started from (None for an empty start), `proposer` the pre-mask used
    (None without), `active_seconds` the time worked without idle time, `reason` what a return or escalation says.
    """

    pair: PairKey
    pass_number: int
    person: str
    verdict: Verdict
    annotation: Annotation
    submitted_at: datetime
    active_seconds: float = 0.0
    base_revision: int | None = None
    proposer: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.pass_number not in PASS_NUMBERS:
            raise AnnotatorError(f"there is no pass {self.pass_number}; a pair has passes 1, 2 and 3.")
        if self.verdict in (Verdict.RETURNED, Verdict.ESCALATED) and not self.reason.strip():
            raise AnnotatorError(f"a pass that is {self.verdict} needs a reason.")
        if not 0 <= self.active_seconds < MOST_SECONDS:
            raise AnnotatorError(f"{self.active_seconds} is no number of seconds that somebody worked.")
