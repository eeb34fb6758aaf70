"""The note of a group: what is new in it, and how tall it may be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from annotator.ui.panels.note import MOST, NotePanel

RULE = "2026-03-01, hall_1, Lena: Scaffolding stays inside."


@pytest.fixture
def panel(qtbot: QtBot) -> NotePanel:
    made = NotePanel()
    qtbot.addWidget(made)
    made.resize(304, 300)
    made.show()
    return made


def text(panel: NotePanel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


@pytest.mark.parametrize(
    ("note", "before", "old", "new"),
    [
        ("The hall.", None, "The hall.", ""),
        ("The hall.", "The hall.", "The hall.", ""),
        (f"The hall.\n{RULE}", "The hall.", "The hall.", RULE),
        (RULE, "", "", RULE),
        ("The tower.", "The hall.", "", "The tower."),
        ("", None, "No note yet. A researcher writes what the queries mean together.", ""),
        (None, None, "", ""),
    ],
)
def test_what_was_added_is_told_apart(
    panel: NotePanel, note: str | None, before: str | None, old: str, new: str
) -> None:
    panel.set_note(note, before)
    assert (text(panel, "note.text"), text(panel, "note.new")) == (old, new)
    assert panel.detail == ("changed" if new else "")
    seen = panel.findChild(QPushButton, "note.seen")
    assert seen is not None
    assert seen.isVisible() == bool(new)


def test_reading_is_told(panel: NotePanel, qtbot: QtBot) -> None:
    panel.set_note(RULE, "")
    with qtbot.waitSignal(panel.read):
        qtbot.mouseClick(panel.findChild(QPushButton, "note.seen"), Qt.MouseButton.LeftButton)


def test_a_long_note_scrolls_and_shows_what_is_new(panel: NotePanel, qtbot: QtBot) -> None:
    panel.set_note("The hall.", None)
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    assert scroll.height() < 60
    long = "\n".join(f"Rule {number}: what is seen belongs to it, what hides it does not." for number in range(40))
    panel.set_note(f"{long}\n{RULE}", long)
    assert scroll.height() == MOST
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().value() == scroll.verticalScrollBar().maximum() > 0)
