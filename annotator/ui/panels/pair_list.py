"""A list of pairs in place of the dashboard's table of groups; a click on a row opens the pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QWidget

from annotator.domain.passes import PairState
from annotator.ui import theme, wording
from annotator.ui.presenting.pair_lists import EMPTY, cells_of, heads_of, title_of
from annotator.ui.widgets.buttons import quiet_button
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.text import ElidedLabel, label
from annotator.ui.wording import tr
from qa.pair_lists import Behind, ListedPair, Which

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
WIDTHS = (230, 60, 160, 110, 200)
NUMBER = 3
_INKS = {
    PairState.DONE: "done",
    PairState.RETURNED_1: "warning",
    PairState.RETURNED_2: "warning",
    PairState.DISPUTE: "dispute",
    PairState.ESCALATED: "dispute",
}


class PairListModel(QAbstractTableModel):
    """One row per pair; `limit` is the agreement of the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.which = Which(Behind.DONE)
        self.rows: tuple[ListedPair, ...] = ()
        self.limit = 0.0

    def set_rows(self, which: Which, rows: Sequence[ListedPair], limit: float) -> None:
        """Show another list."""
        self.beginResetModel()
        self.which, self.rows, self.limit = which, tuple(rows), limit
        self.endResetModel()

    def rowCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(self.rows)

    def columnCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(heads_of(self.which))

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return heads_of(self.which)[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown, at = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells_of(self.which, shown)[at]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(at)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(shown, at)
        return theme.text_font(13, 600) if role == Qt.ItemDataRole.FontRole and at == NUMBER else None

    def _side(self, at: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if at == NUMBER else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def _ink(self, shown: ListedPair, at: int) -> QBrush | None:
        colours = theme.current()
        if at == 2 and shown.state in _INKS:
            return QBrush(colours.colour(_INKS[shown.state]))
        low = shown.number is not None and shown.number < self.limit and self.which.what is not Behind.TIME
        if at == NUMBER and low:
            return QBrush(colours.colour("warning"))
        return QBrush(colours.colour("text2")) if at in (1, 2, 4, 5) else None


class PairList(QWidget):
    """`chosen` carries the key of a pair, `closed` asks for the groups again."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dashboard.pairs")
        whole = column(self)
        head = QWidget()
        head.setFixedHeight(40)
        line = row(head, gap=8, margins=(16, 0, 16, 0))
        self.back = quiet_button(tr("All groups"), "dashboard.pairs.back", tr("Esc"))
        self.back.clicked.connect(self.closed)
        self._title, self._count = label("", "section", name="dashboard.pairs.title"), label("", "second")
        line.addWidget(self._title)
        line.addWidget(self._count)
        line.addStretch()
        line.addWidget(self.back)
        whole.addWidget(head)
        self.model = PairListModel()
        self.table = self._make_table()
        self._empty = ElidedLabel("", "second")
        self._empty.setObjectName("dashboard.pairs.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(16, 48, 16, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        whole.addWidget(self._stack, 1)

    def show_rows(self, which: Which, rows: Sequence[ListedPair], limit: float) -> None:
        """Show a list; the same one read anew keeps its row."""
        at = self.table.currentIndex().row() if which == self.model.which else 0
        self.model.set_rows(which, rows, limit)
        self._title.setText(title_of(which))
        self._count.setText(wording.thousands(len(rows)))
        self._empty.setText(tr(EMPTY[which.what]))
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if rows:
            self.table.selectRow(min(max(0, at), len(rows) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        small = self.width() < sum(WIDTHS) + 160
        for section, wide in enumerate(WIDTHS):
            self.table.setColumnWidth(section, wide * 3 // 4 if small and section in (0, 4) else wide)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("dashboard.pairs.table")
        table.setAccessibleName(tr("Pairs"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setCursor(Qt.CursorShape.PointingHandCursor)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        heads = table.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setStretchLastSection(True)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.clicked.connect(self._open)
        table.activated.connect(self._open)
        return table

    def _open(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.rows[index.row()].key)
