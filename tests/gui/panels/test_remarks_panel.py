"""The list of remarks in a narrow column."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from annotator.domain.remarks import pinned
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.views import RemarkLine, RemarkRow


def test_the_answer_of_an_unfolded_thread_is_scrolled_into_sight(qtbot: QtBot) -> None:
    said = RemarkLine("Mei", datetime(2026, 11, 20, 15, 6, tzinfo=UTC), "Is the step part of it?")
    panel = RemarksPanel()
    column = QScrollArea()
    qtbot.addWidget(column)
    column.resize(304, 120)
    column.setWidgetResizable(True)
    column.setWidget(panel)
    column.show()
    panel.set_rows([RemarkRow(number, pinned(1, 2), (said,), settled=False, number=number) for number in range(1, 13)])
    QApplication.processEvents()
    panel.unfold(9)

    def in_sight() -> bool:
        reply = panel.findChild(QLineEdit, "remarks.reply")
        return reply is not None and not reply.visibleRegion().isEmpty()

    qtbot.waitUntil(in_sight)
