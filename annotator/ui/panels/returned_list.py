"""What was returned, and why: the work that waits to be mended first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from annotator.domain.dataset import PairKey
from annotator.ui import wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.panels.query_column import Thumb
from annotator.ui.presenting.remark_lists import ReturnedLine
from annotator.ui.widgets.lines import area, column, emptied, scrolled
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, NameLabel, label

MOST = 60
"""Rows of each of the two lists; what is older is in the history of its pair."""

MOST_REMARKS = 3
"""Remarks that are written out below a returned pass; the pair shows all."""

WantPicture = Callable[[PairKey, Callable[[QPixmap], None]], None]


class ReturnedRow(ChoiceRow):
    """One returned pass: picture, reason, who returned it, its open remarks."""

    def __init__(self, position: int, line: ReturnedLine, want: WantPicture) -> None:
        super().__init__(f"returned.{position}", f"{line.key.image}: {line.reason}", 56)
        thumb = Thumb()
        want(line.key, thumb.set_picture)
        self.line.addWidget(thumb, 0, Qt.AlignmentFlag.AlignTop)
        self.line.setContentsMargins(12, 8, 12, 8)
        words = column(gap=0)
        words.addWidget(NameLabel(line.key.image))
        words.addWidget(label(line.reason, "second", "quiet" if line.mended else "warning", wrap=True))
        by = self.tr("{title}, by {person}, {day}")
        below = by.format(title=line.title, person=line.by, day=wording.short_day(line.at))
        words.addWidget(ElidedLabel(below, "hint"))
        for text in line.remarks[:MOST_REMARKS]:
            words.addWidget(label(f"“{text}”", "second", wrap=True))
        left = len(line.remarks) - MOST_REMARKS
        if left > 0:
            words.addWidget(label(self.tr("and {count} more").format(count=left), "hint"))
        self.line.addLayout(words, 1)
        self.setAccessibleDescription(". ".join((below, *line.remarks)))


class ReturnedList(QWidget):
    """`chosen` carries the ReturnedLine that somebody wants to open."""

    chosen = Signal(object)

    def __init__(self, title: str, want: WantPicture) -> None:
        super().__init__()
        self._want = want
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._waiting = Section(title, "returned")
        self._mended = Section(self.tr("Mended"), "returned.mended", line=False)
        self._empty = label("", "second", name="returned.empty", wrap=True)
        self._empty.setContentsMargins(12, 8, 12, 8)
        inner = area("panel")
        stack = column(inner)
        stack.addWidget(self._waiting)
        stack.addWidget(self._empty)
        stack.addWidget(self._mended)
        stack.addStretch(1)
        column(self).addWidget(scrolled(inner), 1)

    def set_lines(self, lines: Sequence[ReturnedLine]) -> None:
        """Show returned passes, those that wait apart from those that were mended."""
        position = 0
        for section, mended in ((self._waiting, False), (self._mended, True)):
            its = [line for line in lines if line.mended is mended]
            emptied(section.body)
            for line in its[:MOST]:
                made = ReturnedRow(position, line, self._want)
                made.chosen.connect(lambda line=line: self.chosen.emit(line))
                section.body.addWidget(made)
                position += 1
            section.set_detail(str(len(its)) if its else self.tr("none"), "warning" if its and not mended else "")
        waits = any(not line.mended for line in lines)
        self._mended.setVisible(any(line.mended for line in lines))
        self._empty.setText("" if waits else self.tr("Nothing waits to be mended. A pass that is returned comes here."))
        self._empty.setVisible(not waits)
