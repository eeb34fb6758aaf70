"""The note of a group while a researcher writes it: rests, other queries, other groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.project.opening import open_project


@pytest.fixture
def window(folder: Path, town: Any) -> Any:
    return town.open(folder, "Lena")


@pytest.fixture
def note(window: Any) -> Any:
    """The field of the note, with the cursor in it."""
    field = window.view.page("queries").column.findChild(QPlainTextEdit, "group-note.text")
    field.setFocus()
    return field


def test_a_rest_after_a_space_does_not_disturb_the_note(folder: Path, town: Any, window: Any, note: Any) -> None:
    town.qtbot.keyClicks(note, "The hall ")
    town.qtbot.waitUntil(lambda: stored_note(folder) == "The hall")  # typing rested, it was kept
    town.settled(window)
    town.qtbot.keyClicks(note, "without its wings.")
    assert note.toPlainText() == "The hall without its wings."


def test_words_of_the_note_outlive_going_to_another_query(folder: Path, town: Any, window: Any, note: Any) -> None:
    page = window.view.page("queries")
    town.qtbot.keyClicks(note, "The hall without")
    town.click(page.column.findChild(QWidget, "group-queries.1"))
    assert page.opened_query.record.number == 1
    assert note.toPlainText() == "The hall without"
    town.qtbot.waitUntil(lambda: stored_note(folder) == "The hall without")
    town.settled(window)
    town.click(window.findChild(QWidget, "groups.g01"))
    assert note.toPlainText() == ""
    town.click(window.findChild(QWidget, "groups.g00"))
    assert note.toPlainText() == "The hall without"


def stored_note(folder: Path) -> str:
    with open_project(folder) as project:
        return str(project.store.group_records()[0].note)
