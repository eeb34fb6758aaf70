"""Scrolling to something while its place is still being found."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.widgets.in_sight import InSight


@pytest.fixture
def scroll(stage: Any) -> QScrollArea:
    """Twenty lines of 40 px in a view of 200 px."""
    inner = QWidget()
    lines = QVBoxLayout(inner)
    for number in range(20):
        made = QLabel(str(number))
        made.setObjectName(f"line.{number}")
        made.setFixedHeight(40)
        lines.addWidget(made)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    stage.show(area, 200, 200)
    return area


def line(scroll: QScrollArea, number: int) -> QLabel:
    found = scroll.findChild(QLabel, f"line.{number}")
    assert isinstance(found, QLabel)
    return found


def seen(widget: QWidget) -> bool:
    return bool(widget.visibleRegion().boundingRect().height() == widget.height())


def test_it_is_in_sight_once_it_is_laid_out(scroll: QScrollArea) -> None:
    InSight(scroll).want(line(scroll, 17))
    QApplication.processEvents()
    assert seen(line(scroll, 17))


def test_it_stays_in_sight_while_others_grow_and_the_view_shrinks(scroll: QScrollArea) -> None:
    InSight(scroll).want(line(scroll, 10), 4)
    QApplication.processEvents()
    for number in range(8):
        line(scroll, number).setFixedHeight(90)
    QApplication.processEvents()
    assert seen(line(scroll, 10))
    scroll.resize(200, 90)
    QApplication.processEvents()
    assert seen(line(scroll, 10))


def test_whoever_scrolls_is_left_alone(scroll: QScrollArea) -> None:
    InSight(scroll).want(line(scroll, 19))
    QApplication.processEvents()
    at = QPointF(20, 20)
    turn = QWheelEvent(
        at, scroll.viewport().mapToGlobal(at), QPoint(), QPoint(0, 1200), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(scroll.viewport(), turn)
    line(scroll, 3).setFixedHeight(80)
    QApplication.processEvents()
    assert not seen(line(scroll, 19))


def test_the_last_wish_counts_and_what_is_deleted_is_forgotten(scroll: QScrollArea) -> None:
    sight = InSight(scroll)
    sight.want(line(scroll, 19))
    sight.want(line(scroll, 0))
    QApplication.processEvents()
    assert seen(line(scroll, 0))
    line(scroll, 0).deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    line(scroll, 5).setFixedHeight(200)
    QApplication.processEvents()
    assert seen(line(scroll, 1))
