"""What a researcher begins on a dispute: kept, found again, never on other passes, by nobody else, in no pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.passes import PersonRole, Verdict
from annotator.editing.edits.whole import SetAnnotation
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.store.journal import Journal
from annotator.ui.presenting.disputes import stopped
from annotator.ui.presenting.open_dispute import OpenDispute, open_dispute
from annotator.ui.presenting.open_pair import open_pair
from qa import disputes

KEY = PairKey(0, "hall_1")
Open = Callable[..., OpenDispute]


@pytest.fixture
def project(open_folder: Path, town: Any) -> Iterator[Project]:
    """Mei drew hall_1 and Jonas escalated it; Lena and Noor are researchers."""
    with open_project(open_folder) as opened:
        opened.store.add_person("Noor", PersonRole.RESEARCHER)
        town.hand(opened, "hall_1", "Mei", Verdict.SUBMITTED)
        town.hand(opened, "hall_1", "Jonas", Verdict.ESCALATED, town.drawn(3.0))
        yield opened


@pytest.fixture
def begin(project: Project) -> Open:
    """Open the dispute, as after a start of the program."""
    return lambda person="Lena": open_dispute(project, stopped(project, KEY), person)


def keep(opened: OpenDispute) -> None:
    """What the window does within a second."""
    revision = opened.revision
    opened.journal.write(opened.journal_entry(time.monotonic()))
    opened.mark_kept(revision)


def test_drawing_and_words_are_behind_until_they_are_kept(begin: Open, town: Any) -> None:
    opened = begin()
    assert (opened.unkept, opened.unsaved, opened.drawn) == (False, False, False)
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    assert (opened.unkept, opened.unsaved, opened.drawn) == (True, True, True)
    keep(opened)
    assert (opened.unkept, opened.unsaved) == (False, True)
    opened.write("the porch is in", "")
    assert opened.unkept
    keep(opened)
    opened.write("the porch is in", "")
    assert not opened.unkept
    opened.save()
    assert not opened.unsaved
    again = begin()
    assert (again.session.annotation, again.reason, again.drawn) == (town.drawn(9.0), "the porch is in", True)
    assert again.kept_at is not None
    assert (again.unkept, again.unsaved) == (False, False)
    assert again.draw(None) is again.session
    assert not again.session.can_undo


def test_where_nothing_was_drawn_the_words_alone_are_kept(begin: Open, town: Any) -> None:
    opened = begin()
    assert opened.draw(None).annotation == town.drawn(3.0)
    opened.write("half \ud83c", "steps are out")
    keep(opened)
    again = begin()
    assert (again.reason, again.rule, again.drawn) == ("half ?", "steps are out", False)
    assert again.draw(town.drawn(5.0)).annotation == town.drawn(5.0)
    assert not again.session.can_undo
    again.write("", "")
    again.save()
    assert again.journal.read("Lena") is None


def test_what_is_chosen_replaces_a_draft_as_one_step(begin: Open, town: Any) -> None:
    opened = begin()
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    keep(opened)
    session = begin().draw(town.drawn())
    assert session.annotation == town.drawn()
    session.undo()
    assert session.annotation == town.drawn(9.0)


def test_nobody_else_and_no_pass_sees_it(project: Project, begin: Open, town: Any) -> None:
    project.journal.write(open_pair(project, PairKey(0, "hall_2"), "Lena").journal_entry(time.monotonic()))
    before = project.journal.read("Lena")
    opened = begin()
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    opened.write("the porch is in", "")
    opened.save()
    opened.leave_journal()
    other = begin("Noor")
    assert (other.drawn, other.reason, other.older) == (False, "", None)
    assert project.journal.read("Lena") == before
    assert len(project.store.revisions(KEY)) == 2
    disputes.settle(project, KEY, "Noor", town.drawn(1.0), "nearly")
    own = open_pair(project, KEY, "Lena")
    assert (own.pass_number, own.session.annotation, own.restored) == (3, town.drawn(1.0), False)


def test_an_entry_of_a_decision_in_the_wrong_place_is_no_work_on_a_pass(
    project: Project, begin: Open, town: Any
) -> None:
    opened = begin()
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    entry = opened.journal_entry(time.monotonic())
    disputes.settle(project, KEY, "Noor", town.drawn(1.0), "nearly")
    project.journal.write(entry)
    assert open_pair(project, KEY, "Lena").session.annotation == town.drawn(1.0)


@pytest.fixture
def overtaken(project: Project, begin: Open, town: Any) -> OpenDispute:
    """Lena drew and wrote; then Noor sent the pair back, and Jonas escalated it once more."""
    opened = begin()
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    opened.write("the porch is in", "")
    opened.save()
    disputes.settle(project, KEY, "Noor", None, "look again", resume=True)
    town.hand(project, "hall_1", "Jonas", Verdict.ESCALATED, town.drawn(4.0))
    return begin()


def test_on_other_passes_it_is_offered_and_not_applied(overtaken: OpenDispute, begin: Open, town: Any) -> None:
    assert (overtaken.drawn, overtaken.reason) == (False, "")
    assert overtaken.older is not None
    assert overtaken.older.annotation == town.drawn(9.0)
    session = overtaken.draw(None)
    assert session.annotation == town.drawn(4.0)
    session.apply(SetAnnotation(town.drawn(5.0)))
    overtaken.write("other words", "")
    overtaken.save()
    again = begin()  # what is begun now takes nothing from what was begun then
    assert (again.session.annotation, again.reason) == (town.drawn(5.0), "other words")
    assert again.older == overtaken.older
    again.throw_away()
    assert (again.drawn, again.older, again.reason) == (False, overtaken.older, "other words")
    assert begin().older == overtaken.older


def test_brought_back_it_is_one_step_on_the_present_passes(overtaken: OpenDispute, begin: Open, town: Any) -> None:
    session = overtaken.bring_back()
    assert (session.annotation, overtaken.reason) == (town.drawn(9.0), "the porch is in")
    keep(overtaken)
    assert begin().session.annotation == town.drawn(9.0)
    session.undo()
    assert session.annotation == town.drawn(4.0)


def test_words_that_are_written_now_win_over_those_brought_back(overtaken: OpenDispute) -> None:
    overtaken.write("other words", "")
    overtaken.bring_back()
    assert overtaken.reason == "other words"


def test_the_older_one_can_be_thrown_away(overtaken: OpenDispute, begin: Open) -> None:
    overtaken.throw_away()
    assert overtaken.older is None
    assert begin().older is None


def test_thrown_away_the_words_stay(begin: Open, town: Any) -> None:
    opened = begin()
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    opened.write("the porch is in", "")
    keep(opened)
    opened.throw_away()
    assert (opened.drawn, opened.unkept, opened.unsaved) == (False, False, False)
    again = begin()
    assert (again.drawn, again.reason) == (False, "the porch is in")
    assert opened.draw(None).annotation == town.drawn(3.0)
    opened.session.apply(SetAnnotation(town.drawn(8.0)))
    assert opened.unkept


def test_a_disk_that_does_not_take_it_changes_nothing(begin: Open, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = begin()
    opened.draw(None).apply(SetAnnotation(town.drawn(9.0)))
    opened.save()
    full = EnvironmentFault("the disk is full; make room.")

    def fails(*_anything: object) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "clear", fails)
        with pytest.raises(EnvironmentFault):
            opened.throw_away()
    assert opened.drawn
    assert opened.session.annotation == town.drawn(9.0)
    assert begin().session.annotation == town.drawn(9.0)


def test_settled_it_is_forgotten_with_everything_older(overtaken: OpenDispute, begin: Open, town: Any) -> None:
    overtaken.draw(None).apply(SetAnnotation(town.drawn(5.0)))
    overtaken.save()
    overtaken.settle(town.drawn(5.0), False, "so it is", "")
    assert not overtaken.unsaved
    overtaken.forget()
    assert (begin().drawn, begin().older) == (False, None)
