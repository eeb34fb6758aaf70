"""The table of query groups on the dashboard."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from annotator.domain.dataset import group_name
from annotator.ui import theme, wording
from annotator.ui.presenting.dashboard import NONE, PARTS, forecast_words, interval, mean, parts_of, title_of
from annotator.ui.wording import tr
from qa.agreement.estimates import Estimate
from qa.dashboard import GroupRow

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
HEADS = (
    "Group", "Queries", "Pairs", "Progress", "", "Agreement", "IoU", "95 %", "Disputes", "Minutes", "Forecast"
)  # fmt: skip
WIDTHS = (60, 200, 60, 196, 64, 150, 60, 92, 80, 96, 84)
SMALL_WIDTHS = (62, 120, 56, 126, 64, 150, 70, 92, 80, 76, 80)
ROOMY, INTERVAL_COLUMN = 1080, 7
"""Below this width columns are smaller, and the ends of the interval are left to its picture."""
PROGRESS_COLUMN, AGREEMENT_COLUMN = 3, 5
DISPUTES_COLUMN = HEADS.index("Disputes")
RIGHT = {2, 4, 6, 8, 9, 10}
LOWEST, HIGHEST = 0.7, 1.0
"""The range of agreement that the marks show; what lies below stands at the left end."""


def part_colour(part: str) -> QBrush:
    """The brush of a part of a progress bar."""
    shown = theme.current()
    if part == "waiting":
        return QBrush(shown.mixed("text3", "window", 0.55), Qt.BrushStyle.BDiagPattern)
    mixed = {"done": 1.0, "pass2": 0.62, "pass1": 0.36}
    if part in mixed:
        return QBrush(shown.mixed("done", "empty", mixed[part]))
    return QBrush(shown.colour("empty"))


class ProgressModel(QAbstractTableModel):
    """One row per group; `limit` is the agreement of the rules."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[GroupRow, ...] = ()
        self.limit = 0.0

    @property
    def rows(self) -> tuple[GroupRow, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[GroupRow], limit: float) -> None:
        """Show the groups."""
        self.beginResetModel()
        self._rows, self.limit = tuple(rows), limit
        self.endResetModel()

    def rowCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(self._rows)

    def columnCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(HEADS)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            limit = tr(" limit {limit}").format(limit=f"{self.limit:.2f}") if section == AGREEMENT_COLUMN else ""
            return tr(HEADS[section]) + limit
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
        if role == Qt.ItemDataRole.FontRole and index.column() in (0, 6):
            return theme.text_font(13, 600)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(row, index.column())
        return None

    def _text(self, row: GroupRow, column: int) -> str:
        standing = row.standing
        texts = (
            group_name(row.number),
            title_of(row),
            wording.thousands(standing.pairs),
            "",
            f"{100 * standing.done / standing.pairs:.0f} %" if standing.pairs else "",
            "",
            mean(row.agreement),
            interval(row.agreement),
            str(standing.stopped),
            f"{row.seconds.mean / 60:.1f}" if row.seconds.known else NONE,
            forecast_words(row),
        )
        return texts[column]

    def _ink(self, row: GroupRow, column: int) -> QBrush | None:
        shown, standing = theme.current(), row.standing
        if column == DISPUTES_COLUMN and standing.stopped:
            return QBrush(shown.colour("dispute"))
        if column == len(HEADS) - 1 and standing.pairs and standing.done == standing.pairs:
            return QBrush(shown.colour("done"))
        if column in (7, DISPUTES_COLUMN) or standing.waiting == standing.pairs:
            return QBrush(shown.colour("text3"))
        return None


class BarDelegate(QStyledItemDelegate):
    """Paints a group's progress as parts of one bar."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        row: GroupRow = index.data(Qt.ItemDataRole.UserRole)
        cell = QRectF(option.rect)
        box = QRectF(cell.left() + 6, cell.center().y() - 4, cell.width() - 12, 9)
        draw_parts(painter, box, parts_of(row.standing))


class IntervalDelegate(QStyledItemDelegate):
    """Paints a mean as a dot on its interval, with the rules' limit as a dotted line."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        row: GroupRow = index.data(Qt.ItemDataRole.UserRole)
        limit = model.limit if isinstance(model, ProgressModel) else 0.0
        draw_interval(painter, QRectF(option.rect).adjusted(10, 3, -10, -4), row.agreement, limit)


def draw_parts(painter: QPainter, box: QRectF, parts: Sequence[int]) -> None:
    """Parts of a whole from left to right."""
    total = sum(parts) or 1
    left = box.left()
    for part, count in zip(PARTS, parts, strict=True):
        wide = box.width() * count / total
        painter.fillRect(QRectF(left, box.top(), wide, box.height()), part_colour(part))
        left += wide


def draw_interval(painter: QPainter, box: QRectF, value: Estimate, limit: float) -> None:
    """One mean with its ends; orange where it is below the limit."""

    def x(at: float) -> float:
        return box.left() + box.width() * min(1.0, max(0.0, (at - LOWEST) / (HIGHEST - LOWEST)))

    shown = theme.current()
    painter.save()
    painter.setPen(QPen(shown.colour("warning"), 1, Qt.PenStyle.DotLine))
    line = round(x(limit)) + 0.5
    painter.drawLine(QPointF(line, box.top()), QPointF(line, box.bottom()))
    if value.known:
        middle = round(box.center().y()) + 0.5
        if math.isfinite(value.low):
            painter.setPen(QPen(shown.colour("text2"), 1))
            ends = round(x(value.low)) + 0.5, round(x(value.high)) + 0.5
            painter.drawLine(QPointF(ends[0], middle), QPointF(ends[1], middle))
            for end in ends:
                painter.drawLine(QPointF(end, middle - 3), QPointF(end, middle + 3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shown.colour("warning" if value.mean < limit else "text1"))
        painter.drawEllipse(QPointF(x(value.mean), middle), 3.5, 3.5)
    painter.restore()


class ProgressTable(QTableView):
    """Enter or a double click opens a group, a click on a number shows the pairs behind it."""

    def __init__(self, model: ProgressModel) -> None:
        super().__init__()
        self.setObjectName("dashboard.groups")
        self.setAccessibleName(self.tr("Query groups"))
        self.setModel(model)
        self.setItemDelegateForColumn(PROGRESS_COLUMN, BarDelegate(self))
        self.setItemDelegateForColumn(AGREEMENT_COLUMN, IntervalDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(40)
        for section, wide in enumerate(WIDTHS):
            self.setColumnWidth(section, wide)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setTabKeyNavigation(False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        roomy = self.width() >= ROOMY
        if roomy == self.isColumnHidden(INTERVAL_COLUMN):
            for section, wide in enumerate(WIDTHS if roomy else SMALL_WIDTHS):
                self.setColumnWidth(section, wide)
            self.setColumnHidden(INTERVAL_COLUMN, not roomy)
