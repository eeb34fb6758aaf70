"""Remarks on regions and queries, in pairs and in disputes, with real events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Ring
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.project.opening import open_project
from annotator.ui.canvas.pins import PIN_RADIUS
from annotator.ui.pages import dispute_remarks, pair_remarks
from annotator.ui.panels.query_picture import RemarkedPicture

KEY = PairKey(0, "hall_1")
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
REGION = RemarkPlace(region=Ring([[60, 40], [90, 40], [90, 70], [60, 70]]))


def inspect(town: Any, folder: Path, person: str = "Jonas") -> tuple[Any, Any]:
    window = town.open(folder, person)
    page = window.view.page("pairs")
    page.open_key_now(KEY)
    town.settled(window)
    return window, page


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the person was asked for; the answer is always the same."""
    titles: list[tuple[str, ...]] = []

    def answer(_parent: QWidget, *words: str) -> str:
        titles.append(words)
        return "look here"

    monkeypatch.setattr(pair_remarks, "ask", answer)
    return titles


def written(folder: Path) -> list[RemarkPlace]:
    with open_project(folder) as project:
        return [remark.place for remark in project.store.remarks(KEY)]


def query(page: Any, number: int) -> RemarkedPicture:
    QApplication.processEvents()
    name = f"query.{number}.picture"
    (found,) = (picture for picture in page.queries.findChildren(RemarkedPicture, name) if picture.isVisible())
    return found


def spot(picture: RemarkedPicture, x: float, y: float) -> QPoint:
    return QPointF(*picture.to_widget((x, y))).toPoint()


def drag(widget: QWidget, *places: QPoint) -> None:
    QTest.mouseMove(widget, places[0])
    QTest.mousePress(widget, LEFT, NONE, places[0])
    for place in places[1:]:
        QTest.mouseMove(widget, place)
        QApplication.processEvents()
    QTest.mouseRelease(widget, LEFT, NONE, places[-1])


def test_a_drag_on_the_index_image_pins_a_region(two_queries: Path, town: Any, asked: list[Any]) -> None:
    _window, page = inspect(town, two_queries)
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_W)
    drag(canvas, *(town.spot(canvas, *at) for at in ((50, 40), (80, 40), (80, 60), (50, 60), (50, 42))))
    assert asked[0][0] == "Remark on a region"
    (place,) = written(two_queries)
    assert place.query is None
    assert place.region is not None
    assert place.region.bounds == pytest.approx((50, 40, 80, 60), abs=1.0)
    (pin,) = canvas.layers.remarks
    assert (pin.number, pin.region, pin.open) == (1, place.region, True)


def test_a_drag_and_a_click_on_a_query_are_pinned_to_it(two_queries: Path, town: Any, asked: list[Any]) -> None:
    _window, page = inspect(town, two_queries)
    town.press(page.bench.canvas, Qt.Key.Key_W)
    picture = query(page, 0)
    drag(picture, *(spot(picture, *at) for at in ((50, 40), (90, 40), (90, 70), (50, 70), (50, 42))))
    QTest.mouseClick(picture, LEFT, NONE, spot(picture, 100, 80))
    assert [words[0] for words in asked] == ["Remark on a region of query 0", "Remark on query 0"]
    region, point = written(two_queries)
    assert region.query == point.query == 0
    assert region.region is not None
    assert region.region.bounds == pytest.approx((50, 40, 90, 70), abs=1.5)
    assert point.point is not None
    assert (point.point.x, point.point.y) == pytest.approx((100, 80), abs=1.0)
    assert [(pin.number, pin.region is None) for pin in picture.pins] == [(1, False), (2, True)]
    assert page.bench.canvas.layers.remarks == ()


@pytest.mark.usefixtures("asked")
def test_enter_in_a_query_pins_its_middle(two_queries: Path, town: Any) -> None:
    _window, page = inspect(town, two_queries)
    picture = query(page, 0)
    town.press(page.bench.canvas, Qt.Key.Key_W)
    town.press(picture, Qt.Key.Key_Return)
    (place,) = written(two_queries)
    middle = picture.to_image(QPointF(picture.width() / 2, picture.height() / 2))
    assert place.query == 0
    assert place.point is not None
    assert (place.point.x, place.point.y) == pytest.approx(middle)


def test_without_the_tool_a_query_is_moved_and_pinned_large(two_queries: Path, town: Any, asked: list[Any]) -> None:
    _window, page = inspect(town, two_queries)
    small = query(page, 1)
    wide = small.width()
    QTest.mouseClick(small, LEFT, NONE, small.rect().center())
    large = query(page, 1)
    assert large.width() > wide
    before = large.view()
    drag(large, QPoint(50, 50), QPoint(70, 60), QPoint(80, 60))
    assert large.view() != before
    assert asked == []


def test_escape_gives_a_region_of_a_query_up(two_queries: Path, town: Any, asked: list[Any]) -> None:
    _window, page = inspect(town, two_queries)
    town.press(page.bench.canvas, Qt.Key.Key_W)
    picture = query(page, 0)
    QTest.mousePress(picture, LEFT, NONE, spot(picture, 50, 40))
    QTest.mouseMove(picture, spot(picture, 90, 60))
    town.press(picture, Qt.Key.Key_Escape)
    QTest.mouseRelease(picture, LEFT, NONE, spot(picture, 90, 60))
    assert asked == []
    assert written(two_queries) == []


def test_the_whole_pair_is_remarked_on_by_key_and_by_button(two_queries: Path, town: Any, asked: list[Any]) -> None:
    _window, page = inspect(town, two_queries)
    assert page.column.remarks.detail == "none"
    town.press(page.bench.canvas, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    town.click(page.column.remarks.add)
    assert [words[0] for words in asked] == ["Remark on the pair as a whole"] * 2
    assert written(two_queries) == [RemarkPlace(), RemarkPlace()]
    assert page.column.remarks.detail == "2 open"


def test_a_click_in_the_list_goes_to_the_place(two_queries: Path, town: Any) -> None:
    with open_project(two_queries) as project:
        project.store.add_remark(KEY, REGION, "Mei", "the region")
        project.store.add_remark(KEY, pinned(100, 80, query=1), "Mei", "in query 1")
    _window, page = inspect(town, two_queries)
    canvas, panel = page.bench.canvas, page.column.remarks
    canvas.navigation.zoom_by(4.0)
    town.click(panel.findChild(QWidget, "remarks.0"))
    x, y = canvas.view.to_widget((75, 55))
    assert (x, y) == pytest.approx((canvas.width() / 2, canvas.height() / 2), abs=40)
    assert canvas.layers.remarks[0].marked
    town.click(panel.findChild(QWidget, "remarks.1"))
    town.settled(_window)
    large = query(page, 1)
    assert large.width() > query(page, 0).width()
    at = spot(large, 100, 80)
    assert (at.x(), at.y()) == pytest.approx((large.width() / 2, large.height() / 2), abs=3)
    assert large.pins[0].marked
    assert not canvas.layers.remarks[0].marked


def test_the_cursor_marks_a_remark_on_both_sides(two_queries: Path, town: Any) -> None:
    with open_project(two_queries) as project:
        project.store.add_remark(KEY, pinned(60, 50), "Mei", "one")
        project.store.add_remark(KEY, pinned(90, 50, query=0), "Mei", "two")
    _window, page = inspect(town, two_queries)
    canvas, panel, picture = page.bench.canvas, page.column.remarks, query(page, 0)
    first, second = (panel.findChild(QWidget, f"remarks.{row}") for row in (0, 1))
    for at in ((66, 50), (60, 50)):
        QTest.mouseMove(canvas, town.spot(canvas, *at))
        QApplication.processEvents()
    assert (first.selected, second.selected) == (True, False)
    assert canvas.layers.remarks[0].marked
    for x in (91, 90):
        QTest.mouseMove(picture, spot(picture, x, 50))
        QApplication.processEvents()
    assert (first.selected, second.selected) == (False, True)
    assert picture.pins[0].marked
    assert not canvas.layers.remarks[0].marked
    first.hovered.emit(True)
    assert canvas.layers.remarks[0].marked
    first.hovered.emit(False)
    assert not canvas.layers.remarks[0].marked


def test_a_pin_in_a_query_opens_its_thread(two_queries: Path, town: Any) -> None:
    with open_project(two_queries) as project:
        project.store.add_remark(KEY, pinned(90, 50, query=0), "Mei", "two")
    _window, page = inspect(town, two_queries)
    picture = query(page, 0)
    QTest.mouseClick(picture, LEFT, NONE, spot(picture, 90, 50) + QPoint(int(PIN_RADIUS / 2), 0))
    reply = page.column.remarks.findChild(QLineEdit, "remarks.reply")
    assert reply is not None
    town.qtbot.keyClicks(reply, "Seen.")
    town.press(reply, Qt.Key.Key_Return)
    assert written(two_queries) == [pinned(90, 50, query=0)] * 2
    town.click(page.column.remarks.findChild(QPushButton, "remarks.settle"))
    assert not picture.pins[0].open
    assert page.column.remarks.detail == "all settled"


def test_settling_one_thread_leaves_no_other_unfolded(two_queries: Path, town: Any) -> None:
    with open_project(two_queries) as project:
        for text in ("one", "two"):
            project.store.add_remark(KEY, pinned(60, 50), "Mei", text)
    _window, page = inspect(town, two_queries)
    panel = page.column.remarks
    town.click(panel.findChild(QWidget, "remarks.0"))
    first = panel.unfolded
    town.click(panel.findChild(QPushButton, "remarks.settle"))
    assert panel.unfolded == first
    assert panel.findChild(QLineEdit, "remarks.reply") is None
    numbers = [label.text() for label in panel.findChildren(QLabel) if label.text() in ("1", "2")]
    assert numbers == ["2", "1"]  # open ones first; a thread keeps its number


def test_a_pair_with_an_open_region_cannot_be_done(two_queries: Path, town: Any) -> None:
    with open_project(two_queries) as project:
        town.hand(project, "hall_1", "Jonas", Verdict.APPROVED)
        remark = project.store.add_remark(KEY, REGION, "Jonas", "is it?")
    window, page = inspect(town, two_queries, "Amara")
    town.press(page.bench.canvas, Qt.Key.Key_Y)
    assert "1 remark is open on g00:hall_1" in window.view.status.sentence
    page.column.remarks.settled.emit(remark.id)
    town.press(page.bench.canvas, Qt.Key.Key_Y)
    town.settled(window)
    with open_project(two_queries) as project:
        assert project.store.pair(KEY).state is PairState.DONE


def test_a_researcher_settles_remarks_of_a_pair_in_dispute(
    open_folder: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
        town.hand(project, "hall_1", "Jonas", Verdict.REFINED, town.drawn(1.0))
        town.hand(project, "hall_1", "Amara", Verdict.REFINED, town.drawn(40.0))
        project.store.add_remark(KEY, REGION, "Jonas", "a region")
        project.store.add_remark(KEY, pinned(100, 80, query=0), "Jonas", "in query 0")
    window = town.open(open_folder, "Lena")
    window.view.show_mode("disputes")
    town.settled(window)
    page = window.view.page("disputes")
    panel = page.remarks
    assert query(page, 0).pins[0].number == 2
    town.click(panel.findChild(QWidget, "remarks.0"))
    town.qtbot.keyClicks(panel.findChild(QLineEdit, "remarks.reply"), "Settled so.")
    town.press(panel.findChild(QLineEdit, "remarks.reply"), Qt.Key.Key_Return)
    town.press(page.view, Qt.Key.Key_1)
    town.qtbot.keyClicks(page.reason, "so it is")
    town.click(page.settle_button)
    assert "2 remarks are open on g00:hall_1" in window.view.status.sentence
    for _ in range(2):  # open ones come first
        panel.unfold(panel.views[0].id)
        town.click(panel.findChild(QPushButton, "remarks.settle"))
    monkeypatch.setattr(dispute_remarks, "ask", lambda *_words: "as a whole")
    town.click(panel.add)
    panel.settled.emit(panel.views[0].id)
    town.click(page.settle_button)
    town.settled(window)
    with open_project(open_folder) as project:
        assert project.store.pair(KEY).state is PairState.DONE
        said = [remark.text for remark in project.store.remarks(KEY)]
    assert said == ["a region", "in query 0", "Settled so.", "as a whole"]
