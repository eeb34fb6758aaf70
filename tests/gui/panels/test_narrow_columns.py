"""What gives way in a narrow column, and what must stay readable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.shapes import Annotation, OccluderKind, Role
from annotator.ui.panels.canvas_bar import CanvasBar
from annotator.ui.panels.legend import Legend
from annotator.ui.panels.polygons import NARROWEST_KIND, KindBox, PolygonsPanel
from annotator.ui.panels.premasks import PremaskPanel
from annotator.ui.panels.strip import Strip
from annotator.ui.panels.top_bar import TopBar
from annotator.ui.views import PolygonRow, PremaskRow, StripFilter
from annotator.ui.widgets.segmented import Segmented

KEPT = PolygonRow(
    "3", Role.KEPT, "Kept occlusion 12", OccluderKind.STREET_FURNITURE, 12, 90.0, 0.0037, locked=False, visible=True
)


def whole(panel: QWidget, text: str) -> bool:
    """Whether a label of this text shows all of it."""
    label = next(label for label in panel.findChildren(QLabel) if label.text() == text)
    return label.width() >= label.fontMetrics().horizontalAdvance(text)


@pytest.mark.parametrize(("width", "share_shown"), [(304, True), (240, False)])
def test_name_of_a_polygon_is_whole_and_kind_and_share_give_way(qtbot: QtBot, width: int, share_shown: bool) -> None:
    panel = PolygonsPanel("Polygons")
    qtbot.addWidget(panel)
    panel.resize(width, 300)
    panel.show()
    panel.set_rows([KEPT], None)
    box = panel.findChild(QComboBox, "polygon.3.kind")
    assert box is not None
    layout = panel.line("3").layout()
    assert layout is not None
    qtbot.waitUntil(lambda: layout.geometry().width() == width)
    assert panel.width() == width
    assert not box.isVisible() or NARROWEST_KIND <= box.width() < box.sizeHint().width()
    if box.isVisible():
        assert isinstance(box, KindBox)
        assert box.shown.endswith("…")
        assert box.toolTip() == "street furniture"
        panel.set_rows([replace(KEPT, kind=OccluderKind.VEGETATION)], None)
        assert box.toolTip() == "vegetation"
    assert whole(panel, "Kept occlusion 12")
    share = next(label for label in panel.findChildren(QLabel) if label.text() == "0.37 %")
    assert share.isVisible() == share_shown
    for control in ("polygon.3.eye", "polygon.3.lock"):
        button = panel.findChild(QWidget, control)
        assert button is not None
        assert button.mapTo(panel, button.rect().topRight()).x() < width


def test_premask_panel_says_confidence_and_how_far_the_making_is(qtbot: QtBot) -> None:
    panel = PremaskPanel()
    qtbot.addWidget(panel)
    assert panel.isHidden()
    panel.set_making("104 of 121 are ready for g12.", 104 / 121)
    assert not panel.isHidden()
    assert panel.bar.share == 104 / 121
    row = PremaskRow("Warp and region cut", "likely right, from query 3", 0.84, Annotation((40, 30)))
    panel.set_rows((row,), 0)
    panel.set_making("", None)
    assert panel.detail == "1"
    assert "0.84" in [label.text() for label in panel.findChildren(QLabel)]
    line = panel.findChild(QWidget, "premask.0")
    assert line is not None
    assert line.accessibleName() == "Warp and region cut, 0.84, likely right, from query 3"
    panel.set_rows((), -1)
    assert panel.isHidden()


@pytest.mark.parametrize(("width", "roomy"), [(1600, True), (1280, False)])
def test_the_next_pair_is_named_whole_beside_all_counts(qtbot: QtBot, width: int, roomy: bool) -> None:
    strip = Strip(lambda _wanted: None)
    qtbot.addWidget(strip)
    names = ("Open", "In work", "Pass 1", "Pass 2", "Done", "Returned", "Dispute", "Escalated", "Waiting")
    strip.set_filters([StripFilter(name, name, 0, "done") for name in names], "Open")
    strip.set_next("museum_000002", "pass 2 is due", "Ctrl+D")
    strip.show()
    strip.resize(width, 116)
    qtbot.waitUntil(lambda: strip.width() == width)
    QApplication.processEvents()
    assert whole(strip, "museum_000002")
    words = next(label for label in strip.findChildren(QLabel) if label.text() == "Next in queue")
    assert words.isVisible() == roomy
    strip.set_next("", "", "Ctrl+D")
    assert words.isVisible()  # "nothing" alone would say nothing


def test_legend_stays_at_the_bottom_left(qtbot: QtBot) -> None:
    canvas = QWidget()
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    canvas.show()
    legend = Legend(canvas)
    legend.show_counts(5810, 19069, "pass 1")
    assert legend.words == ("added 5,810 px", "removed 19,069 px", "pass 1")
    canvas.resize(700, 500)
    QApplication.processEvents()
    assert legend.geometry().left() == 12
    assert 500 - legend.geometry().bottom() == 13


@pytest.mark.parametrize(("width", "roomy"), [(1440, True), (1200, False)])
def test_the_tabs_of_the_top_bar_are_whole_and_what_is_beside_them_gives_way(
    qtbot: QtBot, width: int, roomy: bool
) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.set_modes([(mode, mode.title()) for mode in ("pairs", "remarks", "dashboard")], "pairs")
    bar.group.set_words("g00", "all_souls_000013 and 5 more")
    bar.set_pass(("done", "work", "empty"), "Pass 2", "refine and inspect")
    bar.set_person("Jonas", "annotator")
    bar.show()
    bar.resize(width, 40)
    bar.set_image("all_souls_000091", "easy")
    bar.set_queue("17 in your queue")
    QApplication.processEvents()
    assert bar.width() == width
    assert whole(bar, "all_souls_000091")
    for mode in ("pairs", "remarks", "dashboard"):
        tab = bar.findChild(QToolButton, f"tab.{mode}")
        assert tab is not None
        assert tab.width() >= tab.minimumSizeHint().width()
    for name in ("top.difficulty", "top.queue"):
        shown = bar.findChild(QWidget, name)
        assert shown is not None
        assert shown.isVisible() == roomy
    told = bar.findChild(QLabel, "top.pass")
    assert told is not None
    assert told.toolTip() == ("" if roomy else "refine and inspect, easy")


@pytest.mark.parametrize("wide", [463, 600, 719, 990, 1400])
@pytest.mark.parametrize("inspecting", [False, True])
def test_no_choice_above_the_canvas_is_cut(stage: Any, wide: int, inspecting: bool) -> None:
    bar = CanvasBar((("nothing", "Nothing"), ("premask", "Pre-mask"), ("before", "Pass before")))
    between = Segmented((("a", "Pre-mask → pass 1"), ("b", "Pass 1 → now")), "between", "What is compared")
    shown = Segmented((("c", "Difference"), ("d", "Polygons"), ("e", "Beside")), "shown", "What is shown")
    for one in (between, shown):
        bar.extra.addWidget(one)
        one.setVisible(inspecting)
    bar.set_comparing(not inspecting)
    column = stage.show(QWidget(), wide, 36)
    bar.setParent(column)
    bar.resize(wide, 36)
    bar.show()
    QApplication.processEvents()
    segments = [one for one in bar.findChildren(Segmented) if one.isVisible()]
    assert len(segments) == (2 if inspecting else 1)
    for one in segments:
        assert one.width() >= one.wide
    for name in ("undo", "redo", "brightness", "loupe"):
        button = bar.findChild(QWidget, f"canvas-bar.{name}")
        assert button is not None
        assert button.isVisible()
        assert button.mapTo(bar, button.rect().topRight()).x() < wide


def test_filters_that_nothing_passes_give_way_to_the_next_pair_in_a_narrow_window(stage: Any) -> None:
    counts = {"all": 7, "open": 1, "work": 0, "dispute": 0, "escalated": 2}
    strip = Strip(lambda _item: None)
    strip.set_filters([StripFilter(name, name.title(), count, "") for name, count in counts.items()], "dispute")
    stage.show(strip, 1000, 116)
    buttons = {name: strip.findChild(QToolButton, f"strip.filter.{name}") for name in counts}
    assert {name for name, button in buttons.items() if button.isVisible()} == {"all", "open", "dispute", "escalated"}
    strip.resize(1600, 116)
    assert all(button.isVisible() for button in buttons.values())
