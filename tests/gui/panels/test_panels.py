"""Panels of the right column on plain view data, with real events."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.errors import Place
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.ui.panels.findings import FindingsPanel
from annotator.ui.panels.passes import PassesPanel
from annotator.ui.panels.polygons import PolygonLine, PolygonsPanel
from annotator.ui.panels.premasks import PremaskPanel
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.panels.status_line import StatusLine
from annotator.ui.panels.verdicts import VerdictBar
from annotator.ui.views import (
    FindingRow,
    GroupView,
    MaskLine,
    PassRow,
    PolygonRow,
    PremaskRow,
    QueryCard,
    RemarkLine,
    RemarkRow,
)
from qa.workflow import verdicts_for

DRAWN = Annotation((40, 30), (Shape("1", Role.OBJECT, polygon([(5, 5), (30, 5), (30, 25), (5, 25)])),))
ROWS = (
    PolygonRow("1", Role.OBJECT, "Object 1", None, 215, 271_000.0, None, locked=False, visible=True),
    PolygonRow("2", Role.OCCLUDER, "Occluder 1", OccluderKind.BUILDING, 12, 900.0, 0.0314, locked=False, visible=True),
)


def test_polygons_say_role_share_and_mask(stage: Any) -> None:
    panel = stage.show(PolygonsPanel("Polygons"))
    panel.set_rows(ROWS, MaskLine(249_127, 0.081))
    said = stage.texts(panel)
    for text in ("Object 1", "271 k", "215 vertices", "Occluder 1", "3.14 %", "249,127 px · 8.1 % cut out"):
        assert text in said
    assert panel.detail == "2"


def test_polygon_is_picked_hidden_locked_and_removed(stage: Any, qtbot: QtBot) -> None:
    panel = stage.show(PolygonsPanel("Polygons"))
    panel.set_rows(ROWS, None)
    told: list[tuple[Any, ...]] = []
    panel.picked.connect(lambda *what: told.append(("pick", *what)))
    panel.eye_pressed.connect(lambda *what: told.append(("eye", *what)))
    panel.lock_pressed.connect(lambda *what: told.append(("lock", *what)))
    panel.removed.connect(lambda *what: told.append(("remove", *what)))
    line = panel.line("2")
    stage.click(line, pos=QPoint(20, 14))
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(20, 14))
    stage.click(panel.findChild(QWidget, "polygon.2.eye"))
    stage.click(panel.findChild(QWidget, "polygon.2.lock"))
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert told == [("pick", "2", False), ("pick", "2", True), ("eye", "2"), ("lock", "2"), ("remove", "2")]


def test_kind_is_chosen_from_the_keyboard(stage: Any, qtbot: QtBot) -> None:
    panel = stage.show(PolygonsPanel("Polygons"))
    panel.set_rows(ROWS, None)
    told: list[tuple[str, Any]] = []
    panel.kind_chosen.connect(lambda shape, kind: told.append((shape, kind)))
    box = panel.findChild(QComboBox, "polygon.2.kind")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert told == [("2", OccluderKind.VEGETATION), ("2", Role.KEPT)]
    assert [type(kind) for _, kind in told] == [OccluderKind, Role]
    assert panel.findChild(QComboBox, "polygon.1.kind") is None


def test_lines_are_kept_while_numbers_change(stage: Any) -> None:
    panel = stage.show(PolygonsPanel("Polygons"))
    panel.set_rows(ROWS, None)
    line = panel.line("1")
    panel.set_rows(
        (PolygonRow("1", Role.OBJECT, "Object 1", None, 9, 812.0, None, locked=True, visible=True), ROWS[1]), None
    )
    assert panel.line("1") is line
    assert "812" in stage.texts(panel)


def order(panel: PolygonsPanel) -> list[str]:
    """What the polygons in sight are called, from top to bottom."""
    lines = [line for line in panel.findChildren(PolygonLine) if line.isVisible()]
    return [line.accessibleName() for line in sorted(lines, key=lambda line: line.y())]


def test_a_new_object_comes_before_the_occluders_and_the_other_lines_stay(stage: Any) -> None:
    panel = stage.show(PolygonsPanel("Polygons"))
    panel.set_rows(ROWS, None)
    kept = panel.line("1"), panel.line("2")
    new = PolygonRow("3", Role.OBJECT, "Object 2", None, 3, 60.0, None, locked=False, visible=True)
    panel.set_rows((ROWS[0], new, ROWS[1]), None)
    stage.qtbot.waitUntil(lambda: order(panel) == ["Object 1", "Object 2", "Occluder 1"])
    assert (panel.line("1"), panel.line("2")) == kept
    panel.set_rows((new, ROWS[1]), None)
    stage.qtbot.waitUntil(lambda: order(panel) == ["Object 2", "Occluder 1"])


def test_the_next_image_shows_its_own_polygons(stage: Any) -> None:
    panel = stage.show(PolygonsPanel("Polygons"))
    panel.set_rows(ROWS, None)
    panel.set_rows((), None, "Nothing is drawn.")
    assert order(panel) == []
    other = PolygonRow("2", Role.OBJECT, "Object 1", None, 5, 99.0, None, locked=False, visible=True)
    last = PolygonRow("1", Role.OBJECT, "Object 2", None, 4, 98.0, None, locked=False, visible=True)
    panel.set_rows((other, last), None)
    stage.qtbot.waitUntil(lambda: order(panel) == ["Object 1", "Object 2"])
    assert panel.findChild(QComboBox, "polygon.2.kind") is None
    told: list[str] = []
    panel.eye_pressed.connect(told.append)
    stage.click(panel.findChild(QWidget, "polygon.2.eye"))
    assert told == ["2"]


def test_findings_come_and_go_without_a_trace(stage: Any) -> None:
    panel = stage.show(FindingsPanel())
    rows = tuple(FindingRow("warning", f"Spike {n}", f"Object {n}", None, str(n)) for n in range(3))
    panel.set_rows(rows)
    panel.set_rows(rows[2:])
    told: list[FindingRow] = []
    panel.chosen.connect(told.append)
    line = panel.findChild(QWidget, "finding.0")
    stage.click(line)
    assert told == [rows[2]]
    assert line.accessibleName() == "Spike 2"
    assert [panel.findChild(QWidget, f"finding.{n}").isVisible() for n in range(3)] == [True, False, False]


def test_findings_go_round_with_the_key(stage: Any) -> None:
    panel = stage.show(FindingsPanel())
    rows = (
        FindingRow("error", "The ring crosses itself", "Object 1", Place(3, 4), "1"),
        FindingRow("warning", "Below both limits", "Occluder 1", None, "2"),
    )
    panel.set_rows(rows)
    told: list[FindingRow] = []
    panel.chosen.connect(told.append)
    for _ in range(3):
        panel.go_next()
    stage.click(panel.findChild(QWidget, "finding.1"))
    assert told == [rows[0], rows[1], rows[0], rows[1]]
    assert panel.detail == "1 error"
    panel.set_rows(())
    assert panel.detail == "none"
    panel.set_rows((), "None.")
    assert panel.detail == ""


def test_passes_tell_who_and_why(stage: Any) -> None:
    panel = stage.show(PassesPanel())
    panel.set_rows((
        PassRow(1, "done", "Mei", "submitted", "4 min 51 s"),
        PassRow(2, "returned", "Jonas", "returned", "38 s", "loose boundary"),
        PassRow(1, "work", "Mei", "", "in work, 0 s"),
    ))  # fmt: skip
    told: list[int] = []
    panel.chosen.connect(told.append)
    stage.click(panel.findChild(QWidget, "passes.1"))
    panel.set_time("in work, 12 s")
    assert told == [1]
    assert {"loose boundary", "in work, 12 s", "4 min 51 s"} <= set(stage.texts(panel))


@pytest.mark.parametrize(
    ("state", "edited", "words", "verdict"),
    [
        (PairState.OPEN, False, "Submit pass 1", Verdict.SUBMITTED),
        (PairState.RETURNED_1, True, "Submit pass 1", Verdict.SUBMITTED),
        (PairState.AFTER_1, False, "Approve unchanged", Verdict.APPROVED),
        (PairState.RETURNED_2, True, "Submit refined", Verdict.REFINED),
        (PairState.AFTER_2, True, "Submit refined", Verdict.REFINED),
    ],
)
def test_main_button_says_the_verdict(stage: Any, state: PairState, edited: bool, words: str, verdict: Verdict) -> None:
    bar = stage.show(VerdictBar(), 304, 100)
    bar.set_work(state, edited)
    told: list[tuple[Verdict, str]] = []
    bar.given.connect(lambda given, reason: told.append((given, reason)))
    stage.click(bar.finish)
    assert bar.finish.words == words
    assert told == [(verdict, "")]


@pytest.mark.parametrize("state", list(PairState))
def test_buttons_offer_what_the_table_of_passes_allows(stage: Any, state: PairState) -> None:
    bar = stage.show(VerdictBar(), 304, 100)
    bar.set_reasons(("too much",))
    bar.reason.setCurrentIndex(0)
    told: set[Verdict] = set()
    bar.given.connect(lambda given, _reason: told.add(given))
    bar.escalation_wanted.connect(lambda: told.add(Verdict.ESCALATED))
    for edited in (False, True):
        bar.set_work(state, edited)
        bar.reason.setCurrentIndex(0)
        for button in (bar.finish, bar.send_back, bar.escalate, bar.escalate_small):
            if button.isVisible():
                stage.click(button)
        bar.end()
        bar.approve()
    assert told == set(verdicts_for(state))


def test_nothing_is_given_without_a_pair(stage: Any) -> None:
    bar = stage.show(VerdictBar(), 304, 100)
    told: list[Verdict] = []
    bar.given.connect(lambda given, _reason: told.append(given))
    bar.end()
    bar.approve()
    bar.ask_reason()
    assert told == []
    assert not bar.finish.isEnabled()


def test_reason_is_chosen_from_the_rules(stage: Any) -> None:
    bar = stage.show(VerdictBar(), 304, 100)
    bar.set_reasons(("wrong object", "too much"))
    bar.set_work(PairState.AFTER_1, False)
    told: list[tuple[Verdict, str]] = []
    bar.given.connect(lambda given, reason: told.append((given, reason)))
    bar.reason.setCurrentIndex(1)
    stage.click(bar.send_back)
    assert told == [(Verdict.RETURNED, "too much")]
    bar.set_work(PairState.AFTER_2, False)
    assert bar.reason.currentText() == ""


def test_remark_is_answered_and_settled(stage: Any, qtbot: QtBot) -> None:
    panel = stage.show(RemarksPanel())
    said = RemarkLine("Mei", datetime(2026, 11, 20, 15, 6, tzinfo=UTC), "Is the step part of it?")
    panel.set_rows((RemarkRow(7, pinned(1, 2), (said,), settled=False),))
    told: list[tuple[Any, ...]] = []
    panel.answered.connect(lambda *what: told.append(what))
    panel.settled.connect(lambda *what: told.append(what))
    stage.click(panel.findChild(QWidget, "remarks.0"))
    reply = panel.findChild(QLineEdit, "remarks.reply")
    qtbot.keyClick(reply, Qt.Key.Key_Return)
    qtbot.keyClicks(reply, "Yes.")
    qtbot.keyClick(reply, Qt.Key.Key_Return)
    stage.click(panel.findChild(QPushButton, "remarks.settle"))
    assert told == [(7, "Yes."), (7,)]
    panel.set_rows(())
    assert panel.isHidden()


def test_premasks_show_only_when_there_is_one(stage: Any) -> None:
    panel = stage.show(PremaskPanel())
    panel.set_rows((), -1)
    assert panel.isHidden()
    panel.set_rows((PremaskRow("Homography", "query 1", 0.71, DRAWN),), 0)
    told: list[int] = []
    panel.chosen.connect(told.append)
    stage.click(panel.findChild(QWidget, "premask.0"))
    assert told == [0]
    assert "0.71" in stage.texts(panel)


def test_query_is_pinned_by_a_click(stage: Any, tmp_path: Path) -> None:
    asked: list[int] = []
    panel = stage.show(QueriesPanel(lambda card, _done: asked.append(card.number)))
    box = (0.0, 0.0, 39.0, 29.0)
    masked = [QueryCard(number, f"hall_{number}", box, tmp_path / "x.png", DRAWN) for number in (0, 1, 3)]
    missing = QueryCard(4, "hall_4", box, None, None, "image not here")
    panel.set_view(GroupView(0, "g00", "hall_0 and 3 more", (*masked, missing), "The hall.", is_open=True))
    assert asked == [0, 1, 3]
    assert {"3 of 4 masked", "hall_4", "image not here", "The hall."} <= set(stage.texts(panel))
    stage.click(panel.findChild(QWidget, "query.3.picture"))
    assert "hall_3" in stage.texts(panel)
    assert "query 0" in stage.texts(panel)


def test_problem_stays_before_the_hint(stage: Any) -> None:
    status = stage.show(StatusLine(), 800, 24)
    status.set_hint("Click points.")
    status.set_problem("The disk is full; make room.")
    status.set_hint("Another hint.")
    assert status.sentence == "The disk is full; make room."
    status.set_problem("")
    assert status.sentence == "Another hint."
    status.set_saved("failed")
    assert "Not saved" in stage.texts(status)


def test_the_time_of_another_pass_in_work_begins_anew(stage: Any) -> None:
    panel = stage.show(PassesPanel())
    rows = (PassRow(1, "work", "Mei", "", "in work, 0 s"), PassRow(2, "empty", "", "", ""))
    panel.set_rows(rows)
    line = panel.findChild(QWidget, "passes.0")
    panel.set_time("in work, 5 min")
    panel.set_rows(rows)
    assert "in work, 0 s" in stage.texts(panel)
    assert panel.findChild(QWidget, "passes.0") is line  # the keyboard stays where it was
    panel.set_rows((PassRow(1, "work", "Jonas", "", "in work, 0 s"),))
    panel.set_time("in work, 1 s")
    assert {"Jonas", "in work, 1 s"} <= set(stage.texts(panel))
    panel.set_rows((), "No pair is open.")
    panel.set_time("in work, 2 s")
    assert "in work, 2 s" not in stage.texts(panel)
