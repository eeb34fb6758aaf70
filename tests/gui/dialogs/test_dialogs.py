"""Key sheet, sentence and new project, with real events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.key_sheet import KeySheet
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.sentence import SentenceDialog
from annotator.ui.keys import Keys
from annotator.ui.settings import Settings


def shown(qtbot: QtBot, widget: Any, width: int = 304, height: int = 500) -> Any:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def click(qtbot: QtBot, widget: QWidget, **more: Any) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, **more)


def test_key_sheet_is_searched_and_changes_a_key(qtbot: QtBot, settings: Settings) -> None:
    keys = Keys(settings)
    sheet = shown(qtbot, KeySheet(keys), 560, 680)
    qtbot.keyClicks(sheet.search, "pass 2")
    assert sheet.shown_actions() == ("dispute.2",)
    sheet.search.clear()
    edit = sheet.findChild(QWidget, "keys.tool.polygon")
    qtbot.keyClick(edit, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: "is the key of: Lasso" in texts(sheet))
    assert keys.key("tool.polygon") == "P"
    qtbot.keyClick(edit, Qt.Key.Key_Q)
    qtbot.waitUntil(lambda: keys.key("tool.polygon") == "Q")
    click(qtbot, sheet.findChild(QPushButton, "keys.reset"))
    assert keys.key("tool.polygon") == "P"


def test_sentence_needs_words(qtbot: QtBot) -> None:
    dialog = shown(qtbot, SentenceDialog("Escalate hall_1", "Say why.", "Escalate"), 420, 240)
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.edit, "Which hall is it?")
    with qtbot.waitSignal(dialog.accepted):
        click(qtbot, dialog.go)
    assert dialog.text == "Which hall is it?"


def test_new_project_names_what_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = shown(qtbot, NewProjectDialog(team=False), 600, 300)
    click(qtbot, dialog.go)
    assert "Choose the ground-truth file, for example gnd_roxford5k.pkl." in texts(dialog)
    truth = tmp_path / "gnd.pkl"
    truth.write_bytes(b"")
    dialog.ground_truth.setText(str(truth))
    dialog.images.setText(str(tmp_path))
    dialog.folder.setText(str(tmp_path / "new"))
    with qtbot.waitSignal(dialog.accepted):
        click(qtbot, dialog.go)
    assert dialog.chosen.folder == tmp_path / "new"
