"""Texts of people go through both databases: any script comes back as it was, and what no database holds is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY = PairKey(0, "a")
OPEN, AFTER_1 = PairState.OPEN, PairState.AFTER_1
SCRIPTS = ("façade", "外壁だけ", "الواجهة فقط", "🏛 only", 'it\'s "%(x)s" :name; --', "a\u0301", "line\nline\ttab")


@pytest.mark.parametrize("words", SCRIPTS)
def test_any_script_comes_back_as_it_was(store: Store, record: Callable[..., PassRecord], words: str) -> None:
    record(KEY, 1, "Ann", OPEN, PairState.ESCALATED, verdict=Verdict.ESCALATED, reason=words, proposer=words)
    store.add_remark(KEY, pinned(1, 1), "Ben", words)
    store.set_note(1, words, "Rosa")
    store.record_decision(KEY, "Rosa", PairState.ESCALATED, AFTER_1, words)
    (pass_,) = store.passes(KEY)
    assert (pass_.pass_.reason, pass_.pass_.proposer) == (words, words)
    assert [remark.text for remark in store.remarks(KEY)] == [words]
    assert store.group_records()[1].note == words
    assert store.decisions()[0].reason == words
    assert store.verify_chain() == []


@pytest.mark.parametrize(
    ("backend", "words"),
    [("sqlite", "half \ud83c of a sign"), ("postgresql", "half \ud83c of a sign"), ("postgresql", "before\x00after")],
    indirect=["backend"],
)
def test_what_is_no_text_is_refused_and_leaves_nothing(
    store: Store, record: Callable[..., PassRecord], draw: Callable[..., Annotation], words: str
) -> None:
    """Such come from a terminal whose bytes are no UTF-8, and from files."""
    attempts: list[Callable[[], object]] = [
        lambda: record(KEY, 1, "Ann", OPEN, PairState.ESCALATED, verdict=Verdict.ESCALATED, reason=words),
        lambda: store.add_remark(KEY, pinned(1, 1), "Ben", words),
        lambda: store.set_note(0, words, "Rosa"),
        lambda: store.save_revision(KEY, draw(), "Ann", proposer=words),
        lambda: store.take_lease(KEY, words, 5),
        lambda: store.pair(PairKey(0, words)),
    ]
    before = (store.pair(KEY), store.group_records(), store.people(), store.revisions(KEY))
    for attempt in attempts:
        with pytest.raises(RefusedError, match="holds a sign that is no text; nothing was changed"):
            attempt()
    with pytest.raises(RefusedError, match="1 to 100 letters"):
        store.add_person(words, PersonRole.ANNOTATOR)
    assert (store.pair(KEY), store.group_records(), store.people(), store.revisions(KEY)) == before
    assert store.verify_chain() == []
