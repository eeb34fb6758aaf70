"""The three passes of the pair: who, how they ended, how long they took, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import PassRow
from annotator.ui.widgets.lines import column, emptied, row
from annotator.ui.widgets.marks import Dots
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, PersonLabel, label


class PassesPanel(Section):
    """History of the pair, every submission a row; `chosen` carries the position of a row to look at."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Passes"), "passes", line=False)
        self._time: QLabel | None = None
        self._lasting: tuple[PassRow, ...] = ()
        self._rows = column()
        self.body.addLayout(self._rows)
        self._empty = label("", "second")
        self._empty.setContentsMargins(12, 0, 12, 4)
        self.body.addWidget(self._empty)

    def set_rows(self, views: Sequence[PassRow], empty: str = "") -> None:
        """Show the passes; `empty` is said where no pair is open."""
        lasting = tuple(replace(view, detail="") if view.state == "work" else view for view in views)
        if lasting != self._lasting:
            self._lasting = lasting
            self._rebuild(views)
        self.set_time(next((view.detail for view in views if view.state == "work"), ""))
        self._empty.setText(empty)
        self._empty.setVisible(bool(empty))

    def set_time(self, text: str) -> None:
        """The time of the pass in work goes on."""
        if self._time is not None:
            self._time.setText(text)

    def _rebuild(self, views: Sequence[PassRow]) -> None:
        emptied(self._rows)
        self._time = None
        for position, view in enumerate(views):
            self._rows.addWidget(self._line(view, position))
            if view.reason:
                self._rows.addWidget(self._reason(view.reason))

    def _line(self, view: PassRow, position: int) -> QWidget:
        title = self.tr("Pass {number}").format(number=view.number)
        line = ChoiceRow(f"passes.{position}", f"{title} {view.person} {view.verdict}", 28)
        quiet = "quiet" if view.state == "empty" else ""
        line.line.addWidget(Dots((view.state,)))
        line.line.addWidget(label(title, "" if quiet else "strong", quiet))
        if view.person:
            line.line.addWidget(PersonLabel(view.person))
        if view.verdict:
            tone = "warning" if view.state == "returned" else "dispute" if view.state == "dispute" else "quiet"
            line.line.addWidget(ElidedLabel(view.verdict, "second", tone), 1)
        else:
            line.line.addStretch(1)
        detail = label(view.detail, "value", quiet)
        detail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.line.addWidget(detail)
        if view.state == "work":
            self._time = detail
        line.chosen.connect(lambda: self.chosen.emit(position))
        return line

    def _reason(self, text: str) -> QWidget:
        box = QWidget()
        line = row(box, margins=(31, 0, 12, 4))
        line.addWidget(label(text, "second", wrap=True))
        return box
