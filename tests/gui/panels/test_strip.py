"""The strip below the canvas: thumbnails, filters, what comes next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.ui.panels.strip import Strip
from annotator.ui.views import (
    StripFilter,
    StripItem,
)


def item(number: int, **more: Any) -> StripItem:
    facts: dict[str, Any] = {
        "difficulty": "easy", "state": "open", "present": True, "segments": ("empty",) * 3, "badge": "", "holder": "",
        "revision": None,
    }  # fmt: skip
    return StripItem(key=PairKey(0, f"hall_{number}"), **(facts | more))


def test_strip_asks_only_for_thumbnails_in_sight(stage: Any) -> None:
    wished: list[str] = []
    strip = stage.show(Strip(lambda wanted: wished.append(wanted.key.image)), 800, 116)
    strip.set_items([item(number) for number in range(300)], PairKey(0, "hall_0"))
    strip.grab()
    assert 6 <= len(wished) < 20
    strip.set_current(PairKey(0, "hall_299"))
    strip.grab()
    assert "hall_299" in wished
    assert len(wished) < 40


def test_strip_is_clicked_scrolled_and_filtered(stage: Any) -> None:
    strip = stage.show(Strip(lambda _item: None), 600, 116)
    items = [
        item(0, badge="returned"),
        item(1, holder="Jonas"),
        item(2, present=False),
        *(item(n) for n in range(3, 40)),
    ]
    strip.set_items(items, None)
    filters = [StripFilter("all", "All", 40, ""), StripFilter("done", "Done", 7, "done")]
    strip.set_filters(filters, "all")
    chosen: list[str] = []
    strip.chosen.connect(lambda got: chosen.append(got.key.image))
    strip.filter_chosen.connect(chosen.append)
    stage.click(strip.list.viewport(), pos=QPoint(120, 30))
    stage.click(strip.findChild(QWidget, "strip.filter.done"))
    assert chosen == ["hall_1", "done"]
    at = QPoint(100, 30)
    wheel = QWheelEvent(
        QPointF(at), QPointF(at), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(strip.list.viewport(), wheel)
    assert strip.list.horizontalScrollBar().value() == 240
    assert "Jonas works on it" in strip.model.index(1).data(Qt.ItemDataRole.ToolTipRole)


def test_thumbnail_that_arrived_is_kept(stage: Any) -> None:
    wished: list[str] = []
    strip = stage.show(Strip(lambda wanted: wished.append(wanted.key.image)), 600, 116)
    strip.set_items([item(0)], None)
    strip.grab()
    strip.model.set_picture(item(0), QPixmap(98, 64))
    strip.grab()
    assert wished == ["hall_0"]
    strip.set_items([item(0, revision=3)], None)
    strip.grab()
    assert wished == ["hall_0", "hall_0"]


def test_next_of_the_queue_is_named(stage: Any) -> None:
    strip = stage.show(Strip(lambda _item: None), 900, 116)
    strip.set_next("hall_2", "pass 1 is due", "Ctrl+D")
    taken: list[bool] = []
    strip.next_wanted.connect(lambda: taken.append(True))
    stage.click(strip.findChild(QPushButton, "strip.take"))
    assert taken == [True]
    strip.set_next("", "", "Ctrl+D")
    assert "nothing" in stage.texts(strip)
    assert strip.findChild(QPushButton, "strip.take").isHidden()


def test_only_what_changed_of_the_same_pairs_is_told(stage: Any) -> None:
    strip = stage.show(Strip(lambda _item: None), 600, 116)
    strip.set_items([item(number) for number in range(8)], PairKey(0, "hall_0"))
    told: list[tuple[int, int]] = []
    strip.model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    strip.set_items([item(number, holder="Jonas" if number in (2, 5) else "") for number in range(8)], None)
    assert told == [(2, 2), (5, 5), (0, 0)]  # those that Jonas holds now, and the one that is no longer open
    words = strip.model.data(strip.model.index(5), Qt.ItemDataRole.ToolTipRole)
    assert "Jonas works on it" in words
