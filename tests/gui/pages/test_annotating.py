"""A person annotates in the window: draws, leaves, comes back, submits, with real mouse and key events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from annotator.domain.dataset import PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.passes import PairState, Verdict
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Role
from annotator.project.opening import open_project
from annotator.store.journal import Journal
from annotator.ui.pages import pair_queue
from annotator.ui.pages.pairs_page import PairsPage
from annotator.ui.window import Window


def pairs_of(window: Window) -> PairsPage:
    assert window.view is not None
    page = window.view.page("pairs")
    assert isinstance(page, PairsPage)
    return page


def draw_block(town: Any, page: PairsPage) -> None:
    town.outline(page.bench.canvas, Qt.Key.Key_P, *town.block)


def test_first_pair_of_the_queue_is_open_at_start(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    assert page.open_key == PairKey(0, "hall_1")
    assert window.windowTitle() == "hall_1 – g00 – Town – Pixel Retrieval Annotator"
    assert page.bench.canvas.session is not None
    for name, text in (
        ("top.image", "hall_1"),
        ("top.difficulty", "easy"),
        ("top.pass", "Pass 1"),
        ("top.position", "1 of 4"),
        ("top.queue", "3 in your queue"),
        ("note.text", "The hall without its wings."),
        ("status.size", "160 × 120"),
        ("strip.next", "hall_2"),
    ):
        found = window.findChild(QLabel, name)
        assert found is not None, name
        assert found.text() == text


def test_missing_queries_are_listed_with_the_reason(open_folder: Path, town: Any) -> None:
    page = pairs_of(town.open(open_folder, "Mei"))
    shown = [label.text() for label in page.queries.findChildren(QLabel)]
    assert "no query mask yet" in shown
    assert "1 of 2 masked" in shown


def test_drawn_polygon_is_listed_with_its_mask(open_folder: Path, town: Any) -> None:
    page = pairs_of(town.open(open_folder, "Mei"))
    draw_block(town, page)
    session = page.bench.canvas.session
    assert session is not None
    assert [shape.role for shape in session.annotation.shapes] == [Role.OBJECT]
    expected = int(mask_of(session.annotation).sum())
    line = page.column.polygons.findChild(QLabel, "polygons.mask")
    assert line is not None
    town.qtbot.waitUntil(lambda: line.text() == f"{expected:,} px")
    assert page.column.polygons.detail == "1"


def test_undo_and_redo_from_keys(open_folder: Path, town: Any) -> None:
    page = pairs_of(town.open(open_folder, "Mei"))
    draw_block(town, page)
    canvas = page.bench.canvas
    assert canvas.session is not None
    assert page.bench.bar.undo.isEnabled()
    town.qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not canvas.session.annotation.shapes
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    town.qtbot.keyClick(canvas, Qt.Key.Key_Z, both)
    assert len(canvas.session.annotation.shapes) == 1


def test_edit_reaches_the_journal_by_itself(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    draw_block(town, page)
    assert window.view is not None
    journal = window.view.project.journal
    town.qtbot.waitUntil(lambda: journal.read("Mei") is not None)
    entry = journal.read("Mei")
    session = page.bench.canvas.session
    assert entry is not None
    assert session is not None
    assert entry.key == PairKey(0, "hall_1")
    assert entry.annotation == session.annotation


def test_killed_process_continues_from_the_journal(open_folder: Path, town: Any, tmp_path: Path) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    town.qtbot.keyClick(page.bench.canvas, Qt.Key.Key_D)
    town.settled(window)
    draw_block(town, page)
    assert window.view is not None
    journal = window.view.project.journal
    town.qtbot.waitUntil(lambda: journal.read("Mei") is not None)
    kept = tmp_path / "kept.json"
    file = next(journal.folder.iterdir())
    kept.write_bytes(file.read_bytes())
    drawn = page.bench.canvas.session.annotation if page.bench.canvas.session else None
    town.qtbot.keyClick(page.bench.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.close()
    file.write_bytes(kept.read_bytes())  # what a killed process leaves behind

    again = pairs_of(town.open(open_folder, "Mei"))
    assert again.open_key == PairKey(0, "hall_2")
    assert again.bench.canvas.session is not None
    assert again.bench.canvas.session.annotation == drawn


def test_leaving_a_pair_saves_it(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    draw_block(town, page)
    town.qtbot.keyClick(page.bench.canvas, Qt.Key.Key_D)
    town.settled(window)
    assert page.open_key == PairKey(0, "hall_2")
    assert window.view is not None
    record = window.view.project.store.pair(PairKey(0, "hall_1"))
    assert record.latest_revision is not None
    assert record.lease is None
    town.qtbot.keyClick(page.bench.canvas, Qt.Key.Key_A)
    town.settled(window)
    assert page.bench.canvas.session is not None
    assert len(page.bench.canvas.session.annotation.shapes) == 1


def test_submit_from_the_key_opens_the_next_pair(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    draw_block(town, page)
    town.qtbot.keyClick(page.bench.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    assert page.open_key == PairKey(0, "hall_2")
    assert window.view is not None
    record = window.view.project.store.pair(PairKey(0, "hall_1"))
    assert record.state is PairState.AFTER_1
    assert record.seats[0] == "Mei"
    assert window.view.project.journal.read("Mei") is None


def test_empty_pass_is_refused_in_one_sentence(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    town.qtbot.mouseClick(page.column.verdicts.finish, Qt.MouseButton.LeftButton)
    assert window.view is not None
    assert window.view.status.sentence.startswith("Nothing is drawn on g00:hall_1")
    assert page.open_key == PairKey(0, "hall_1")


def test_full_disk_keeps_the_edit_and_saves_when_there_is_room(
    open_folder: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    assert window.view is not None
    view, canvas = window.view, page.bench.canvas
    full = EnvironmentFault("the disk is full; make room.")

    def fails(*_anything: object, **_more: object) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", fails)
        patch.setattr(type(view.project.store), "save_revision", fails)
        draw_block(town, page)
        town.qtbot.waitUntil(lambda: view.status.sentence == str(full))
        town.qtbot.keyClick(canvas, Qt.Key.Key_D)
        assert page.open_key == PairKey(0, "hall_1")
        assert canvas.session is not None
        assert len(canvas.session.annotation.shapes) == 1
    town.qtbot.waitUntil(lambda: view.project.journal.read("Mei") is not None)
    town.qtbot.keyClick(canvas, Qt.Key.Key_D)
    town.settled(window)
    assert view.project.store.pair(PairKey(0, "hall_1")).latest_revision is not None


def test_pair_whose_image_is_not_here_is_told(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    page.open_key_now(PairKey(0, "gone"))
    assert window.view is not None
    assert window.view.status.sentence == "The image gone is not here; its pair waits."
    assert page.open_key == PairKey(0, "hall_1")


def test_closed_group_says_who_opens_it(folder: Path, town: Any) -> None:
    page = pairs_of(town.open(folder, "Mei"))
    assert page.nothing.isVisible()
    assert page.nothing.words[0] == "g00 is not open yet"
    assert not page.bench.tools.findChildren(QPushButton, "none")
    assert not page.column.verdicts.finish.isEnabled()


def test_theme_changes_without_losing_the_edit(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    draw_block(town, page)
    town.qtbot.keyClick(page.bench.canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.settings.text("theme") == "light"
    assert page.bench.canvas.session is not None
    assert len(page.bench.canvas.session.annotation.shapes) == 1


def test_second_person_sees_who_works(open_folder: Path, town: Any) -> None:
    with open_project(open_folder) as project:
        project.store.take_lease(PairKey(0, "hall_1"), "Jonas", 30)
        page = pairs_of(town.open(open_folder, "Mei"))
        assert page.open_key == PairKey(0, "hall_2")
        page.open_key_now(PairKey(0, "hall_1"))
        assert page.opened_pair is not None
        assert page.opened_pair.read_only
        assert "Jonas is working on g00:hall_1" in page.opened_pair.refusal
        holders = [item.holder for item in page.strip.model.items]
    assert holders[0] == "Jonas"
    assert QApplication.focusWidget() is None or page.isVisible()


def test_group_without_work_names_the_groups_that_have_some(open_folder: Path, town: Any) -> None:
    with open_project(open_folder) as project:
        project.store.save_query_mask(2, town.drawn(), "Lena")
        project.store.approve_query_mask(2, "Lena")
        project.store.open_group(1, "Lena")
        for image in ("hall_1", "hall_2", "hall_3"):
            town.hand(project, image, "Mei", Verdict.SUBMITTED)
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    page.show_group(0)
    page.leave()
    assert page.nothing.words[0] == "No pair waits for you in g00"
    assert page.nothing.go.words == "Go on with g01"
    assert page.nothing.own.words == "Show my 3 pairs"
    town.click(page.nothing.own)
    assert [item.key.image for item in page.strip.model.items] == ["hall_1", "hall_2", "hall_3"]
    page.bench.canvas.setFocus()
    town.press(page.bench.canvas, Qt.Key.Key_Return)
    town.settled(window)
    assert page.open_key == PairKey(1, "tower_1")
    assert not page.nothing.isVisible()


def test_canvas_without_a_pair_offers_the_next_one(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    page.leave()
    town.settled(window)
    assert page.nothing.words[0] == "No pair is open"
    words = page.nothing.go.words
    town.click(page.nothing.go)
    town.settled(window)
    assert page.open_key is not None
    assert words == f"Take {page.open_key.image}"


def test_nothing_is_drawn_on_the_pair_before_while_the_next_photograph_is_decoded(
    open_folder: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    images = window.view.around.images
    monkeypatch.setattr(images, "ready", lambda _name: None)  # as if it had not been prefetched
    page.open_key_now(PairKey(0, "hall_2"))
    canvas = page.bench.canvas
    assert canvas.session is None
    town.outline(canvas, Qt.Key.Key_P, (20, 20), (60, 20), (60, 60))
    town.settled(window)
    assert page.open_key == PairKey(0, "hall_2")
    assert canvas.session is not None
    assert canvas.session.annotation.shapes == ()
    draw_block(town, page)
    assert len(canvas.session.annotation.shapes) == 1
    with open_project(open_folder) as project:
        assert project.store.pair(PairKey(0, "hall_1")).latest_revision is None


@pytest.mark.parametrize(("pause", "asks"), [(60_000, False), (1, True)], ids=["within the pause", "after it"])
def test_paging_asks_for_the_whole_queue_only_now_and_then(
    open_folder: Path, town: Any, monkeypatch: pytest.MonkeyPatch, pause: int, asks: bool
) -> None:
    asked: list[int | None] = []
    real = pair_queue.work_for

    def counted(project: Any, person: str, teaching: Any, group: int | None = None) -> Any:
        asked.append(group)
        return real(project, person, teaching, group)

    monkeypatch.setattr(pair_queue, "work_for", counted)
    monkeypatch.setattr(pair_queue, "PAUSE_MS", pause)
    window = town.open(open_folder, "Mei")
    page = pairs_of(window)
    assert None in asked  # once at the start
    asked.clear()
    for _ in range(3):
        page.step(1)
        town.settled(window)
    if asks:
        town.qtbot.waitUntil(lambda: None in asked)
    else:
        assert asked == []
    assert window.findChild(QLabel, "top.queue").text() == "3 in your queue"
