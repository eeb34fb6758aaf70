"""What is the same for a pair, a blind pair and a query mask that somebody has open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError
from annotator.domain.passes import Verdict
from annotator.editing.edits.whole import SetAnnotation
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.ui.presenting.open_blind import open_blind
from annotator.ui.presenting.open_drawing import OpenDrawing
from annotator.ui.presenting.open_pair import open_pair
from annotator.ui.presenting.open_query import open_query

DRAWN, FRESH = PairKey(0, "hall_1"), PairKey(0, "hall_2")


@pytest.fixture
def project(open_folder: Path, town: Any) -> Iterator[Project]:
    """Every pair is in the blind sample; Mei did pass 1 of hall_1."""
    rules = open_folder / "rules.toml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("blind_share = 0.0 ", "blind_share = 1.0 "), encoding="utf-8"
    )
    with open_project(open_folder) as opened:
        town.hand(opened, "hall_1", "Mei", Verdict.SUBMITTED)
        yield opened


def opened_again(project: Project, kind: str) -> OpenDrawing:
    if kind == "pair":
        return open_pair(project, FRESH, "Jonas")
    if kind == "blind":
        return open_blind(project, DRAWN, "Jonas")
    return open_query(project, project.store.query_records()[1], "Lena")


def behind(opened: OpenDrawing) -> set[str]:
    """What does not hold yet what is drawn."""
    return {name for name, late in (("journal", opened.unkept), ("project", opened.unsaved)) if late}


KINDS = pytest.mark.parametrize("kind", ["pair", "blind", "query"])


@KINDS
def test_what_is_drawn_is_behind_until_it_is_kept_and_saved(project: Project, town: Any, kind: str) -> None:
    opened = opened_again(project, kind)
    assert behind(opened) == set()
    opened.session.apply(SetAnnotation(town.drawn()))
    assert behind(opened) == {"journal", "project"}
    first = opened.session.revision
    opened.session.apply(SetAnnotation(town.drawn(5)))
    opened.mark_kept(first)
    assert behind(opened) == {"journal", "project"}
    opened.mark_kept(opened.session.revision)
    opened.mark_kept(first)  # a write that ends late
    assert behind(opened) == {"project"}
    opened.save()
    assert behind(opened) == set()
    assert opened_again(project, kind).session.annotation == town.drawn(5)


def test_what_is_drawn_on_a_query_while_it_is_saved_is_behind(
    project: Project, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = opened_again(project, "query")
    opened.session.apply(SetAnnotation(town.drawn()))
    saving = project.store.save_query_mask

    def saved(*given: Any) -> Any:
        done = saving(*given)
        opened.session.apply(SetAnnotation(town.drawn(5)))
        return done

    monkeypatch.setattr(project.store, "save_query_mask", saved)
    opened.save()
    assert "project" in behind(opened)


@KINDS
def test_the_journal_gives_back_drawing_and_time(project: Project, town: Any, kind: str) -> None:
    opened = opened_again(project, kind)
    opened.session.apply(SetAnnotation(town.drawn()))
    entry = replace(opened.journal_entry(time.monotonic()), active_seconds=90.0)
    project.journal.write(entry)
    again = opened_again(project, kind)
    assert again.key == entry.key == opened.key
    assert (again.session.annotation, again.clock.seconds(time.monotonic())) == (town.drawn(), 90.0)
    assert (again.restored, behind(again)) == (True, {"project"})
    again.save()
    assert (again.restored, behind(again)) == (False, set())


@pytest.mark.parametrize("kind", ["pair", "blind"])
def test_a_lease_is_extended_and_given_back_once(project: Project, kind: str) -> None:
    opened = opened_again(project, kind)
    key = opened.key
    assert isinstance(key, PairKey)
    opened.lease = project.store.take_lease(key, "Jonas", 0.5)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert opened.lease.until < soon
    opened.renew()
    assert opened.lease.until > soon
    opened.give_back()
    assert opened.lease is None
    project.store.take_lease(key, "Amara", 30)
    opened.renew()  # what was given back is not taken again
    opened.give_back()
    with pytest.raises(ConflictError, match="Amara"):
        project.store.take_lease(key, "Jonas", 30)


def test_a_query_mask_needs_no_lease(project: Project) -> None:
    opened = opened_again(project, "query")
    opened.renew()
    opened.give_back()
    assert opened.lease is None


def test_a_pair_that_is_only_looked_at_is_never_behind(project: Project, town: Any) -> None:
    project.store.take_lease(FRESH, "Amara", 30)
    opened = open_pair(project, FRESH, "Jonas")
    assert (opened.read_only, "Amara" in opened.refusal) == (True, True)
    opened.session.apply(SetAnnotation(town.drawn()))
    assert behind(opened) == set()
    opened.save()
    assert not open_pair(project, FRESH, "Mei").session.annotation.shapes
