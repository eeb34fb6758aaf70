"""Somebody with the database's own tools alters the past; the chain tells what and where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Ring
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.domain.shapes import Annotation
from annotator.store.chain import GENESIS, link, remark_content
from annotator.store.records import PassRecord
from annotator.store.store import Store

KEY = PairKey(0, "a")


def force(store: Store, *changes: str) -> None:
    """Change rows as somebody would who takes the triggers and keys away first."""
    with store.database.write() as connection:
        if store.database.is_sqlite:
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for change in changes:
            connection.execute(text(change))
        if not store.database.is_sqlite:
            connection.execute(text("SET session_replication_role = origin"))


@pytest.fixture
def finished(store: Store, record: Callable[..., PassRecord], draw: Callable[..., Annotation]) -> Store:
    """A pair that is done after a return and an escalation, six links long."""
    remark = [
        (pinned(3.5, 4), "loose here"),
        (RemarkPlace(region=Ring([[1, 1], [5, 1], [5, 5]])), "and all of this"),
        (pinned(7, 8, query=2), "as here"),
    ]
    record(KEY, 1, "Ann", PairState.OPEN, PairState.AFTER_1)
    returned = {"verdict": Verdict.RETURNED, "reason": "loose boundary", "remarks": remark}
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.RETURNED_1, **returned)
    record(KEY, 1, "Ann", PairState.RETURNED_1, PairState.AFTER_1, side=12)
    escalated = {"verdict": Verdict.ESCALATED, "reason": "which one?", "side": 12}
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.ESCALATED, **escalated)
    store.record_decision(KEY, "Rosa", PairState.ESCALATED, PairState.AFTER_2, "this one", draw(13))
    for written in store.remarks(KEY):
        store.settle_remark(written.id, "Ben")
    record(KEY, 3, "Cem", PairState.AFTER_2, PairState.DONE, side=13)
    assert store.verify_chain() == []
    return store


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("UPDATE passes SET verdict = 'approved unchanged' WHERE sequence = 2", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE passes SET active_seconds = 900 WHERE sequence = 1", "Pass 1 of g00:a by Ann (number 1"),
        ("UPDATE passes SET reason = '' WHERE sequence = 4", "Pass 2 of g00:a by Ben (number 4"),
        ("UPDATE passes SET submitted_at = '2020-01-01T00:00:00.000000+00:00' WHERE sequence = 6", "(number 6"),
        ("UPDATE remarks SET text = 'fine here'", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE remarks SET x = 9 WHERE x = 3.5", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE remarks SET query_number = 0 WHERE query_number = 2", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE remarks SET query_number = 2 WHERE x = 3.5", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE remarks SET query_number = NULL", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE remarks SET region = replace(region, '5', '6')", "Pass 2 of g00:a by Ben (number 2"),
        ("UPDATE decisions SET reason = 'because' WHERE sequence = 5", "The decision of g00:a by Rosa (number 5"),
        ("UPDATE people SET name = 'Eve' WHERE name = 'Cem'", "Pass 3 of g00:a by Eve (number 6"),
    ],
)
def test_what_was_altered_is_named(finished: Store, change: str, where: str) -> None:
    force(finished, change)
    (sentence,) = finished.verify_chain()
    assert where in sentence
    assert "was altered" in sentence


def test_an_altered_mask_is_named(finished: Store) -> None:
    force(
        finished,
        "UPDATE revisions SET annotation = replace(annotation, '11.0', '12.0') "
        "WHERE id = (SELECT min(id) FROM revisions)",
    )
    altered = finished.verify_chain()
    assert len(altered) == 2  # pass 1, and the return that kept its mask
    assert "Pass 1 of g00:a by Ann (number 1" in altered[0]


def test_a_missing_link_is_named(finished: Store) -> None:
    force(finished, "UPDATE remarks SET pass_sequence = NULL", "DELETE FROM passes WHERE sequence IN (2, 3)")
    (sentence,) = finished.verify_chain()
    assert sentence.startswith("Number 2 to 3 are missing from the chain before Pass 2 of g00:a by Ben (number 4")


def test_a_cut_end_is_named(finished: Store) -> None:
    force(finished, "DELETE FROM passes WHERE sequence = 6")
    sentences = finished.verify_chain()
    assert "The chain ends at number 5; the last of 6 links are missing." in sentences
    assert any("state of g00:a was altered" in sentence for sentence in sentences)


def test_a_link_that_was_made_again_does_not_fit_the_next(finished: Store) -> None:
    force(finished, "UPDATE passes SET sha256 = 'f', previous = 'e' WHERE sequence = 3")
    sentences = " ".join(finished.verify_chain())
    assert "number 3 of the chain) does not follow the link before it" in sentences
    assert "number 4 of the chain) does not follow the link before it" in sentences


def test_a_removed_or_altered_head_is_named(finished: Store) -> None:
    force(finished, "UPDATE chain_head SET sha256 = 'x'")
    assert finished.verify_chain() == ["The recorded end of the chain does not fit its last link."]
    force(finished, "DELETE FROM chain_head")
    assert finished.verify_chain() == ["The end of the chain is missing."]


def test_a_state_without_history_is_named(finished: Store) -> None:
    force(finished, "UPDATE pairs SET state = 'done' WHERE image = 'b'")
    sentences = finished.verify_chain()
    assert "The state of g00:b was altered: it says done, its history says open." in sentences
    assert "g00:b is done, but not after passes by three different people." in sentences


@pytest.mark.parametrize("revision", ["(SELECT min(id) FROM revisions)", "NULL", "999"])
def test_another_mask_in_the_place_of_the_last_one_is_named(finished: Store, revision: str) -> None:
    force(finished, f"UPDATE pairs SET standing = {revision} WHERE image = 'a'")  # noqa: S608
    assert finished.verify_chain() == ["The mask of g00:a was replaced by one that its history does not end with."]


def test_a_mask_in_a_pair_without_passes_is_named(finished: Store, draw: Callable[..., Annotation]) -> None:
    revision = finished.save_revision(PairKey(0, "b"), draw(3), "Ann")
    assert finished.verify_chain() == []
    force(finished, f"UPDATE pairs SET standing = {revision} WHERE image = 'b'")  # noqa: S608
    assert finished.verify_chain() == ["The mask of g00:b was replaced by one that its history does not end with."]


def test_what_a_researcher_settled_a_pair_with_is_its_mask(store: Store, record: Callable[..., PassRecord]) -> None:
    # Without a mask of its own a decision leaves the one that stood, be it that of a pass 1 that was escalated.
    escalated = {"verdict": Verdict.ESCALATED, "reason": "which one?"}
    record(KEY, 1, "Ann", PairState.OPEN, PairState.ESCALATED, **escalated)
    assert store.verify_chain() == []
    store.record_decision(KEY, "Rosa", PairState.ESCALATED, PairState.AFTER_1, "yours is right")
    record(KEY, 2, "Ben", PairState.AFTER_1, PairState.ESCALATED, side=11, **escalated)
    store.record_decision(KEY, "Rosa", PairState.ESCALATED, PairState.AFTER_2, "the first is right")
    assert store.verify_chain() == []
    assert store.pair(KEY).standing == store.passes(KEY)[0].revision


def test_points_of_the_index_image_are_hashed_as_before_remarks_had_other_places() -> None:
    point = {"x": 3.5, "y": 4.0, "region": None, "query_number": None}
    assert remark_content(point, "loose") == [3.5, 4.0, "loose"]
    region = {"x": None, "y": None, "region": "[[1.0,1.0],[5.0,1.0],[5.0,5.0]]", "query_number": 2}
    assert remark_content(region, "loose") == region | {"text": "loose"}


def test_the_hash_is_the_same_everywhere() -> None:
    # sha256 of 64 zeros, a line break, and {"a":1,"é":[0.5,null]} in UTF-8
    expected = "447437a1b7af8cb2e880aba15f566e4465b530e2a35a221816f3af0fb4f8774d"
    assert link(GENESIS, {"é": [0.5, None], "a": 1}) == expected
