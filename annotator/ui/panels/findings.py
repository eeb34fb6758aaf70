"""What is wrong with the annotation now; a click goes to the place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel

from annotator.ui import icons, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import FindingRow
from annotator.ui.widgets.lines import column
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label


class FindingLine(ChoiceRow):
    """One finding with its icon, sentence and where it is."""

    def __init__(self, number: int) -> None:
        super().__init__(f"finding.{number}", "", 40)
        self.line.setContentsMargins(12, 4, 12, 4)
        self._severity = ""
        self._mark = QLabel()
        self._mark.setFixedWidth(16)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line.addWidget(self._mark)
        words = column(gap=0)
        words.addStretch()
        self._text, self._detail = label("", "value", wrap=True), ElidedLabel("", "hint")
        words.addWidget(self._text)
        words.addWidget(self._detail)
        words.addStretch()
        self.line.addLayout(words, 1)

    def show_row(self, view: FindingRow) -> None:
        """Show a finding, or another one than before."""
        self._severity = view.severity
        self._text.setText(view.text)
        self._detail.setText(view.detail)
        self.setAccessibleName(view.text)
        self.setToolTip(f"{view.text}\n{view.detail}")
        self._paint_mark()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint_mark()

    def _paint_mark(self) -> None:
        name = "error" if self._severity == "error" else "warning"
        self._mark.setPixmap(icons.pixmap(name, name, self.devicePixelRatioF()))


class FindingsPanel(Section):
    """The findings; `chosen` carries the row that the person wants to see."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(self.tr("Findings"), "findings")
        self._views: tuple[FindingRow, ...] = ()
        self._next = 0
        self._lines: list[FindingLine] = []
        self._rows = column()
        self.body.addLayout(self._rows)
        self._empty = label("", "second", wrap=True)
        self._empty.setContentsMargins(12, 0, 12, 4)
        self.body.addWidget(self._empty)

    @property
    def views(self) -> tuple[FindingRow, ...]:
        """What is shown."""
        return self._views

    def set_rows(self, views: Sequence[FindingRow], empty: str = "") -> None:
        """Show the findings; `empty` is said below the header where none can be (no pair is open)."""
        if tuple(views) != self._views:
            self._views, self._next = tuple(views), 0
            while len(self._lines) < len(views):
                self._add_line()
            for line, view in zip(self._lines, views, strict=False):
                line.show_row(view)
            for number, line in enumerate(self._lines):
                line.setVisible(number < len(views))
        self._empty.setText(empty)
        self._empty.setVisible(bool(empty))
        errors = sum(view.severity == "error" for view in views)
        if empty:
            self.set_detail("")
        elif errors:
            self.set_detail(wording.counted(errors, self.tr("error"), self.tr("errors")), "error")
        elif views:
            self.set_detail(wording.counted(len(views), self.tr("warning"), self.tr("warnings")), "warning")
        else:
            self.set_detail(self.tr("none"), "done")

    def _add_line(self) -> None:
        """Lines are kept for the next findings, since making one takes a millisecond."""
        number = len(self._lines)
        line = FindingLine(number)
        line.chosen.connect(lambda: self.chosen.emit(self._views[number]))
        self._lines.append(line)
        self._rows.addWidget(line)

    def go_next(self) -> None:
        """Choose the next finding, round and round."""
        if self._views:
            self.chosen.emit(self._views[self._next % len(self._views)])
            self._next += 1
