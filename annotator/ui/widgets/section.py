"""A section of a side column: header of 32 px, content, one line below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui.widgets.lines import across, column, row
from annotator.ui.widgets.text import ElidedLabel, label, set_tone

KEYS = 72
"""Pixels of the hint that are kept: keys stay whole, a sentence gives way."""


class Section(QWidget):
    """Title, detail beside it, hint at the right; rows go into `body`, buttons into `tools`."""

    def __init__(self, title: str, name: str, line: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        whole = column(self)
        head = QWidget()
        head.setFixedHeight(32)
        self._head = row(head, gap=8, margins=(12, 0, 8, 0))
        self._title = label(title, "section")
        self._detail = ElidedLabel("", "second")
        self._detail.setObjectName(f"{name}.detail")
        self._hint = ElidedLabel("", "hint", least=KEYS)
        self.tools: QHBoxLayout = row(gap=0)
        self._head.addWidget(self._title)
        self._head.addWidget(self._detail, 1)
        self._head.addWidget(self._hint)
        self._head.addLayout(self.tools)
        whole.addWidget(head)
        self.body: QVBoxLayout = column(margins=(0, 0, 0, 8))
        whole.addLayout(self.body)
        if line:
            whole.addWidget(across())

    @property
    def detail(self) -> str:
        """The words beside the title."""
        return self._detail.text()

    def set_title(self, title: str) -> None:
        """Another title."""
        self._title.setText(title)

    def set_detail(self, text: str, tone: str = "") -> None:
        """The words beside the title, with a tone."""
        self._detail.setText(text)
        set_tone(self._detail, tone)

    def set_hint(self, text: str) -> None:
        """The key at the right."""
        self._hint.setText(text)
        self._hint.setContentsMargins(0, 0, 4, 0)
