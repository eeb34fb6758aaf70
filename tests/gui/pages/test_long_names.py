"""Names of any length: no page becomes wider than the window, and nothing that can be pressed leaves it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole, Verdict
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project.create import create_project
from annotator.project.opening import open_project
from annotator.ui.widgets.buttons import ChooserButton, KeyButton

LONG = "from_the_archive_of_the_museum_" * 3
RESEARCHER = "Professor Maximiliane von Hohenlohe-Waldenburg-Schillingsfürst"
ANNOTATOR = "Wolfeschlegelsteinhausenbergerdorff Senior Annotator"
SIZE = (160, 120)


@pytest.fixture
def long_names(tmp_path: Path, town: Any) -> Path:
    """A project in which everything has a long name: one pair after pass 1 with a remark, one escalated."""
    images = tmp_path / "images"
    images.mkdir()
    queries, names = [f"{LONG}q{n}" for n in range(3)], [f"{LONG}i{n}" for n in range(3)]
    for name in (*queries, *names):
        Image.new("RGB", SIZE, (90, 140, 200)).save(images / f"{name}.png")
    group = {"bbx": [30, 20, 120, 100], "easy": [0, 1], "hard": [2], "junk": []}
    truth = {"imlist": names, "qimlist": queries, "gnd": [group] * 3}
    file = tmp_path / "gnd_long.pkl"
    file.write_bytes(pickle.dumps(truth))
    block = Annotation(SIZE, (Shape("1", Role.OBJECT, polygon(town.block)),))
    folder = tmp_path / f"The_benchmark_{LONG}"
    with create_project(folder, file, images) as project:
        store = project.store
        store.add_person(RESEARCHER, PersonRole.RESEARCHER)
        for name in (ANNOTATOR, "Jonas"):
            store.add_person(name, PersonRole.ANNOTATOR)
        for number in (0, 1):
            store.save_query_mask(number, block, RESEARCHER)
            store.approve_query_mask(number, RESEARCHER)
        store.set_note(0, f"The hall, see {LONG}.", RESEARCHER)
        store.open_group(0, RESEARCHER)
    with open_project(folder) as project:
        town.hand(project, names[0], ANNOTATOR, Verdict.SUBMITTED, block)
        town.hand(project, names[1], ANNOTATOR, Verdict.ESCALATED, block)
    return folder


def too_wide(window: QWidget) -> list[str]:
    """Columns that hold more than they show from left to right: they scroll up and down only."""
    return [
        scroll.parentWidget().objectName()
        for scroll in window.findChildren(QScrollArea)
        if scroll.isVisible() and scroll.widget().width() > scroll.viewport().width()
    ]


def outside(window: QWidget) -> list[str]:
    """Buttons of the window that stand out of it to the right."""
    buttons = [one for one in window.findChildren(QAbstractButton) if one.isVisible() and one.window() is window]
    return [one.objectName() for one in buttons if one.mapTo(window, one.rect().topRight()).x() >= window.width()]


def cut_tabs(window: QWidget) -> list[str]:
    """Modes whose names are not whole."""
    tabs = [one for one in window.findChildren(QAbstractButton) if one.objectName().startswith("tab.")]
    return [tab.text() for tab in tabs if tab.width() < tab.minimumSizeHint().width()]


@pytest.mark.parametrize("width", [1024, 1280])
@pytest.mark.parametrize(
    ("person", "modes"),
    [(RESEARCHER, ("queries", "disputes", "remarks", "dashboard", "pairs")), (ANNOTATOR, ("pairs", "dashboard"))],
)
def test_no_page_becomes_wider_than_the_window(
    long_names: Path, town: Any, width: int, person: str, modes: tuple[str, ...]
) -> None:
    window = town.open(long_names, person)
    window.resize(width, 720)
    for mode in modes:
        window.view.show_mode(mode)
        town.settled(window)
        assert window.width() == width
        assert (mode, too_wide(window), outside(window), cut_tabs(window)) == (mode, [], [], [])


def test_the_name_of_the_image_gives_way_in_its_middle(long_names: Path, town: Any) -> None:
    window = town.open(long_names, RESEARCHER)
    window.resize(1280, 720)
    window.view.show_mode("queries")
    town.settled(window)
    name = window.findChild(QLabel, "top.image")
    assert name.text() == f"{LONG}q2"  # the first query without a mask
    assert "…" in name.shown
    assert name.shown.endswith("q2")
    assert name.toolTip() == f"{LONG}q2"


def test_the_start_page_keeps_what_waits_beside_a_long_name(long_names: Path, town: Any) -> None:
    window = town.open(long_names, RESEARCHER)
    window.resize(1280, 720)
    window.act("window.start")

    def told() -> list[QLabel]:
        return [label for label in window.findChildren(QLabel) if label.text() == "1 dispute to settle"]

    def whole() -> bool:
        return all(label.width() >= label.fontMetrics().horizontalAdvance(label.text()) for label in told())

    town.qtbot.waitUntil(lambda: len(told()) == 1 and whole())  # the page is laid out a moment after it was filled
    go = window.findChild(KeyButton, "start.continue")
    assert go.words == f"Continue as {RESEARCHER}"
    assert outside(window) == []


def test_a_long_word_in_a_note_breaks_and_is_read_as_it_was_written(long_names: Path, town: Any) -> None:
    window = town.open(long_names, ANNOTATOR)
    window.resize(1280, 720)
    note = window.findChild(QLabel, "note.text")
    town.qtbot.waitUntil(lambda: note.width() < 280)
    assert note.text() == f"The hall, see {LONG}."
    assert note.heightForWidth(note.width()) > 2 * note.fontMetrics().height()
    assert note.minimumSizeHint().width() < 240


def test_a_person_with_a_long_name_can_be_chosen_in_a_narrow_window(long_names: Path, town: Any) -> None:
    window = town.open(long_names, ANNOTATOR)
    window.resize(1024, 640)
    person = window.findChild(ChooserButton, "top.person")
    town.qtbot.waitUntil(lambda: window.width() == 1024)
    assert person.accessibleDescription() == f"{ANNOTATOR} annotator"
    assert person.mapTo(window, person.rect().topRight()).x() < 1024
