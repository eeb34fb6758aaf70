"""The line at the bottom: what the tool does, where the cursor is, lease, saved or not, keys. 24 px."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from annotator.ui import icons
from annotator.ui.widgets.buttons import quiet_button
from annotator.ui.widgets.lines import across, column, row
from annotator.ui.widgets.text import ElidedLabel, label, set_tone


class StatusLine(QWidget):
    """A hint, or one sentence that a person has to know, and the facts at the right."""

    keys_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(24)
        whole = column(self)
        whole.addWidget(across())
        line = row(gap=20, margins=(12, 0, 8, 0))
        whole.addLayout(line, 1)
        self._hint_text, self._problem_text = "", ""
        self._hint = ElidedLabel("", "second")
        self._hint.setObjectName("status.hint")
        line.addWidget(self._hint, 1)
        self._place = label("", "value", name="status.place")
        self._size = label("", "value", name="status.size")
        self._lease = label("", "value", name="status.lease")
        for widget in (self._place, self._size, self._lease):
            line.addWidget(widget)
        saved = row(gap=6)
        self._mark, self._saved = label(), label("", "value", name="status.saved")
        saved.addWidget(self._mark)
        saved.addWidget(self._saved)
        line.addLayout(saved)
        self._keys = quiet_button(self.tr("Keys"), "status.keys")
        self._keys.clicked.connect(self.keys_wanted)
        line.addWidget(self._keys)
        self._state = ""

    @property
    def sentence(self) -> str:
        """What the line says at the left."""
        return self._hint.text()

    def set_hint(self, text: str) -> None:
        """What the tool in hand does; a problem stays in front of it."""
        self._hint_text = text
        self._show()

    def set_problem(self, text: str) -> None:
        """One sentence that matters more than the hint; empty when it is over."""
        self._problem_text = text
        self._show()

    def set_place(self, text: str) -> None:
        """Where the cursor is in the image."""
        self._place.setText(text)

    def set_facts(self, size: str, lease: str) -> None:
        """Size of the image and until when the lease runs."""
        self._size.setText(size)
        self._lease.setText(lease)
        self._size.setVisible(bool(size))
        self._lease.setVisible(bool(lease))

    def set_saved(self, state: str) -> None:
        """`saved`, `saving`, `failed`, or empty for nothing to save."""
        if state != self._state:
            self._state = state
            words = {"saved": self.tr("Saved"), "saving": self.tr("Saving"), "failed": self.tr("Not saved")}
            self._saved.setText(words.get(state, ""))
            set_tone(self._saved, {"saved": "done", "failed": "error"}.get(state, ""))
            self._paint_mark()

    def set_keys_key(self, key: str) -> None:
        """The key of the key sheet."""
        self._keys.set_words(self.tr("Keys"), key)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint_mark()

    def _paint_mark(self) -> None:
        drawing = {"saved": ("check", "done"), "failed": ("warning", "error"), "saving": ("hourglass", "text2")}
        name, token = drawing.get(self._state, ("", ""))
        self._mark.setVisible(bool(name))
        if name:
            self._mark.setPixmap(icons.pixmap(name, token, self.devicePixelRatioF()))

    def _show(self) -> None:
        self._hint.setText(self._problem_text or self._hint_text)
        set_tone(self._hint, "error" if self._problem_text else "")
