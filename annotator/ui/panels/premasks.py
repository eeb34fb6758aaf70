"""The pre-masks of the pair with their confidence; shown only when there is one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import PremaskRow
from annotator.ui.widgets.lines import column, emptied
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label


class PremaskPanel(Section):
    """Proposals, most confident first; `chosen` carries the position of the one to show."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Pre-mask"), "premask")
        self._rows = column()
        self.body.addLayout(self._rows)
        self.hide()

    def set_rows(self, views: Sequence[PremaskRow], current: int) -> None:
        """Show the proposals and which one stands on the canvas."""
        emptied(self._rows)
        self.set_detail(str(len(views)))
        for position, view in enumerate(views):
            line = ChoiceRow(f"premask.{position}", view.proposer, 44)
            line.set_selected(False, "overlay_premask" if position == current else "")
            line.line.addWidget(label(str(position + 1), "value", "quiet"))
            words = column(gap=0)
            words.addStretch()
            words.addWidget(ElidedLabel(view.proposer))
            words.addWidget(ElidedLabel(view.detail, "hint"))
            words.addStretch()
            line.line.addLayout(words, 1)
            line.line.addWidget(label(f"{view.confidence:.2f}", "strong"))
            line.chosen.connect(lambda position=position: self.chosen.emit(position))
            self._rows.addWidget(line)
        self.setVisible(bool(views))
