"""The page that lists the remarks of a project and the work that was returned, with real events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Ring
from annotator.domain.passes import Verdict
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.project.opening import open_project
from annotator.ui.panels.query_picture import RemarkedPicture
from annotator.ui.panels.remark_list import ThreadRow

KEY = PairKey(0, "hall_1")
REGION = RemarkPlace(region=Ring([[60, 40], [90, 40], [90, 70], [60, 70]]))


def query(page: Any, number: int) -> RemarkedPicture:
    QApplication.processEvents()
    name = f"query.{number}.picture"
    (found,) = (picture for picture in page.queries.findChildren(RemarkedPicture, name) if picture.isVisible())
    return found


@pytest.fixture
def returned(two_queries: Path, town: Any) -> Path:
    """hall_1 was returned to Mei with two remarks; one on hall_2 is settled; Amara wrote one on tower_1."""
    with open_project(two_queries) as project:
        store = project.store
        store.add_remark(KEY, REGION, "Jonas", "The step belongs to it.")
        store.add_remark(KEY, pinned(100, 80, query=1), "Jonas", "See here.")
        settled = store.add_remark(PairKey(0, "hall_2"), pinned(3, 4), "Mei", "Which hall?")
        store.settle_remark(settled.id, "Lena")
        store.add_remark(PairKey(1, "tower_1"), RemarkPlace(), "Amara", "Dark.")
        town.hand(project, "hall_1", "Jonas", Verdict.RETURNED)
    return two_queries


def remarks_page(town: Any, folder: Path, person: str) -> tuple[Any, Any]:
    window = town.open(folder, person)
    town.press(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    assert window.view.mode == "remarks"
    return window, window.view.page("remarks")


def titles(page: Any) -> list[str]:
    QApplication.processEvents()  # rows are laid out and shown when their turn comes
    return [row.accessibleName() for row in page.list.findChildren(ThreadRow) if row.isVisible()]


def choose(page: Any, name: str, text: str) -> None:
    box = page.list.findChild(QComboBox, f"remark-list.{name}")
    box.setFocus()
    while box.currentText() != text:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() == before + 1


def test_annotators_see_what_concerns_them_and_researchers_all(returned: Path, town: Any) -> None:
    _window, page = remarks_page(town, returned, "Mei")
    assert titles(page) == ["See here.", "The step belongs to it."]  # newest first
    _window, page = remarks_page(town, returned, "Lena")
    assert titles(page) == ["Dark.", "See here.", "The step belongs to it."]


def test_remarks_are_filtered_by_state_group_and_person(returned: Path, town: Any) -> None:
    _window, page = remarks_page(town, returned, "Lena")
    town.click(page.list.findChild(QWidget, "remark-list.settled"))
    assert titles(page) == ["Which hall?"]
    town.click(page.list.findChild(QWidget, "remark-list.all"))
    assert len(titles(page)) == 4
    choose(page, "group", "g01")
    assert titles(page) == ["Dark."]
    assert page.list.findChild(QLabel, "remark-list.count").text() == "1 of 4"
    choose(page, "person", "Jonas")
    assert titles(page) == []
    assert "No remark is like this" in page.list.findChild(QLabel, "remark-list.empty").text()


def test_a_remark_of_the_list_opens_its_pair_at_the_place(returned: Path, town: Any) -> None:
    window, page = remarks_page(town, returned, "Lena")
    (row,) = [row for row in page.list.findChildren(ThreadRow) if row.accessibleName() == "See here."]
    town.press(row, Qt.Key.Key_Return)
    town.settled(window)
    pairs = window.view.page("pairs")
    assert (window.view.mode, pairs.open_key) == ("pairs", KEY)
    town.qtbot.waitUntil(lambda: bool(query(pairs, 1).pins) and query(pairs, 1).pins[0].marked)
    assert query(pairs, 1).width() > query(pairs, 0).width()
    assert pairs.column.remarks.unfolded == query(pairs, 1).pins[0].id


def test_returned_work_says_why_and_opens_at_its_first_remark(returned: Path, town: Any) -> None:
    window, page = remarks_page(town, returned, "Mei")
    said = [label.text() for label in page.returned.findChildren(QLabel)]
    assert "Returned to you" in said
    assert "loose boundary" in said
    assert "“The step belongs to it.”" in said
    town.click(page.returned.findChild(QWidget, "returned.0"))
    town.settled(window)
    pairs = window.view.page("pairs")
    town.qtbot.waitUntil(
        lambda: bool(pairs.bench.canvas.layers.remarks) and pairs.bench.canvas.layers.remarks[0].marked
    )
    assert (pairs.open_key, pairs.opened_pair.pass_number) == (KEY, 1)


def test_work_that_was_mended_is_told_apart(returned: Path, town: Any) -> None:
    with open_project(returned) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
    _window, page = remarks_page(town, returned, "Mei")
    assert page.returned.findChild(QLabel, "returned.empty").isVisible()
    assert page.returned.findChild(QWidget, "returned.mended").isVisible()
    _window, page = remarks_page(town, returned, "Amara")
    assert not page.returned.findChild(QWidget, "returned.mended").isVisible()


def test_many_remarks_are_shown_in_parts(two_queries: Path, town: Any) -> None:
    with open_project(two_queries) as project:
        for number in range(130):
            project.store.add_remark(KEY, pinned(3, 4), "Mei", f"remark {number}")
    _window, page = remarks_page(town, two_queries, "Mei")
    assert len(titles(page)) == 100
    more = page.list.findChild(QPushButton, "remark-list.more")
    assert more.words == "Show 30 more"
    town.click(more)
    assert len(titles(page)) == 130
    assert not more.isVisible()


def test_a_project_without_remarks_names_the_next_step(open_folder: Path, town: Any) -> None:
    _window, page = remarks_page(town, open_folder, "Mei")
    assert "Take the remark tool in a pair" in page.list.findChild(QLabel, "remark-list.empty").text()
    assert "Nothing waits to be mended" in page.returned.findChild(QLabel, "returned.empty").text()
