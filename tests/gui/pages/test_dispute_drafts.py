"""A mask drawn anew for a dispute and the words to it: as safe as the edits of a pair, and never taken for others."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton

from annotator.domain.dataset import PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.project.opening import open_project
from annotator.store.journal import Journal
from qa import dispute_drafts, disputes

Key, Modifier = Qt.Key, Qt.KeyboardModifier
FIRST, SECOND = PairKey(0, "hall_1"), PairKey(0, "hall_2")
PORCH = ((10.0, 5.0), (30.0, 5.0), (30.0, 20.0))


@pytest.fixture
def two(open_folder: Path, town: Any) -> Path:
    """Two pairs that Jonas escalated in pass 2; Lena and Noor are researchers."""
    with open_project(open_folder) as project:
        project.store.add_person("Noor", PersonRole.RESEARCHER)
        for image in ("hall_1", "hall_2"):
            town.hand(project, image, "Mei", Verdict.SUBMITTED)
            town.hand(project, image, "Jonas", Verdict.ESCALATED, town.drawn(3.0))
    return open_folder


def open_page(town: Any, folder: Path, person: str = "Lena") -> Any:
    window = town.open(folder, person)
    window.view.show_mode("disputes")
    town.settled(window)
    return window.view.page("disputes")


def redraw(town: Any, page: Any) -> Any:
    """Take the canvas as the key does; the session that is drawn in."""
    town.press(page, Key.Key_R)
    town.qtbot.waitUntil(lambda: page.bench.canvas.isVisible())
    return page.bench.canvas.session


def draw_porch(town: Any, page: Any) -> Any:
    session = redraw(town, page)
    town.outline(page.bench.canvas, Key.Key_P, *PORCH)
    return session.annotation


def kept(page: Any, key: PairKey = FIRST, person: str = "Lena") -> Any:
    """What the disk holds of a draft on the pair's present passes."""
    project = page.around.project
    latest = max(record.id for record in project.store.passes(key))
    return dispute_drafts.drafts(project, key, latest).read(person)


def waits(town: Any, page: Any) -> None:
    """Wait for the journal, which is written by itself."""
    town.qtbot.waitUntil(lambda: kept(page, page.open_key) is not None and not page.drafts.opened.unkept)


def button(page: Any, name: str) -> QPushButton:
    found: QPushButton = page.findChild(QPushButton, f"dispute.{name}")
    return found


def offered(page: Any) -> str:
    said = page.findChild(QLabel, "dispute.draft")
    return str(said.text()) if said.isVisible() else ""


def lines(page: Any, key: PairKey) -> list[str]:
    """What the list says of a pair."""
    rows = [page.list.body.itemAt(at).widget() for at in range(page.list.body.count())]
    (row,) = [row for row in rows if row.objectName() == f"disputes.{key}"]
    return [label.text() for label in row.findChildren(QLabel)]


def answer(monkeypatch: pytest.MonkeyPatch, chosen: QMessageBox.StandardButton) -> list[str]:
    asked: list[str] = []

    def question(_parent: Any, _title: str, text: str, *_more: Any) -> QMessageBox.StandardButton:
        asked.append(text)
        return chosen

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def test_a_new_window_after_a_crash_goes_on_with_mask_and_words(two: Path, town: Any) -> None:
    page = open_page(town, two)
    town.press(page.view, Key.Key_D)
    assert page.open_key == SECOND
    drawn = draw_porch(town, page)
    town.qtbot.keyClicks(page.reason, "The porch is in.")
    town.qtbot.keyClicks(page.form.rule, "Porches are in.")
    waits(town, page)
    again = open_page(town, two)  # the first window was never left
    assert again.open_key == SECOND
    assert again.form.texts == ("The porch is in.", "Porches are in.")
    assert lines(again, SECOND)[-1].startswith("begun, g00")
    assert not lines(again, FIRST)[-1].startswith("begun")
    assert offered(again).startswith("Drawn anew today")
    assert button(again, "redraw").accessibleName() == "Go on with your mask"
    assert not again.settle_button.isEnabled()  # it is offered, and not chosen
    assert redraw(town, again).annotation == drawn
    town.click(again.settle_button)
    with open_project(two) as project:
        assert project.store.pair(SECOND).state is PairState.AFTER_2
        (decision,) = project.store.decisions(SECOND)
        assert decision.reason == "The porch is in."
        assert project.store.revision(decision.revision) == drawn
        assert dispute_drafts.begun(project, (FIRST, SECOND), "Lena") == frozenset()


KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from annotator.ui.application import make_application
from annotator.ui.settings import Settings
from annotator.ui.window import Window
folder = Path(sys.argv[1])
settings = Settings(Path(sys.argv[2]))
settings.set_text("premasks", "off")
app = make_application(settings)
window = Window(settings)
window.resize(1400, 900)
window.show()
assert window.enter(folder, "Lena", None)
window.view.show_mode("disputes")
page = window.view.page("disputes")
def until(holds):
    while not holds():
        app.processEvents()
until(lambda: page.open_key is not None and window.view.around.workers.busy == 0)
QTest.keyClick(page.view, Qt.Key.Key_R)
until(page.bench.canvas.isVisible)
canvas = page.bench.canvas
QTest.keyClick(canvas, Qt.Key.Key_P)
for x, y in ((10, 5), (30, 5), (30, 20)):
    left, top = canvas.view.to_widget((x, y))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(left), round(top)))
QTest.keyClick(canvas, Qt.Key.Key_Return)
QTest.keyClicks(page.reason, "The porch is in.")
until(lambda: not page.drafts.opened.unkept)
print(len(canvas.session.annotation.shapes), flush=True)
until(lambda: False)
"""


def test_a_killed_process_loses_nothing(two: Path, town: Any, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(two), str(tmp_path / "killed.ini")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "2\n"
        process.send_signal(signal.SIGKILL)
    page = open_page(town, two)
    assert page.open_key == FIRST
    assert page.form.texts == ("The porch is in.", "")
    assert len(redraw(town, page).annotation.shapes) == 2


def test_words_wait_for_who_looks_at_another_pair(two: Path, town: Any) -> None:
    page = open_page(town, two)
    town.qtbot.keyClicks(page.reason, "The porch is in.")
    town.press(page.view, Key.Key_D)
    assert (page.open_key, page.form.texts) == (SECOND, ("", ""))
    assert offered(page) == ""
    town.press(page.view, Key.Key_A)
    assert (page.open_key, page.form.texts) == (FIRST, ("The porch is in.", ""))
    page.reason.clear()
    town.press(page.view, Key.Key_D)
    assert kept(page) is None
    assert not lines(page, FIRST)[-1].startswith("begun")


def test_another_researcher_sees_nothing_of_it(two: Path, town: Any) -> None:
    page = open_page(town, two)
    draw_porch(town, page)
    town.qtbot.keyClicks(page.reason, "The porch is in.")
    waits(town, page)
    other = open_page(town, two, "Noor")
    assert (other.open_key, other.form.texts, offered(other)) == (FIRST, ("", ""), "")
    assert not lines(other, FIRST)[-1].startswith("begun")
    assert redraw(town, other).annotation == town.drawn(3.0)


def test_it_meets_neither_the_own_pass_nor_its_journal(two: Path, town: Any) -> None:
    window = town.open(two, "Lena")
    pairs = window.view.page("pairs")
    pairs.open_key_now(PairKey(0, "hall_3"))
    town.settled(window)
    town.outline(pairs.bench.canvas, Key.Key_P, *town.block)
    town.qtbot.waitUntil(lambda: window.view.project.journal.read("Lena") is not None)
    own = window.view.project.journal.read("Lena")
    page = open_page(town, two)
    journal = page.around.project.journal
    journal.write(own)  # as where the project did not take it when the pair was left
    draw_porch(town, page)
    waits(town, page)
    town.press(page.bench.canvas, Key.Key_D)
    assert journal.read("Lena") == own
    with open_project(two) as project:
        disputes.settle(project, FIRST, "Noor", town.drawn(1.0), "nearly")
    third = town.open(two, "Lena").view.page("pairs")
    third.open_key_now(FIRST)
    town.settled(third.window())
    assert third.opened_pair.pass_number == 3
    assert third.bench.canvas.session.annotation == town.drawn(1.0)


@pytest.fixture
def overtaken(two: Path, town: Any) -> Any:
    """The page with a draft of Lena's on passes that are not the newest any more: Jonas did pass 2 once more."""
    page = open_page(town, two)
    draw_porch(town, page)
    town.qtbot.keyClicks(page.reason, "The porch is in.")
    waits(town, page)
    assert page.window().close()
    with open_project(two) as project:
        disputes.settle(project, FIRST, "Noor", None, "look again", resume=True)
        town.hand(project, "hall_1", "Jonas", Verdict.ESCALATED, town.drawn(4.0))
    page = open_page(town, two)
    if page.open_key != FIRST:
        page.open_now(FIRST)
    return page


def test_on_changed_passes_it_is_told_and_not_applied(overtaken: Any, town: Any) -> None:
    page = overtaken
    assert page.form.texts == ("", "")
    assert offered(page).startswith("Begun today")
    assert offered(page).endswith("before its passes changed.")
    assert button(page, "redraw").accessibleName() == "Redraw on the canvas"
    session = redraw(town, page)
    assert session.annotation == town.drawn(4.0)
    assert not session.can_undo


def test_on_changed_passes_it_can_be_brought_back(overtaken: Any, town: Any) -> None:
    page = overtaken
    town.click(button(page, "bring-back"))
    town.qtbot.waitUntil(lambda: page.bench.canvas.isVisible())
    assert len(page.bench.canvas.session.annotation.shapes) == 2
    assert page.form.texts == ("The porch is in.", "")
    assert page.settle_button.accessibleName() == "Settle with this mask"
    town.press(page.bench.canvas, Key.Key_Z, Modifier.ControlModifier)
    assert page.bench.canvas.session.annotation == town.drawn(4.0)


def test_passes_that_change_while_the_window_is_open_are_noticed(two: Path, town: Any) -> None:
    page = open_page(town, two)
    draw_porch(town, page)
    with open_project(two) as project:
        disputes.settle(project, FIRST, "Noor", None, "look again", resume=True)
        town.hand(project, "hall_1", "Jonas", Verdict.ESCALATED, town.drawn(4.0))
    town.press(page.bench.canvas, Key.Key_D)
    town.press(page.view, Key.Key_A)
    assert page.open_key == FIRST
    assert offered(page).startswith("Begun today")
    assert redraw(town, page).annotation == town.drawn(4.0)


def test_what_another_researcher_settles_meanwhile_stays_on_the_disk(two: Path, town: Any) -> None:
    page = open_page(town, two)
    draw_porch(town, page)
    with open_project(two) as project:
        for key in (FIRST, SECOND):
            disputes.settle(project, key, "Noor", town.drawn(1.0), "nearly")
    page.around.top.mode_chosen.emit("pairs")
    page.around.top.mode_chosen.emit("disputes")
    town.settled(page.window())
    assert (page.open_key, page.drafts.opened, page.drafts.keeper.drawing) == (None, None, None)
    assert len(kept(page).annotation.shapes) == 2


def test_it_is_thrown_away_when_the_person_says_so_twice(two: Path, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(town, two)
    drawn = draw_porch(town, page)
    town.press(page.bench.canvas, Key.Key_1)
    assert offered(page) == "Drawn anew, not settled yet."
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    town.click(button(page, "throw-away"))
    assert asked == ["Throw away what you began on hall_1? It cannot be brought back."]
    waits(town, page)
    assert kept(page).annotation == drawn
    answer(monkeypatch, QMessageBox.StandardButton.Discard)
    town.click(button(page, "throw-away"))
    assert (kept(page), offered(page)) == (None, "")
    assert not lines(page, FIRST)[-1].startswith("begun")
    assert redraw(town, page).annotation == town.drawn()  # of pass 1, which is chosen
    assert page.window().close()
    assert kept(open_page(town, two)) is None


@pytest.mark.parametrize("name", ["settle", "again"])
def test_settled_or_sent_back_it_is_gone(two: Path, town: Any, name: str) -> None:
    page = open_page(town, two)
    draw_porch(town, page)
    waits(town, page)
    town.press(page.bench.canvas, Key.Key_2)
    town.qtbot.keyClicks(page.reason, "So it is.")
    town.click(button(page, name))
    town.settled(page.window())
    with open_project(two) as project:
        assert project.store.pair(FIRST).state is not PairState.ESCALATED
        assert dispute_drafts.begun(project, (FIRST,), "Lena") == frozenset()


def test_a_full_disk_is_told_keeps_the_mask_and_takes_it_when_there_is_room(
    two: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(town, two)
    status = page.around.status
    full = EnvironmentFault("the disk is full; make room.")

    def fails(*_anything: object) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", fails)
        drawn = draw_porch(town, page)
        town.qtbot.waitUntil(lambda: status.sentence == str(full))
        town.press(page.bench.canvas, Key.Key_D)
        page.around.top.mode_chosen.emit("pairs")
        assert (page.open_key, page.isVisible()) == (FIRST, True)
        assert page.bench.canvas.session.annotation == drawn
    waits(town, page)
    assert kept(page).annotation == drawn
    assert status.sentence != str(full)
    town.press(page.bench.canvas, Key.Key_D)
    assert page.open_key == SECOND


def test_a_project_folder_that_is_taken_away_is_told_and_nothing_is_lost(two: Path, town: Any) -> None:
    page = open_page(town, two)
    away = two.with_name("Away")
    redraw(town, page)
    two.rename(away)
    town.outline(page.bench.canvas, Key.Key_P, *PORCH)
    town.qtbot.waitUntil(lambda: "cannot be kept on the disk" in page.around.status.sentence)
    assert not two.exists()
    away.rename(two)
    waits(town, page)
    assert len(kept(page).annotation.shapes) == 2


def test_a_sentence_of_the_page_stays_while_words_are_kept(two: Path, town: Any) -> None:
    page = open_page(town, two)
    town.press(page.view, Key.Key_1)
    town.qtbot.keyClicks(page.form.rule, "Porches are in.")
    town.click(page.settle_button)
    waits(town, page)
    assert page.around.status.sentence.startswith("A decision needs a reason")
