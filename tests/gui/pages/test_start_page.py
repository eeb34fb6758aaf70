"""The start page: who continues, and where."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.passes import PersonRole
from annotator.ui.pages.start_page import PersonEntry, StartPage
from annotator.ui.panels.project_line import ProjectEntry


def test_start_page_continues_as_somebody(stage: Any, qtbot: QtBot, tmp_path: Path) -> None:
    page = stage.show(StartPage("1.0.0"), 1200, 800)
    entered: list[tuple[Any, ...]] = []
    page.entered.connect(lambda *who: entered.append(who))
    page.project_chosen.connect(
        lambda _folder: page.set_people(
            "Town",
            [PersonEntry("Mei", PersonRole.ANNOTATOR, ""), PersonEntry("Lena", PersonRole.RESEARCHER, "")],
            "Lena",
        )
    )
    page.set_projects([ProjectEntry(tmp_path, "Town", "2 query groups, 5 pairs", "This computer", 0.4, "today, 14:02")])
    button = page.findChild(QPushButton, "start.continue")
    assert button.text() == ""
    assert button.accessibleName() == "Continue as Lena"
    stage.click(button)
    stage.click(page.findChild(QWidget, "person.Mei"))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.keyClicks(page.findChild(QLineEdit, "start.name"), "Amara")
    qtbot.keyClick(page.findChild(QLineEdit, "start.name"), Qt.Key.Key_Return)
    assert entered == [
        (tmp_path, "Lena", None),
        (tmp_path, "Mei", None),
        (tmp_path, "Amara", PersonRole.ANNOTATOR),
    ]


def crowd(stage: Any, tmp_path: Path, people: int, projects: int, last: str = "") -> Any:
    """The page in a small window with so many people and projects."""
    page = stage.show(StartPage("1.0.0"), 1024, 640)
    page.project_chosen.connect(
        lambda _folder: page.set_people(
            "Town",
            [PersonEntry(f"Person {n:02d}", PersonRole.ANNOTATOR, "nothing waits") for n in range(people)],
            last,
        )
    )
    page.set_projects(
        [ProjectEntry(tmp_path / str(n), f"Town {n}", "5 pairs", "here", 0.4, "today") for n in range(projects)]
    )
    first = page.findChild(QWidget, "project.Town 0")
    stage.qtbot.waitUntil(lambda: in_sight(first) and in_sight(page.findChild(QWidget, "start.continue")))
    return page


def in_sight(widget: QWidget) -> bool:
    """Whether all of a widget shows, up and down."""
    return bool(widget.visibleRegion().boundingRect().height() == widget.height())


def test_a_large_team_scrolls_and_nobody_stands_on_another(stage: Any, tmp_path: Path) -> None:
    page = crowd(stage, tmp_path, 30, 1)
    lines = [page.findChild(QWidget, f"person.Person {n:02d}") for n in range(30)]
    tops = [line.mapTo(page, line.rect().topLeft()).y() for line in lines]
    assert all(after - before >= 48 for before, after in pairwise(tops))
    assert in_sight(lines[0])
    assert in_sight(lines[2])
    assert not in_sight(lines[29])
    assert in_sight(page.findChild(QWidget, "start.name"))
    assert in_sight(page.findChild(QWidget, "start.continue"))


def test_whoever_worked_here_last_is_in_sight(stage: Any, qtbot: QtBot, tmp_path: Path) -> None:
    page = crowd(stage, tmp_path, 30, 1, "Person 27")
    line = page.findChild(QWidget, "person.Person 27")
    qtbot.waitUntil(lambda: in_sight(line))
    assert page.findChild(QPushButton, "start.continue").accessibleName() == "Continue as Person 27"


def test_the_keyboard_goes_down_the_list_and_the_list_follows(stage: Any, qtbot: QtBot, tmp_path: Path) -> None:
    page = crowd(stage, tmp_path, 30, 1)
    entered: list[tuple[Any, ...]] = []
    page.entered.connect(lambda *who: entered.append(who))
    radio = page.findChild(QRadioButton, "person.Person 00.radio")
    radio.setFocus()
    for _ in range(29):
        qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: in_sight(page.findChild(QWidget, "person.Person 29")))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert entered == [(tmp_path / "0", "Person 29", None)]


def test_a_dozen_projects_scroll_above_the_ways_to_another(stage: Any, tmp_path: Path) -> None:
    page = crowd(stage, tmp_path, 2, 12)
    lines = [page.findChild(QWidget, f"project.Town {n}") for n in range(12)]
    assert in_sight(lines[0])
    assert not in_sight(lines[11])
    for way in ("open", "new", "join", "demo"):
        assert in_sight(page.findChild(QWidget, f"start.{way}"))


def test_few_people_and_projects_need_no_scrolling(stage: Any, tmp_path: Path) -> None:
    page = crowd(stage, tmp_path, 3, 2)
    shown_lines = [f"person.Person {n:02d}" for n in range(3)] + ["project.Town 0", "project.Town 1"]
    assert all(in_sight(page.findChild(QWidget, name)) for name in shown_lines)
    bars = [bar for bar in page.findChildren(QScrollBar) if bar.isVisible()]
    assert bars == []
