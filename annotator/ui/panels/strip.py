"""The group's index images at the bottom: thumbnails with their outline, coloured by state, filters, the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QListView, QToolButton, QWidget

from annotator.domain.dataset import PairKey
from annotator.ui import icons, theme, wording
from annotator.ui.panels.strip_paint import CELL, StripDelegate
from annotator.ui.views import StripFilter, StripItem
from annotator.ui.widgets.buttons import quiet_button
from annotator.ui.widgets.lines import across, column, row
from annotator.ui.widgets.text import ElidedLabel, NameLabel, label

Index = QModelIndex | QPersistentModelIndex
Wish = Callable[[StripItem], None]

ItemRole = Qt.ItemDataRole.UserRole
PictureRole = Qt.ItemDataRole.UserRole + 1
CurrentRole = Qt.ItemDataRole.UserRole + 2
NO_PARENT = QModelIndex()

ROOMY = 1400
"""Width from which words stand before the next pair of the queue; below it they are the tooltip of their mark."""

CROWDED = 1200
"""Width below which filters that no pair passes are left out, so that the next pair's name can be read."""


class StripModel(QAbstractListModel):
    """The items that pass the filter. Thumbnails are wished for when an item is first painted."""

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._wish = wish
        self._items: tuple[StripItem, ...] = ()
        self._pictures: dict[tuple[PairKey, int | None], QPixmap | None] = {}
        self._current: PairKey | None = None

    @property
    def items(self) -> tuple[StripItem, ...]:
        """What is shown, in order."""
        return self._items

    def set_items(self, items: Sequence[StripItem]) -> None:
        """Show these; a change of states alone keeps the scroll position and repaints what changed."""
        shown, before = tuple(items), self._items
        if [item.key for item in shown] == [item.key for item in before]:
            self._items = shown
            for position in (position for position, item in enumerate(shown) if item != before[position]):
                self.dataChanged.emit(self.index(position), self.index(position))
            return
        self.beginResetModel()
        self._items = shown
        self.endResetModel()

    def set_current(self, key: PairKey | None) -> int:
        """Mark the open pair; returns its row or -1."""
        before, self._current = self._row(self._current), key
        after = self._row(key)
        for position in {before, after} - {-1}:
            self.dataChanged.emit(self.index(position), self.index(position))
        return after

    def set_picture(self, item: StripItem, picture: QPixmap) -> None:
        """A thumbnail has arrived."""
        self._pictures = {known: old for known, old in self._pictures.items() if known[0] != item.key or old is None}
        self._pictures[(item.key, item.revision)] = picture
        position = self._row(item.key)
        if position >= 0:
            self.dataChanged.emit(self.index(position), self.index(position))

    def rowCount(self, _parent: Index = NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        return len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._items[index.row()]
        if role == ItemRole:
            return item
        if role == PictureRole:
            return self._picture(item)
        if role == CurrentRole:
            return item.key == self._current
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(item)
        return CELL if role == Qt.ItemDataRole.SizeHintRole else None

    def _picture(self, item: StripItem) -> QPixmap | None:
        known = (item.key, item.revision)
        if item.present and known not in self._pictures:
            self._pictures[known] = None
            self._wish(item)
        older = (picture for (key, _), picture in self._pictures.items() if key == item.key and picture is not None)
        return self._pictures.get(known) or next(older, None)

    def _words(self, item: StripItem) -> str:
        lines = [f"{item.key.image}  {item.difficulty}", item.state if item.present else self.tr("image not here")]
        if item.holder:
            lines.append(self.tr("{person} works on it").format(person=item.holder))
        return "\n".join(lines)

    def _row(self, key: PairKey | None) -> int:
        return next((position for position, item in enumerate(self._items) if item.key == key), -1)


class StripList(QListView):
    """One row of thumbnails; the wheel scrolls sideways."""

    def __init__(self, model: StripModel) -> None:
        super().__init__()
        self.setObjectName("strip.list")
        self.setAccessibleName(self.tr("Index images of the group"))
        self.setModel(model)
        self.setItemDelegate(StripDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        step = event.angleDelta().y() or event.angleDelta().x()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - step)
        event.accept()


class FilterButton(QToolButton):
    """A state with its colour and count; its accessible name says both."""

    def __init__(self, view: StripFilter) -> None:
        super().__init__()
        self.setObjectName(f"strip.filter.{view.name}")
        self.setProperty("look", "filter")
        self.setCheckable(True)
        self.setFixedHeight(24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._token = view.token
        self.show_view(view)

    def show_view(self, view: StripFilter) -> None:
        """Show another count."""
        self.count = view.count
        self.setText(f"{view.text}  {wording.thousands(view.count)}")
        self.setAccessibleName(f"{view.text}, {view.count}")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 18
        return QSize(wide + (14 if self._token else 0), 24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        if not self._token:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        shown = theme.current()
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shown.colour("selection" if self.isChecked() else "raised"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(shown.colour("accent"))
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        painter.fillRect(9, 8, 8, 8, shown.colour(self._token))
        painter.setPen(shown.colour("text1" if self.isChecked() else "text2"))
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(23, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())


class Strip(QWidget):
    """Filters, the next pair of the queue, and the thumbnails. 116 px high."""

    chosen = Signal(object)
    filter_chosen = Signal(str)
    next_wanted = Signal()

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(116)
        self._buttons: dict[str, FilterButton] = {}
        self._group = QButtonGroup(self)
        whole = column(self)
        whole.addWidget(across())
        self._head = row(gap=2, margins=(8, 4, 12, 0))
        self._filters = row(gap=2)
        self._head.addLayout(self._filters)
        self._head.addStretch(1)
        self._add_queue()
        whole.addLayout(self._head)
        self.model = StripModel(wish)
        self.list = StripList(self.model)
        holder = row(gap=0, margins=(8, 0, 8, 0))
        holder.addWidget(self.list)
        self.list.clicked.connect(self._click)
        self.list.activated.connect(self._click)
        whole.addLayout(holder, 1)

    def set_filters(self, filters: Sequence[StripFilter], chosen: str) -> None:
        """Show the filters with their counts."""
        for view in filters:
            button = self._buttons.get(view.name)
            if button is None:
                button = FilterButton(view)
                button.clicked.connect(lambda _checked=False, name=view.name: self.filter_chosen.emit(name))
                self._group.addButton(button)
                self._buttons[view.name] = button
                self._filters.addWidget(button)
            button.show_view(view)
            button.setChecked(view.name == chosen)
        self._make_room()

    def set_items(self, items: Sequence[StripItem], current: PairKey | None) -> None:
        """Show the pairs and bring the open one into sight."""
        self.model.set_items(items)
        self.set_current(current)

    def set_current(self, key: PairKey | None) -> None:
        """Mark the open pair and bring it into sight."""
        position = self.model.set_current(key)
        if position >= 0:
            index = self.model.index(position)
            self.list.scrollTo(index, QListView.ScrollHint.EnsureVisible)
            self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def set_next(self, name: str, reason: str, key: str) -> None:
        """Name the next pair of the queue; an empty name means that nothing waits."""
        self._next_name.setText(name or self.tr("nothing"))
        self._next_reason.setText(reason)
        self._take.setVisible(bool(name))
        self._take.set_words(self.tr("Take it"), key)
        self._make_room()

    def _add_queue(self) -> None:
        self._mark = label()
        self._head.addWidget(self._mark)
        self._next_words = label(self.tr("Next in queue"), "second")
        self._mark.setToolTip(self._next_words.text())
        self._head.addWidget(self._next_words)
        self._next_name = NameLabel("", "strong")
        self._next_name.setObjectName("strip.next")
        self._head.addWidget(self._next_name)
        self._next_reason = ElidedLabel("", "second")
        self._head.addWidget(self._next_reason)
        self._head.setSpacing(6)
        self._take = quiet_button(self.tr("Take it"), "strip.take")
        self._take.clicked.connect(self.next_wanted)
        self._head.addWidget(self._take)
        self._paint_mark()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self._next_words.setVisible(self.width() >= ROOMY or self._take.isHidden())
        for button in self._buttons.values():
            button.setVisible(self.width() >= CROWDED or button.count > 0 or button.isChecked())

    def _paint_mark(self) -> None:
        self._mark.setPixmap(icons.pixmap("queue", "text2", self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint_mark()

    def _click(self, index: QModelIndex) -> None:
        item: StripItem = index.data(ItemRole)
        self.chosen.emit(item)
