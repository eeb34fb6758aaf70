"""A decision and the rule that it clarifies are one transaction."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY = PairKey(0, "a")
Record = Callable[..., PassRecord]
Draw = Callable[..., Annotation]


@pytest.fixture
def stopped(store: Store, record: Record) -> Store:
    """Pair a waits after pass 3 was escalated; g00 has a note."""
    store.set_note(0, "Only the façade.", "Rosa")
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.AFTER_2, remarks=[(pinned(1, 1), "the steps?")])
    record(KEY, 3, "Cem", PairState.AFTER_2, PairState.ESCALATED, verdict=Verdict.ESCALATED, reason="the steps?")
    return store


def note(store: Store) -> str:
    return store.group_records()[0].note


def test_a_clarified_rule_is_added_to_the_note_of_the_group(stopped: Store, draw: Draw) -> None:
    stopped.settle_remark(stopped.remarks(KEY)[0].id, "Rosa")
    decision = stopped.record_decision(
        KEY, "rui", PairState.ESCALATED, PairState.DONE, "they are seen", draw(9), "The steps\n  belong to it. "
    )
    assert note(stopped) == "Only the façade.\n2026-03-01, a, Rui: The steps belong to it."
    assert decision.reason == "they are seen"
    assert stopped.pair(KEY).state is PairState.DONE
    assert stopped.verify_chain() == []
    assert stopped.group_records()[1].note == ""


def test_the_first_rule_of_a_group_without_a_note_is_its_note(stopped: Store) -> None:
    stopped.set_note(0, "", "Rosa")
    stopped.record_decision(
        KEY, "Rosa", PairState.ESCALATED, PairState.AFTER_2, "look again", clarified="The steps belong to it."
    )
    assert note(stopped) == "2026-03-01, a, Rosa: The steps belong to it."


@pytest.mark.parametrize("clarified", ["", "  \n "])
def test_without_a_rule_the_note_stays(stopped: Store, draw: Draw, clarified: str) -> None:
    stopped.record_decision(KEY, "Rosa", PairState.ESCALATED, PairState.AFTER_2, "yes", draw(9), clarified)
    assert note(stopped) == "Only the façade."


def test_a_decision_that_fails_adds_no_rule(stopped: Store, draw: Draw) -> None:
    with pytest.raises(RefusedError, match="1 remark is open"):
        stopped.record_decision(KEY, "Rosa", PairState.ESCALATED, PairState.DONE, "yes", draw(9), "Steps are in.")
    with pytest.raises(RefusedError, match="only a researcher settles"):
        stopped.record_decision(KEY, "Ann", PairState.ESCALATED, PairState.AFTER_2, "yes", draw(9), "Steps are in.")
    with pytest.raises(ConflictError, match="saved g00:a meanwhile"):
        stopped.record_decision(KEY, "Rosa", PairState.DISPUTE, PairState.DONE, "yes", draw(9), "Steps are in.")
    assert note(stopped) == "Only the façade."
    assert stopped.decisions() == ()
