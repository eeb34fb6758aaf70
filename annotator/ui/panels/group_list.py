"""Researcher's left column: all query groups with their masked queries and whether they are open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import GroupLine
from annotator.ui.widgets.buttons import IconButton
from annotator.ui.widgets.lines import area, column, emptied, scrolled
from annotator.ui.widgets.marks import Dots
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label


class GroupList(QWidget):
    """`chosen` carries a group's number."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("groups")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lines: tuple[GroupLine, ...] = ()
        self._current = -1
        self._rows: dict[int, ChoiceRow] = {}
        whole = column(self)
        self._head = Section(self.tr("Query groups"), "groups.head", line=False)
        self._head.body.setContentsMargins(0, 0, 0, 0)
        find = IconButton("search", self.tr("Search groups"), "groups.find", checkable=True)
        find.toggled.connect(self._show_search)
        self._head.tools.addWidget(find)
        whole.addWidget(self._head)
        self._search = QLineEdit()
        self._search.setObjectName("groups.search")
        self._search.setAccessibleName(self.tr("Search groups"))
        self._search.setPlaceholderText(self.tr("Group or query image"))
        self._search.textChanged.connect(self._filter)
        self._search.hide()
        box = column(margins=(12, 0, 12, 4))
        box.addWidget(self._search)
        whole.addLayout(box)
        inner = area("panel")
        stack = column(inner)
        self._list = column()
        stack.addLayout(self._list)
        stack.addStretch(1)
        whole.addWidget(scrolled(inner), 1)

    def set_lines(self, lines: Sequence[GroupLine], current: int) -> None:
        """Show the groups and which one is in work."""
        opened = sum(line.is_open for line in lines)
        self._head.set_detail(self.tr("{opened} of {all} open").format(opened=opened, all=len(lines)))
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            emptied(self._list)
            self._rows = {}
            for line in lines:
                row = self._row(line)
                self._rows[line.number] = row
                self._list.addWidget(row)
            self._filter(self._search.text())
        self._current = current
        for number, row in self._rows.items():
            row.set_selected(number == current)

    def _row(self, line: GroupLine) -> ChoiceRow:
        row = ChoiceRow(f"groups.{line.name}", f"{line.name} {line.first}", 31)
        state = "done" if line.is_open else "work" if line.ready else "empty"
        row.line.addWidget(Dots((state,)))
        row.line.addWidget(label(line.name, "strong"))
        row.line.addWidget(ElidedLabel(line.first, "second"), 1)
        if line.ready and not line.is_open:
            row.line.addWidget(label(self.tr("ready to open"), "second", "accent"))
        row.line.addWidget(label(self.tr("{n} of {all}").format(n=line.approved, all=line.total), "value"))
        row.chosen.connect(lambda: self.chosen.emit(line.number))
        return row

    def _show_search(self, shown: bool) -> None:
        self._search.setVisible(shown)
        if shown:
            self._search.setFocus()
        else:
            self._search.clear()

    def _filter(self, words: str) -> None:
        for line in self._lines:
            self._rows[line.number].setHidden(words.lower() not in f"{line.name} {line.first}".lower())
