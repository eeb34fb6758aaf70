"""Query masks of the group that contradict each other; a click shows one of the two."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal

from annotator.ui import icons, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.widgets.lines import column, emptied
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import label
from qa.checks.among_queries import REMEDY
from qa.query_consensus import Contradiction


class ConsensusPanel(Section):
    """`chosen` carries the number of a query. Hidden while nothing is contradicted."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Between queries"), "group-consensus")
        self._found: tuple[Contradiction, ...] = ()
        self._current: int | None = None
        self._rows = column()
        self.body.addLayout(self._rows)
        remedy = label(REMEDY, "hint", wrap=True)
        remedy.setContentsMargins(12, 4, 12, 0)
        self.body.addWidget(remedy)
        self.hide()

    def set_found(self, found: Sequence[Contradiction], current: int | None) -> None:
        """Show what contradicts; a click goes to the other query than the `current` one."""
        self._found, self._current = tuple(found), current
        self.set_detail(wording.counted(len(found), self.tr("warning"), self.tr("warnings")), "warning")
        self.setVisible(bool(found))
        self._rebuild()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._found:
            self._rebuild()

    def _rebuild(self) -> None:
        emptied(self._rows)
        for number, one in enumerate(self._found):
            line = ChoiceRow(f"group-consensus.{number}", one.sentence, 56)
            mark = label()
            mark.setFixedWidth(16)
            mark.setPixmap(icons.pixmap("warning", "warning", self.devicePixelRatioF()))
            line.line.addWidget(mark)
            line.line.addWidget(label(one.sentence, "value", wrap=True), 1)
            target = one.queries[1] if one.queries[0] == self._current else one.queries[0]
            line.chosen.connect(lambda target=target: self.chosen.emit(target))
            self._rows.addWidget(line)
