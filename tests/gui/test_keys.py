"""The keys that people know from the field, and that words typed into a field of text stay words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.remarks import pinned
from annotator.project.opening import open_project
from annotator.ui.keys import Keys
from annotator.ui.settings import Settings

PROMISED = {
    "tool.select": "V", "tool.polygon": "P", "tool.lasso": "L", "tool.rectangle": "R", "tool.brush": "B",
    "tool.eraser": "E", "tool.magnetic": "M", "tool.superpixel": "U", "tool.click-to-cut": "G", "tool.occluder": "O",
    "tool.hole": "H", "tool.cut": "X", "tool.smooth": "S", "tool.copy": "C", "tool.remark": "W",
    "brush.smaller": "[", "brush.larger": "]", "view.fit": "F", "view.blink": "Z", "premask.take": "T",
    "premask.next": "Shift+T", "finding.next": "F8", "place.next": "J", "place.previous": "Shift+J",
    "pass.approve": "Y", "pass.return": "N", "go.previous": "A", "go.next": "D", "go.queue": "Ctrl+D",
    "edit.undo": "Ctrl+Z", "edit.redo": "Ctrl+Shift+Z", "edit.save": "Ctrl+S", "pass.submit": "Ctrl+Enter",
    "window.keys": "F1", "window.rules": "F2", "dispute.1": "1", "dispute.2": "2", "dispute.3": "3",
    "dispute.merge": "G", "dispute.redraw": "R",
}  # fmt: skip
EVERY_LETTER = "The quick brown fox jumps over a lazy dog; WXYZ [1] is 2 3."


@pytest.mark.parametrize("name", PROMISED)
def test_the_keys_of_the_field_are_the_defaults(settings: Settings, name: str) -> None:
    assert Keys(settings).shown(name) == PROMISED[name]


def test_words_in_a_reply_take_no_tool(open_folder: Path, town: Any) -> None:
    with open_project(open_folder) as project:
        project.store.add_remark(PairKey(0, "hall_1"), pinned(50, 40), "Lena", "Look here.")
    window = town.open(open_folder, "Mei")
    page = window.view.page("pairs")
    page.open_key_now(PairKey(0, "hall_1"))
    town.settled(window)
    before, tool = page.open_key, page.bench.canvas.tool.name
    town.click(page.column.remarks.findChild(QWidget, "remarks.0"))
    reply = page.column.remarks.findChild(QLineEdit, "remarks.reply")
    reply.setFocus()
    town.qtbot.keyClicks(reply, EVERY_LETTER)
    assert reply.text() == EVERY_LETTER
    assert (page.open_key, page.bench.canvas.tool.name) == (before, tool)
    assert page.bench.canvas.session.annotation.shapes == ()


def test_words_in_a_reason_choose_no_pass(open_folder: Path, town: Any) -> None:
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
        town.hand(project, "hall_1", "Jonas", Verdict.ESCALATED)
    window = town.open(open_folder, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    page = window.view.page("disputes")
    town.qtbot.keyClicks(page.reason, EVERY_LETTER)
    assert page.reason.toPlainText() == EVERY_LETTER
    assert not page.settle_button.isEnabled()
    assert page.view.isVisible()


def test_words_in_the_note_draw_nothing(folder: Path, town: Any) -> None:
    window = town.open(folder, "Lena")
    page = window.view.page("queries")
    note = page.column.findChild(QPlainTextEdit, "group-note.text")
    tool, query = page.bench.canvas.tool.name, page.opened_query.record.number
    note.setFocus()
    town.qtbot.keyClicks(note, EVERY_LETTER)
    assert note.toPlainText() == EVERY_LETTER
    assert (page.bench.canvas.tool.name, page.opened_query.record.number) == (tool, query)
    window.view.show_mode("dashboard")  # leaving keeps what was typed
    town.settled(window)
    with open_project(folder) as project:
        assert project.store.group_records()[0].note == EVERY_LETTER


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_Y, Qt.Key.Key_N])
def test_keys_of_inspection_and_disputes_do_nothing_in_pass_1(open_folder: Path, town: Any, key: Qt.Key) -> None:
    window = town.open(open_folder, "Mei")
    page = window.view.page("pairs")
    opened, shapes = page.open_key, page.bench.canvas.session.annotation.shapes
    town.press(page.bench.canvas, key)
    town.settled(window)
    assert (page.open_key, page.bench.canvas.session.annotation.shapes) == (opened, shapes)
    with open_project(open_folder) as project:
        assert project.store.passes(opened) == ()
