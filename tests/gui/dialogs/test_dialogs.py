"""Key sheet, sentence and new project, with real events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.key_sheet import KeySheet
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.sentence import SentenceDialog
from annotator.ui.keys import Keys
from annotator.ui.settings import Settings


def test_key_sheet_is_searched_and_changes_a_key(stage: Any, qtbot: QtBot, settings: Settings) -> None:
    keys = Keys(settings)
    sheet = stage.show(KeySheet(keys), 560, 680)
    qtbot.keyClicks(sheet.search, "pass 2")
    assert sheet.shown_actions() == ("dispute.2",)
    sheet.search.clear()
    edit = sheet.findChild(QWidget, "keys.tool.polygon")
    qtbot.keyClick(edit, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: "is the key of: Lasso" in stage.texts(sheet))
    assert keys.key("tool.polygon") == "P"
    qtbot.keyClick(edit, Qt.Key.Key_Q)
    qtbot.waitUntil(lambda: keys.key("tool.polygon") == "Q")
    stage.click(sheet.findChild(QPushButton, "keys.reset"))
    assert keys.key("tool.polygon") == "P"


def test_sentence_needs_words(stage: Any, qtbot: QtBot) -> None:
    dialog = stage.show(SentenceDialog("Escalate hall_1", "Say why.", "Escalate"), 420, 240)
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.edit, "Which hall is it?")
    with qtbot.waitSignal(dialog.accepted):
        stage.click(dialog.go)
    assert dialog.text == "Which hall is it?"


def test_new_project_names_what_is_missing(stage: Any, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = stage.show(NewProjectDialog(team=False), 600, 300)
    stage.click(dialog.go)
    assert "Choose the ground-truth file, for example gnd_roxford5k.pkl." in stage.texts(dialog)
    truth = tmp_path / "gnd.pkl"
    truth.write_bytes(b"")
    dialog.ground_truth.setText(str(truth))
    dialog.images.setText(str(tmp_path))
    dialog.folder.setText(str(tmp_path / "new"))
    with qtbot.waitSignal(dialog.accepted):
        stage.click(dialog.go)
    assert dialog.chosen.folder == tmp_path / "new"
