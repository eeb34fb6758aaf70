"""Where drafts of decisions are kept: by person, pair and the passes that they were begun on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.shapes import Annotation
from annotator.project import Project
from annotator.store.journal import JournalEntry
from qa.dispute_drafts import begun, drafts, forget_drafts, holds_anything, older_draft

A, B = PairKey(0, "a"), PairKey(0, "b")


@pytest.fixture
def entry(project: Project, draw: Callable[..., Annotation]) -> JournalEntry:
    return JournalEntry(A, "Rosa", 3, draw(12), 31.5, project.store.clock(), settling=("the porch is in", ""))


def test_a_draft_is_of_one_person_pair_and_state_of_its_passes(project: Project, entry: JournalEntry) -> None:
    drafts(project, A, 7).write(entry)
    assert drafts(project, A, 7).read("rosa") == entry
    assert drafts(project, A, 7).read("Ben") is None
    assert drafts(project, A, 8).read("Rosa") is None
    assert drafts(project, B, 7).read("Rosa") is None
    assert project.journal.read("Rosa") is None
    assert begun(project, (A, B), "Rosa") == {A}
    assert begun(project, (A, B), "Ben") == frozenset()


def test_the_newest_of_those_on_other_passes_is_the_older_one(project: Project, entry: JournalEntry) -> None:
    assert older_draft(project, A, "Rosa", 9) is None
    later = replace(entry, at=entry.at + timedelta(hours=1))
    drafts(project, A, 10).write(entry)
    drafts(project, A, 9).write(later)
    drafts(project, A, 11).write(
        replace(entry, at=entry.at + timedelta(hours=2), annotation=Annotation((9, 9)), settling=("", ""))
    )
    assert older_draft(project, A, "Rosa", 9) == entry
    assert older_draft(project, A, "Rosa", 12) == later
    assert older_draft(project, A, "Ben", 12) is None
    assert older_draft(project, B, "Rosa", 12) is None


def test_all_but_the_present_one_can_be_forgotten(project: Project, entry: JournalEntry) -> None:
    for number in (7, 9):
        drafts(project, A, number).write(entry)
        drafts(project, A, number).write(replace(entry, person="Ben"))
    forget_drafts(project, A, "Rosa", but=9)
    assert older_draft(project, A, "Rosa", 9) is None
    assert drafts(project, A, 9).read("Rosa") == entry
    forget_drafts(project, A, "Rosa")
    assert begun(project, (A, B), "Rosa") == frozenset()
    assert begun(project, (A, B), "Ben") == {A}


def test_polygons_or_words_are_something(entry: JournalEntry) -> None:
    nothing = Annotation((64, 48))
    assert holds_anything(entry)
    assert holds_anything(replace(entry, settling=("", "")))
    assert holds_anything(replace(entry, annotation=nothing, settling=("", "steps are out")))
    assert not holds_anything(replace(entry, annotation=nothing, settling=("", "")))
    assert not holds_anything(replace(entry, settling=None))
