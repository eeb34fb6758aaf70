"""The table of query groups on the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from annotator.ui import theme, wording
from annotator.ui.presenting.dashboard import PARTS, GroupProgress
from annotator.ui.wording import tr

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
HEADS = ("Group", "Queries", "Pairs", "Progress", "", "Disputes", "Returned", "Time per pass")
PROGRESS_COLUMN = 3
RIGHT = {2, 4, 5, 6, 7}


def part_colour(part: str) -> QBrush:
    """The brush of a part of a progress bar."""
    shown = theme.current()
    if part == "waiting":
        return QBrush(shown.mixed("text3", "window", 0.55), Qt.BrushStyle.BDiagPattern)
    mixed = {"done": 1.0, "pass2": 0.62, "pass1": 0.36}
    if part in mixed:
        return QBrush(shown.mixed("done", "empty", mixed[part]))
    return QBrush(shown.colour("dispute" if part == "dispute" else "empty"))


class ProgressModel(QAbstractTableModel):
    """One row per group."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[GroupProgress, ...] = ()

    @property
    def rows(self) -> tuple[GroupProgress, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[GroupProgress]) -> None:
        """Show the groups."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(self._rows)

    def columnCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(HEADS)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() in RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole and index.column() == 0:
            return theme.text_font(13, 600)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(row, index.column())
        return None

    def _text(self, row: GroupProgress, column: int) -> str:
        done = row.parts[PARTS.index("done")]
        texts = (
            row.name,
            row.title,
            wording.thousands(row.pairs),
            "",
            f"{100 * done / row.pairs:.0f} %" if row.pairs else "",
            str(row.disputes),
            str(row.returned),
            wording.clock(row.seconds) if row.seconds is not None else "–",
        )
        return texts[column]

    def _ink(self, row: GroupProgress, column: int) -> QBrush | None:
        if column == HEADS.index("Disputes") and row.disputes:
            return QBrush(theme.current().colour("dispute"))
        return None if row.is_open else QBrush(theme.current().colour("text3"))


class BarDelegate(QStyledItemDelegate):
    """Paints a group's progress as parts of one bar."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        row: GroupProgress = index.data(Qt.ItemDataRole.UserRole)
        cell = QRectF(option.rect)
        draw_parts(painter, QRectF(cell.left() + 6, cell.center().y() - 4, cell.width() - 12, 9), row.parts)


def draw_parts(painter: QPainter, box: QRectF, parts: Sequence[int]) -> None:
    """Parts of a whole from left to right."""
    total = sum(parts) or 1
    left = box.left()
    for part, count in zip(PARTS, parts, strict=True):
        wide = box.width() * count / total
        painter.fillRect(QRectF(left, box.top(), wide, box.height()), part_colour(part))
        left += wide


class ProgressTable(QTableView):
    """Enter or a double click opens a group."""

    def __init__(self, model: ProgressModel) -> None:
        super().__init__()
        self.setObjectName("dashboard.groups")
        self.setAccessibleName(self.tr("Query groups"))
        self.setModel(model)
        self.setItemDelegateForColumn(PROGRESS_COLUMN, BarDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(40)
        for section, wide in enumerate((64, 240, 64, 260, 60, 80, 80, 110)):
            self.setColumnWidth(section, wide)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(PROGRESS_COLUMN, QHeaderView.ResizeMode.Stretch)
        self.setTabKeyNavigation(False)
