"""The start page: who continues, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.passes import PersonRole
from annotator.ui.pages.start_page import PersonEntry, StartPage
from annotator.ui.panels.project_line import ProjectEntry


def shown(qtbot: QtBot, widget: Any, width: int = 304, height: int = 500) -> Any:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


def click(qtbot: QtBot, widget: QWidget, **more: Any) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, **more)


def test_start_page_continues_as_somebody(qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(qtbot, StartPage("1.0.0"), 1200, 800)
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
    click(qtbot, button)
    click(qtbot, page.findChild(QWidget, "person.Mei"))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.keyClicks(page.findChild(QLineEdit, "start.name"), "Amara")
    qtbot.keyClick(page.findChild(QLineEdit, "start.name"), Qt.Key.Key_Return)
    assert entered == [
        (tmp_path, "Lena", None),
        (tmp_path, "Mei", None),
        (tmp_path, "Amara", PersonRole.ANNOTATOR),
    ]
