"""What a researcher began on a dispute and did not settle: when, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.ui import wording
from annotator.ui.presenting.open_dispute import OpenDispute
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import column
from annotator.ui.widgets.text import label, set_tone


class DraftOffer(QWidget):
    """`bring_back_wanted` asks for what was begun before the passes changed, `throw_away_wanted` to forget it."""

    bring_back_wanted = Signal()
    throw_away_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = column(self, gap=8)
        self._words = label("", "second", name="dispute.draft", wrap=True)
        whole.addWidget(self._words)
        self._bring_back = KeyButton(self.tr("Bring it back"), "dispute.bring-back", drawing="undo")
        self._throw_away = KeyButton(self.tr("Throw it away"), "dispute.throw-away", drawing="close")
        self._bring_back.clicked.connect(self.bring_back_wanted)
        self._throw_away.clicked.connect(self.throw_away_wanted)
        whole.addWidget(self._bring_back)
        whole.addWidget(self._throw_away)
        self.set_draft(None)

    def set_draft(self, opened: OpenDispute | None) -> None:
        """Show what there is of a pair, or nothing."""
        older = opened.older if opened is not None and not opened.drawn else None
        words = ""
        if older is not None:
            words = self.tr("Begun {day}, before its passes changed.").format(day=wording.day(older.at))
        elif opened is not None and opened.kept_at is not None:
            words = self.tr("Drawn anew {day}; not settled yet.").format(day=wording.day(opened.kept_at))
        elif opened is not None and opened.drawn:
            words = self.tr("Drawn anew, not settled yet.")
        self._words.setText(words)
        set_tone(self._words, "warning" if older is not None else "")
        self._bring_back.setVisible(older is not None)
        self.setVisible(bool(words))
