"""The note of the group below its queries; a mark says when it changed since the person read it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from annotator.ui.widgets.buttons import quiet_button
from annotator.ui.widgets.lines import area, column, scrolled
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import label

MOST = 168
"""Height in pixels from which a long note scrolls."""


class NotePanel(Section):
    """`rules_wanted` asks for the rules; `read` tells that the person read what changed."""

    rules_wanted = Signal()
    read = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Note of the group"), "note", line=False)
        self._seen = quiet_button(self.tr("Mark as read"), "note.seen")
        self._seen.setToolTip(self.tr("Takes the mark away on this computer"))
        self._seen.clicked.connect(self.read)
        self._rules = quiet_button(self.tr("Rules"), "queries.rules")
        self._rules.clicked.connect(self.rules_wanted)
        self.tools.addWidget(self._seen)
        self.tools.addWidget(self._rules)
        inner = area("panel")
        self._texts = column(inner, gap=4, margins=(12, 0, 12, 4))
        self._old = self._text("note.text")
        self._new = self._text("note.new", "accent")
        self._scroll = scrolled(inner)
        self.body.addWidget(self._scroll)
        self.set_note(None, None)

    def set_rules_key(self, key: str) -> None:
        """Name the key that shows the rules."""
        self._rules.set_words(self.tr("Rules"), key)

    def set_note(self, text: str | None, before: str | None) -> None:
        """Show a note (None where no group is shown), and what is new in it since `before` (None for nothing)."""
        changed = text is not None and before is not None and before != text
        old, new = text or "", ""
        if changed and before is not None and old.startswith(before):
            old, new = before, old.removeprefix(before).strip()
        elif changed:
            old, new = "", old
        if text == "" and not changed:
            old = self.tr("No note yet. A researcher writes what the queries mean together.")
        self.set_title(self.tr("Note") if changed else self.tr("Note of the group"))
        self.set_detail(self.tr("changed") if changed else "", "accent" if changed else "")
        self._seen.setVisible(changed)
        self._old.setText(old)
        self._new.setText(new)
        self._old.setVisible(bool(old))
        self._new.setVisible(bool(new))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As tall as the words ask for, up to a limit; what is new is in sight."""
        wide = max(100, self.width() - 2)
        self._scroll.setFixedHeight(min(MOST, max(20, self._texts.heightForWidth(wide))))
        if self._new.text():
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self._new))

    def _text(self, name: str, tone: str = "") -> QLabel:
        made = label("", "second", tone, name=name, wrap=True)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._texts.addWidget(made)
        return made
