"""Drawing blind in the window: offered, clean, kept, handed in; and nothing of others' masks before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.domain.raster import mask_of
from annotator.project.opening import open_project
from annotator.ui.panels.passes import PassesPanel
from annotator.ui.panels.premask_chip import PremaskChip
from annotator.ui.panels.premasks import PremaskPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.panels.strip import Strip
from annotator.ui.presenting.copy_sources import copy_sources
from qa import blind

KEY = PairKey(0, "hall_1")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sampled(open_folder: Path, town: Any) -> Path:
    """Every pair is in the blind sample; Mei did pass 1 of hall_1 and pinned a remark to it."""
    rules = open_folder / "rules.toml"
    text = rules.read_text(encoding="utf-8")
    assert "blind_share = 0.0 " in text
    rules.write_text(text.replace("blind_share = 0.0 ", "blind_share = 1.0 "), encoding="utf-8")
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
    return open_folder


@pytest.fixture
def blind_window(sampled: Path, town: Any) -> Any:
    """Jonas has taken hall_1 from the queue."""
    window = town.open(sampled, "Jonas")
    town.press(window.view.page("pairs").bench.canvas, Qt.Key.Key_D, CTRL)
    town.settled(window)
    assert window.view.mode == "blind"
    return window


def strip_item(window: Any, key: PairKey) -> Any:
    items = window.view.page("pairs").strip.model.items
    return next(item for item in items if item.key == key)


def test_the_queue_offers_it_and_says_what_it_is(sampled: Path, town: Any) -> None:
    window = town.open(sampled, "Jonas")
    page = window.view.page("pairs")
    assert page.open_key == PairKey(0, "hall_2")  # a pass; what is blind opens only on demand
    assert page.strip.findChild(QLabel, "strip.next").text() == "hall_1"
    town.click(page.strip.findChild(QPushButton, "strip.take"))
    town.settled(window)
    assert window.view.mode == "blind"
    assert window.view.page("blind").open_key == KEY
    assert window.view.top.findChild(QLabel, "top.pass").text() == "Blind annotation"
    banner = window.view.page("blind").banner
    assert banner.isVisible()
    assert banner.findChild(QLabel, "blind.title").text().startswith("Blind annotation: draw what you see")


def test_who_did_a_pass_is_not_asked(sampled: Path, town: Any) -> None:
    window = town.open(sampled, "Mei")
    page = window.view.page("pairs")
    page.open_key_now(KEY)
    town.settled(window)
    assert window.view.mode == "pairs"
    assert page.open_key == KEY
    assert page.strip.findChild(QLabel, "strip.next").text() != "hall_1"
    assert strip_item(window, KEY).revision is not None
    with open_project(sampled) as project:
        assert KEY not in project.store.sightings("Mei")


def test_the_page_is_clean(blind_window: Any, town: Any) -> None:
    page = blind_window.view.page("blind")
    canvas = page.bench.canvas
    assert canvas.session.annotation.shapes == ()
    layers = canvas.layers
    assert (layers.premask, layers.difference, layers.remarks, layers.linked, layers.blink) == (
        (),
        None,
        (),
        None,
        None,
    )
    for kind in (PremaskPanel, PremaskChip, PassesPanel, RemarksPanel, Strip):
        assert page.findChildren(kind) == []
    assert not page.queries.link.isVisible()
    assert page.queries.note.findChild(QLabel, "note.text").text() == "The hall without its wings."
    town.press(canvas, Qt.Key.Key_T)
    town.press(canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.session.annotation.shapes == ()
    town.qtbot.keyPress(canvas, Qt.Key.Key_Z)
    assert layers.blink is None
    town.qtbot.keyRelease(canvas, Qt.Key.Key_Z)


def test_masks_are_not_copied_from_other_images(blind_window: Any, town: Any) -> None:
    page = blind_window.view.page("blind")
    town.press(page.bench.canvas, Qt.Key.Key_C)
    town.settled(blind_window)
    assert page.bench.canvas.tool is None or page.bench.canvas.tool.name != "copy"
    assert page.bench.canvas.session.annotation.shapes == ()
    assert page.bench.canvas.desk.sources() == ()
    town.press(page.bench.canvas, Qt.Key.Key_W)
    assert page.bench.canvas.tool is None or page.bench.canvas.tool.name != "remark"


def test_it_is_handed_in_with_its_time_and_changes_nothing(blind_window: Any, sampled: Path, town: Any) -> None:
    page = blind_window.view.page("blind")
    with open_project(sampled) as project:
        before = project.store.pair(KEY)
        assert before.lease is not None
        assert before.lease.person == "Jonas"
    town.outline(page.bench.canvas, Qt.Key.Key_P, *town.block)
    page.opened_pair.clock._total += 42.0
    town.press(page.bench.canvas, Qt.Key.Key_Return, CTRL)
    town.settled(blind_window)
    assert blind_window.view.mode == "pairs"
    assert page.open_key is None
    with open_project(sampled) as project:
        (record,) = project.store.blind_records()
        assert (record.key, record.person) == (KEY, "Jonas")
        assert 42.0 <= record.active_seconds < 300.0
        drawn = project.store.blind_annotation(KEY)
        assert drawn is not None
        assert (mask_of(drawn) == mask_of(town.drawn())).all()
        pair = project.store.pair(KEY)
        assert (pair.state, pair.latest_revision, pair.lease) == (PairState.AFTER_1, before.latest_revision, None)
        assert project.journal.read("Jonas") is None
        assert project.store.verify_chain() == []
    # Now the pair is his to inspect like any other.
    pairs = blind_window.view.page("pairs")
    pairs.open_key_now(KEY)
    town.settled(blind_window)
    assert blind_window.view.mode == "pairs"
    assert pairs.opened_pair.pass_number == 2
    assert strip_item(blind_window, KEY).revision is not None


def test_nothing_drawn_is_not_handed_in(blind_window: Any, sampled: Path, town: Any) -> None:
    page = blind_window.view.page("blind")
    town.click(page.column.submit)
    assert blind_window.view.mode == "blind"
    assert "Nothing is drawn on g00:hall_1" in blind_window.view.status.sentence
    with open_project(sampled) as project:
        assert project.store.blind_records() == ()


def test_what_was_begun_is_there_again_and_nobody_else_sees_it(blind_window: Any, sampled: Path, town: Any) -> None:
    page = blind_window.view.page("blind")
    town.outline(page.bench.canvas, Qt.Key.Key_P, *town.block)
    drawn = page.bench.canvas.session.annotation
    town.click(page.column.later)
    town.settled(blind_window)
    assert blind_window.view.mode == "pairs"
    with open_project(sampled) as project:
        pair = project.store.pair(KEY)
        assert pair.lease is None
        assert len(project.store.revisions(KEY)) == 1
        assert project.store.revision(pair.latest_revision) == town.drawn()
    blind_window.view.page("pairs").open_key_now(KEY)
    town.settled(blind_window)
    assert blind_window.view.mode == "blind"
    assert page.bench.canvas.session.annotation == drawn


def test_a_killed_program_opens_it_again(blind_window: Any, sampled: Path, town: Any) -> None:
    page = blind_window.view.page("blind")
    town.outline(page.bench.canvas, Qt.Key.Key_P, *town.block)
    drawn = page.bench.canvas.session.annotation
    page.keeper.tick()
    town.settled(blind_window)
    with open_project(sampled) as project:  # what the disk holds at this moment
        entry = project.journal.read("Jonas")
    assert entry is not None
    assert (entry.key, entry.blind, entry.annotation) == (KEY, True, drawn)
    again = town.open(sampled, "Jonas")
    assert again.view.mode == "blind"
    assert again.view.page("blind").bench.canvas.session.annotation == drawn
    assert again.view.page("blind").opened_pair.restored


def test_a_blind_draft_never_becomes_a_pass(blind_window: Any, sampled: Path, town: Any) -> None:
    page = blind_window.view.page("blind")
    town.outline(page.bench.canvas, Qt.Key.Key_P, (10, 10), (30, 10), (30, 30))
    page.keeper.tick()
    town.settled(blind_window)
    with open_project(sampled) as project:
        blind.mark_seen(project, KEY, "Jonas")
        project.store.release_lease(KEY, "Jonas")
    again = town.open(sampled, "Jonas")
    assert again.view.mode == "pairs"
    pairs = again.view.page("pairs")
    pairs.open_key_now(KEY)
    town.settled(again)
    assert pairs.opened_pair.pass_number == 2
    assert pairs.opened_pair.session.annotation == town.drawn()


def test_who_knows_a_mask_says_so_and_goes_on_with_the_pass(blind_window: Any, sampled: Path, town: Any) -> None:
    page = blind_window.view.page("blind")
    town.click(page.column.seen)
    town.settled(blind_window)
    assert blind_window.view.mode == "pairs"
    with open_project(sampled) as project:
        assert project.store.sightings("Jonas") >= {KEY}
    pairs = blind_window.view.page("pairs")
    pairs.open_key_now(KEY)
    town.settled(blind_window)
    assert (blind_window.view.mode, pairs.opened_pair.pass_number) == ("pairs", 2)


def test_the_strip_shows_no_mask_of_it_and_opens_it_blind(sampled: Path, town: Any) -> None:
    window = town.open(sampled, "Amara")
    assert strip_item(window, KEY).revision is None
    page = window.view.page("pairs")
    row = [item.key for item in page.strip.model.items].index(KEY)
    spot = page.strip.list.visualRect(page.strip.model.index(row)).center()
    town.qtbot.mouseClick(page.strip.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    town.settled(window)
    assert window.view.mode == "blind"


def test_its_mask_is_no_source_for_others_to_copy(sampled: Path) -> None:
    with open_project(sampled) as project:
        mei = [source.title for source in copy_sources(project, 0, "hall_2", "Mei")]
        jonas = [source.title for source in copy_sources(project, 0, "hall_2", "Jonas")]
    assert mei == ["Query 0: hall_a", "hall_1"]
    assert jonas == ["Query 0: hall_a"]


@pytest.mark.usefixtures("blind_window")
def test_while_another_draws_it_blind_it_does_not_open(sampled: Path, town: Any) -> None:
    window = town.open(sampled, "Amara")
    page = window.view.page("pairs")
    page.open_key_now(KEY)
    assert window.view.mode == "pairs"
    assert page.open_key != KEY
    assert "Jonas is working on g00:hall_1" in window.view.status.sentence


def test_looking_at_a_dispute_is_seeing_it(sampled: Path, town: Any) -> None:
    with open_project(sampled) as project:
        town.hand(project, "hall_1", "Jonas", Verdict.ESCALATED)
        assert blind.is_meant_for(project, KEY, "Lena")
    window = town.open(sampled, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    assert window.view.page("disputes").open_key == KEY
    with open_project(sampled) as project:
        assert KEY in project.store.sightings("Lena")
        assert not blind.is_meant_for(project, KEY, "Lena")
