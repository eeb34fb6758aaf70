"""All queries of the group: masked ones as pictures with outlines, missing ones with the reason, the note below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from annotator.domain.errors import Place
from annotator.domain.geometry import Box
from annotator.ui import overlay
from annotator.ui.canvas.layers import RemarkPin
from annotator.ui.panels.note import NotePanel
from annotator.ui.panels.query_picture import QueryPicture
from annotator.ui.views import GroupView, QueryCard
from annotator.ui.widgets.buttons import IconButton
from annotator.ui.widgets.lines import across, area, column, emptied, row, scrolled
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import NameLabel, label

WantImage = Callable[[QueryCard, Callable[[QImage], None]], None]
"""Asks for the image of a query; the answer comes later."""


class QueriesPanel(QWidget):
    """`hovered` carries a query's number and the place under the cursor (None when it leaves).

    `shown` carries the group that `set_view` was given, `remark_wanted` the RemarkPlace of a new remark on a query,
    `remark_clicked` and `remark_hovered` a remark's id (None where the cursor is on none).
    """

    hovered = Signal(int, object)
    shown = Signal(object)
    remark_wanted = Signal(object)
    remark_clicked = Signal(int)
    remark_hovered = Signal(object)
    rules_wanted = Signal()
    linked = Signal(bool)

    def __init__(self, want_image: WantImage) -> None:
        super().__init__()
        self.setObjectName("queries")
        self._want = want_image
        self._view: GroupView | None = None
        self._pinned = -1
        self._pictures: dict[int, QueryPicture] = {}
        self._pins: dict[int, tuple[RemarkPin, ...]] = {}
        self._remarking = False
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole = column(self)
        self._head = Section(self.tr("Queries"), "queries.head", line=False)
        self._head.body.setContentsMargins(0, 0, 0, 0)
        self.link = IconButton("crosshair", self.tr("Mark the same place everywhere"), "queries.link", checkable=True)
        self.link.setChecked(True)
        self.link.hide()  # until a proposer's geometry says which places belong together
        self.link.toggled.connect(self.linked)
        self._head.tools.addWidget(self.link)
        whole.addWidget(self._head)
        inner = area("panel")
        self._inner = column(inner)
        self._pictures_box = QWidget()
        self._pictures_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self._pictures_box)
        self._grid.setContentsMargins(12, 0, 12, 12)
        self._grid.setSpacing(8)
        self._inner.addWidget(self._pictures_box)
        self._missing_line = across()
        self._inner.addWidget(self._missing_line)
        self._missing = column(margins=(12, 4, 12, 4))
        self._inner.addLayout(self._missing)
        self._inner.addStretch(1)
        whole.addWidget(scrolled(inner), 1)
        whole.addWidget(across())
        self.note = NotePanel()
        self.note.rules_wanted.connect(self.rules_wanted)
        whole.addWidget(self.note)

    def set_view(self, view: GroupView | None) -> None:
        """Show a group; the pinned query and zooms stay when only the note changed."""
        self.note.set_note(view.note if view is not None else None, None)
        self.shown.emit(view)
        if view == self._view:
            return
        same = view is not None and self._view is not None and view.cards == self._view.cards
        self._view = view
        if not same:
            masked = view.masked if view else ()
            if self._pinned not in {card.number for card in masked}:
                self._pinned = masked[0].number if masked else -1
            self._rebuild()

    def set_rules_key(self, key: str) -> None:
        """Name the key that shows the rules."""
        self.note.set_rules_key(key)

    def set_marks(self, places: dict[int, Place | None]) -> None:
        """Mark a place in each query picture."""
        for number, shown in self._pictures.items():
            shown.picture.set_mark(places.get(number))

    def set_remarks(self, pins: dict[int, tuple[RemarkPin, ...]]) -> None:
        """Show remarks in the pictures, by the query's number."""
        self._pins = pins
        for number, shown in self._pictures.items():
            shown.picture.set_pins(pins.get(number, ()))

    def set_remarking(self, on: bool) -> None:
        """Take clicks and drags in the pictures as places of remarks."""
        if on != self._remarking:
            self._remarking = on
            for shown in self._pictures.values():
                shown.set_remarking(on)

    def show_place(self, number: int, box: Box | None) -> None:
        """Show a query large, and a box of its image in the middle; None shows it as ever."""
        if number not in self._pictures:
            return
        self.pin(number)
        if box is not None:
            self._pictures[number].picture.look_at(box)

    def pin(self, number: int) -> None:
        """Show a query large."""
        if number != self._pinned:
            self._pinned = number
            self._rebuild()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._fit()

    def _rebuild(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        emptied(self._missing)
        self._pictures = {}
        view = self._view
        masked = view.masked if view else ()
        shown = sorted(masked, key=lambda card: (card.number != self._pinned, card.number))
        for position, card in enumerate(shown):
            self._add(card, position)
        for card in view.cards if view else ():
            if card not in masked:
                self._missing.addWidget(self._missing_row(card))
        self._missing_line.setVisible(view is not None and len(masked) < len(view.cards))
        total = len(view.cards) if view else 0
        said = self.tr("{masked} of {total} masked").format(masked=len(masked), total=total)
        self._head.set_detail(said if view else "")
        self._fit()

    def _add(self, card: QueryCard, position: int) -> None:
        made = QueryPicture(card, pinned=position == 0)
        made.pin_wanted.connect(self.pin)
        made.hovered.connect(self.hovered)
        made.picture.remark_wanted.connect(self.remark_wanted)
        made.picture.remark_clicked.connect(self.remark_clicked)
        made.picture.remark_hovered.connect(self.remark_hovered)
        made.picture.set_pins(self._pins.get(card.number, ()))
        made.set_remarking(self._remarking)
        self._pictures[card.number] = made
        if position == 0:
            self._grid.addWidget(made, 0, 0, 1, 2)
        else:
            self._grid.addWidget(made, 1 + (position - 1) // 2, (position - 1) % 2)
        self._want(card, made.picture.set_image)

    def _missing_row(self, card: QueryCard) -> QWidget:
        box = QWidget()
        box.setFixedHeight(24)
        line = row(box, gap=8)
        number = label(str(card.number), "value", "quiet")
        number.setMinimumWidth(18)
        line.addWidget(number)
        line.addWidget(NameLabel(card.image, "value"), 1)
        line.addWidget(label(card.missing, "second", "quiet"))
        return box

    def _fit(self) -> None:
        """Heights: the pinned picture as tall as its object asks for, the small ones square."""
        wide = max(100, self.width() - 24)
        for position, shown in enumerate(self._pictures.values()):
            if position == 0:
                shown.setFixedHeight(min(int(wide * self._aspect(shown.card)), int(wide * 1.25)) + 24)
            else:
                shown.setFixedHeight((wide - 8) // 2 + 24)

    def _aspect(self, card: QueryCard) -> float:
        box = overlay.object_box(card.annotation) if card.annotation else None
        if box is None:
            return 1.0
        high, wide = box[3] - box[1] + 1, box[2] - box[0] + 1
        return max(0.6, min(1.25, high / wide))
