"""The list of disputes, worst first, and the rule that a decision adds to the note of the group."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.project.opening import open_project
from annotator.ui.pages import disputes_page

FIRST, SECOND, THIRD = (PairKey(0, f"hall_{number}") for number in (1, 2, 3))


@pytest.fixture
def three(open_folder: Path, town: Any) -> Path:
    """hall_1 was escalated, hall_2 and hall_3 are in dispute; hall_3 has the lower agreement."""
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.ESCALATED)
        for image, moved in (("hall_2", 20.0), ("hall_3", 40.0)):
            town.hand(project, image, "Mei", Verdict.SUBMITTED)
            town.hand(project, image, "Jonas", Verdict.REFINED, town.drawn(1.0))
            town.hand(project, image, "Amara", Verdict.REFINED, town.drawn(moved))
    return open_folder


def disputes(town: Any, folder: Path) -> tuple[Any, Any]:
    window = town.open(folder, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    return window, window.view.page("disputes")


def names(page: Any) -> list[str]:
    lines = [page.list.body.itemAt(at).widget() for at in range(page.list.body.count())]
    return [line.objectName().removeprefix("disputes.") for line in lines]


def number(page: Any, key: PairKey) -> QLabel | None:
    found: QLabel | None = page.list.findChild(QLabel, f"disputes.{key}.agreement")
    return found


def shown(page: Any, name: str) -> str:
    found = page.queries.note.findChild(QLabel, name)
    assert found is not None
    return str(found.text()) if found.isVisible() else ""


def test_the_list_is_ordered_by_agreement_and_shows_it(three: Path, town: Any) -> None:
    _window, page = disputes(town, three)
    assert names(page) == [str(THIRD), str(SECOND), str(FIRST)]
    assert page.open_key == THIRD
    # Blocks of 71 columns, 40 and 20 columns apart: 31 of 111 and 51 of 91 are common.
    assert number(page, THIRD).text() == "0.28"
    assert number(page, SECOND).text() == "0.56"
    assert number(page, FIRST) is None
    assert page.list.detail == "3, lowest agreement first"
    town.press(page.view, Qt.Key.Key_D)
    assert page.open_key == SECOND
    assert names(page) == [str(THIRD), str(SECOND), str(FIRST)]


def test_the_passes_are_shown_while_they_are_still_compared(
    three: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _window, page = disputes(town, three)
    go_on = threading.Event()
    compared = disputes_page.compared

    def slowly(found: Any, rules: Any) -> Any:
        go_on.wait(20)
        return compared(found, rules)

    monkeypatch.setattr(disputes_page, "compared", slowly)
    town.press(page.view, Qt.Key.Key_D)
    town.press(page.view, Qt.Key.Key_D)
    assert page.open_key == FIRST
    town.press(page.view, Qt.Key.Key_A)
    assert page.open_key == SECOND
    town.qtbot.waitUntil(lambda: page.view.findChildren(QPushButton, "dispute.choose3")[-1].isVisible())
    assert "0.560" not in texts(page.view)
    town.press(page.view, Qt.Key.Key_2)
    assert page.settle_button.accessibleName() == "Settle with pass 2"
    go_on.set()
    town.qtbot.waitUntil(lambda: "0.560" in texts(page.view))
    assert "0.279" not in texts(page.view)  # of the pair that was looked at before


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def test_after_a_decision_the_worst_that_is_left_opens_at_once(three: Path, town: Any) -> None:
    _window, page = disputes(town, three)
    town.press(page.view, Qt.Key.Key_1)
    town.qtbot.keyClicks(page.reason, "Pass 1 is right.")
    town.click(page.settle_button)
    assert names(page) == [str(SECOND), str(FIRST)]
    assert page.open_key == SECOND
    assert page.form.texts == ("", "")


def test_where_nothing_waits_there_is_nothing_to_fill_in(open_folder: Path, town: Any) -> None:
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.ESCALATED)
    window, page = disputes(town, open_folder)
    assert page.form.isVisible()
    town.press(page.view, Qt.Key.Key_1)
    town.qtbot.keyClicks(page.reason, "Pass 1 is right.")
    town.click(page.settle_button)
    town.settled(window)
    assert not page.form.isVisible()
    assert window.findChild(QWidget, "disputes.why").isHidden()
    assert page.open_key is None
    with open_project(open_folder) as project:
        town.hand(project, "hall_2", "Jonas", Verdict.ESCALATED)
    window.view.show_mode("dashboard")
    window.view.show_mode("disputes")
    town.settled(window)
    assert page.open_key == SECOND
    assert page.form.isVisible()


def test_a_rule_that_is_clarified_goes_into_the_note(three: Path, town: Any) -> None:
    window, page = disputes(town, three)
    town.press(page.view, Qt.Key.Key_2)
    town.qtbot.keyClicks(page.form.rule, "Scaffolding stays inside.")
    town.click(page.settle_button)
    assert window.view.status.sentence.startswith("A decision needs a reason")
    assert page.form.texts == ("", "Scaffolding stays inside.")
    town.qtbot.keyClicks(page.reason, "It hides nothing.")
    town.click(page.settle_button)
    assert window.view.status.sentence == "hall_3 is settled, the rule is in the note of g00."
    with open_project(three) as project:
        assert project.store.pair(THIRD).state is PairState.DONE
        (decision,) = project.store.decisions(THIRD)
        assert decision.reason == "It hides nothing."
        old, new = project.store.group_records()[0].note.split("\n")
        assert old == "The hall without its wings."
        assert new == f"{decision.at:%Y-%m-%d}, hall_3, Lena: Scaffolding stays inside."
    # Who wrote the rule knows it.
    assert "Scaffolding stays inside." in shown(page, "note.text")
    assert shown(page, "note.new") == ""


def test_sending_back_can_clarify_a_rule_too(three: Path, town: Any) -> None:
    _window, page = disputes(town, three)
    town.qtbot.keyClicks(page.reason, "See the note.")
    town.qtbot.keyClicks(page.form.rule, "Wings stay out.")
    town.click(page.findChild(QPushButton, "dispute.again"))
    with open_project(three) as project:
        assert project.store.pair(THIRD).state is PairState.AFTER_2
        assert project.store.group_records()[0].note.endswith("hall_3, Lena: Wings stay out.")


def test_everybody_else_sees_that_the_note_changed_until_it_is_read(open_folder: Path, town: Any) -> None:
    first = town.open(open_folder, "Mei")
    page = first.view.page("pairs")
    assert shown(page, "note.text") == "The hall without its wings."
    assert shown(page, "note.new") == ""
    assert page.queries.note.detail == ""
    first.close()
    with open_project(open_folder) as project:
        project.store.set_note(0, "The hall without its wings.\n2026-03-01, hall_1, Lena: Steps are in.", "Lena")
    again = town.open(open_folder, "Mei")
    page = again.view.page("pairs")
    assert page.queries.note.detail == "changed"
    assert shown(page, "note.text") == "The hall without its wings."
    assert shown(page, "note.new") == "2026-03-01, hall_1, Lena: Steps are in."
    town.click(page.queries.note.findChild(QPushButton, "note.seen"))
    assert page.queries.note.detail == ""
    assert shown(page, "note.text").endswith("Steps are in.")
    again.close()
    third = town.open(open_folder, "Mei")
    assert third.view.page("pairs").queries.note.detail == ""
    third.close()
    # Jonas never opened the group here: all of it is new to him, so nothing is marked.
    jonas = town.open(open_folder, "Jonas")
    assert jonas.view.page("pairs").queries.note.detail == ""


def test_a_note_that_changes_while_the_group_is_open_is_marked(open_folder: Path, town: Any) -> None:
    window = town.open(open_folder, "Mei")
    page = window.view.page("pairs")
    with open_project(open_folder) as project:
        project.store.set_note(0, "The hall with its wings.", "Lena")
    town.press(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    town.press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    assert shown(page, "note.new") == "The hall with its wings."
    assert shown(page, "note.text") == ""


def test_in_the_smallest_window_numbers_passes_and_choices_are_whole(three: Path, town: Any) -> None:
    window, page = disputes(town, three)
    window.resize(window.minimumSize())
    town.settled(window)
    assert window.width() == 1024
    labels = {found.text(): found for found in page.view.findChildren(QLabel) if found.isVisible()}
    # Blocks of 71 × 61 pixels: the first two are 1 column apart, the third 39 and 40 columns from them.
    for text in ("Pass 1", "Pass 2", "Pass 3", "1 and 2", f"{70 / 72:.3f}", f"{31 / 111:.3f}", f"{32 / 110:.3f}"):
        assert labels[text].width() >= labels[text].fontMetrics().horizontalAdvance(text), text
    counts = [found for text, found in labels.items() if text.endswith(" px")]
    assert len(counts) >= 3
    for found in counts:
        cut = found.width() < found.fontMetrics().horizontalAdvance(found.text())
        assert not cut or found.toolTip() == found.text()
    for each in (1, 2, 3):
        button = page.view.findChild(QPushButton, f"dispute.choose{each}")
        assert button.width() >= button.minimumSizeHint().width()
        assert button.mapTo(window, button.rect().bottomRight()).x() < page.list.mapTo(window, QPoint()).x()
