from __future__ import annotations

from datetime import UTC, datetime

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError, BadFileError
from annotator.domain.passes import Pass, Verdict
from annotator.domain.shapes import Annotation


def a_pass(pass_number: int = 1, verdict: Verdict = Verdict.SUBMITTED, seconds: float = 1, reason: str = "") -> Pass:
    pair, at = PairKey(0, "a"), datetime(2026, 1, 2, tzinfo=UTC)
    return Pass(pair, pass_number, "Mei", verdict, Annotation((9, 9)), at, seconds, reason=reason)


@pytest.mark.parametrize("number", [0, 4, -1])
def test_there_are_three_passes(number: int) -> None:
    with pytest.raises(AnnotatorError, match="passes 1, 2 and 3"):
        a_pass(number)


@pytest.mark.parametrize("verdict", [Verdict.RETURNED, Verdict.ESCALATED])
def test_a_return_and_an_escalation_say_why(verdict: Verdict) -> None:
    with pytest.raises(AnnotatorError, match="reason"):
        a_pass(2, verdict, reason="  ")
    assert a_pass(2, verdict, reason="loose boundary").reason == "loose boundary"


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), 1e9])
def test_nobody_works_for_an_impossible_time(seconds: float) -> None:
    with pytest.raises(AnnotatorError, match="seconds"):
        a_pass(seconds=seconds)


def test_a_bad_file_names_itself_the_problem_and_the_remedy() -> None:
    assert str(BadFileError("a.jpg", "it is cut short", "copy it again")) == "a.jpg: it is cut short; copy it again."
