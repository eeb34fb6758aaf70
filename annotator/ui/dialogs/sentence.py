"""Asks for one text: a reason, a remark."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.text import label


class SentenceDialog(QDialog):
    """A title, what the text is for, the text, and a button that says what happens. Ctrl+Enter presses it."""

    def __init__(self, title: str, purpose: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sentence")
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        whole = column(self, gap=12, margins=(20, 16, 20, 16))
        whole.addWidget(label(title, "project"))
        whole.addWidget(label(purpose, "second", wrap=True))
        self.edit = QPlainTextEdit()
        self.edit.setObjectName("sentence.text")
        self.edit.setAccessibleName(title)
        self.edit.setFixedHeight(96)
        self.edit.setTabChangesFocus(True)
        whole.addWidget(self.edit)
        line = row()
        line.addStretch()
        cancel = KeyButton(self.tr("Cancel"), "sentence.cancel", self.tr("Esc"))
        self.go = KeyButton(button, "sentence.go", self.tr("Ctrl+Enter"), primary=True)
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self.accept)
        line.addWidget(cancel)
        line.addWidget(self.go)
        whole.addLayout(line)
        self.edit.textChanged.connect(self._say)
        self._say()
        self.edit.setFocus()

    @property
    def text(self) -> str:
        """What was written."""
        return self.edit.toPlainText().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.text:
                self.accept()
        else:
            super().keyPressEvent(event)

    def _say(self) -> None:
        self.go.setEnabled(bool(self.text))


def ask(parent: QWidget, title: str, purpose: str, button: str) -> str:
    """Ask for a text; empty when the person gave up."""
    dialog = SentenceDialog(title, purpose, button, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    text = dialog.text if accepted else ""
    dialog.deleteLater()
    return text
