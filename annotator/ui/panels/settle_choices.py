"""What a researcher can do with a stopped pair beside choosing a pass: merge, redraw, go on, send back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.ui.panels.draft_offer import DraftOffer
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import column
from annotator.ui.widgets.text import label


class SettleChoices(QWidget):
    """Below the passes, at the right."""

    merge_wanted = Signal()
    redraw_wanted = Signal()
    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = column(self, gap=8)
        whole.addWidget(label(self.tr("Settle"), "section"))
        whole.addWidget(label(self.tr("Choose one pass above, or:"), "second", wrap=True))
        self._merge = KeyButton(self.tr("Merge: in most of the passes"), "dispute.merge", drawing="merge")
        self._redraw = KeyButton("", "dispute.redraw", drawing="polygon")
        self._again = KeyButton("", "dispute.again", drawing="returned")
        self.offer = DraftOffer()
        self._merge.clicked.connect(self.merge_wanted)
        self._redraw.clicked.connect(self.redraw_wanted)
        self._again.clicked.connect(self.again_wanted)
        for widget in (self._merge, self._redraw, self.offer, self._again):
            whole.addWidget(widget)
        whole.addStretch(1)
        self.set_person("")
        self.set_possible(False, False, False)

    def set_keys(self, merge: str, redraw: str) -> None:
        """Show the keys."""
        self._merge.set_words(self._merge.words, merge)
        self._redraw.set_words(self._redraw.words, redraw)

    def set_person(self, name: str) -> None:
        """To whom the pair can be sent back; empty where no pair is open."""
        words = self.tr("Send back to {person}").format(person=name)
        self._again.set_words(words if name else self.tr("Send back"))

    def set_possible(self, decide: bool, merge: bool, go_on: bool) -> None:
        """Whether there is a pair, whether its passes can be merged, whether redrawing goes on with what is drawn."""
        self._merge.setEnabled(merge)
        self._redraw.setEnabled(decide)
        self._again.setEnabled(decide)
        self._redraw.set_words(self.tr("Go on with your mask") if go_on else self.tr("Redraw on the canvas"))
