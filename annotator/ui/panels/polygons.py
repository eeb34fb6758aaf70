"""The list of polygons: role, kind, share, eye, lock; the mask's line below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from annotator.domain.shapes import OccluderKind, Role
from annotator.ui import theme, wording
from annotator.ui.overlay import TOKENS
from annotator.ui.views import MaskLine, PolygonRow
from annotator.ui.widgets.buttons import IconButton
from annotator.ui.widgets.lines import column, removed, row
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label

NARROWEST_KIND, WIDEST_KIND = 36, 116
"""Widths of the choice of a kind: it gives way so that a polygon's name and number can be read."""

NARROWEST, REST, REST_WITHOUT_SHARE = 160, 188, 144
"""Least width of a row, and what it needs beside the name; with less the share gives way, then the kind."""


class Swatch(QWidget):
    """A role as a small square: blue and solid, orange and hatched, yellow and dotted."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self._role = role
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        colour = theme.current().colour(TOKENS[self._role])
        if theme.current().name == theme.LIGHT:
            colour = colour.darker(150)
        box = QRectF(1.5, 1.5, 11, 11)
        if self._role is Role.OBJECT:
            painter.fillRect(box, theme.current().colour(TOKENS[self._role], 0.45))
        elif self._role is Role.OCCLUDER:
            painter.setClipRect(box)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 1.3))
            for offset in range(-12, 14, 4):
                painter.drawLine(QPointF(offset, 14), QPointF(offset + 14, 0))
            painter.setClipping(False)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine if self._role is Role.KEPT else Qt.PenStyle.SolidLine))
        painter.drawRect(box)


class KindBox(QComboBox):
    """The choice of a kind; where there is no room its name ends in … and is the tooltip."""

    @property
    def shown(self) -> str:
        """As much of the chosen kind as there is room for."""
        field = QStyle.SubControl.SC_ComboBoxEditField
        place = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, self._styled(), field, self)
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, place.width())

    def set_kind(self, kind: str) -> None:
        """Show another kind without telling of a choice."""
        self.blockSignals(True)
        self.setCurrentText(kind)
        self.blockSignals(False)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        self.setToolTip(self.currentText() if self.shown != self.currentText() else "")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter, option = QStylePainter(self), self._styled()
        option.currentText = self.shown
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _styled(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option


class PolygonLine(QWidget):
    """One polygon, 28 px high."""

    picked = Signal(str, bool)
    kind_chosen = Signal(str, object)
    eye_pressed = Signal(str)
    lock_pressed = Signal(str)
    removed = Signal(str)

    def __init__(self, view: PolygonRow) -> None:
        super().__init__()
        self._id = view.id
        self._form = _form(view)
        self._selected = False
        self.setObjectName(f"polygon.{view.id}")
        self.setFixedHeight(28)
        self.setMinimumWidth(NARROWEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = row(self, gap=4, margins=(12, 0, 6, 0))
        line.addWidget(Swatch(view.role))
        line.addSpacing(4)
        self._name = label(view.name)
        self._name.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        line.addWidget(self._name)
        self._kind = self._kind_box(view)
        self._count = ElidedLabel("", "value")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if self._kind is not None:
            line.addStretch(1)
            line.addWidget(self._kind)
        else:
            line.addWidget(self._count, 1)
        self._amount = label("", "value")
        self._amount.setMinimumWidth(44)
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._amount)
        self._eye = IconButton("eye", self.tr("Show or hide"), f"polygon.{view.id}.eye", side=24)
        self._lock = IconButton("unlock", self.tr("Lock or unlock"), f"polygon.{view.id}.lock", side=24)
        self._eye.clicked.connect(lambda: self.eye_pressed.emit(self._id))
        self._lock.clicked.connect(lambda: self.lock_pressed.emit(self._id))
        line.addWidget(self._eye)
        line.addWidget(self._lock)
        self.show_row(view)

    def fits(self, view: PolygonRow) -> bool:
        """Whether `show_row` can show this polygon here."""
        return (self._id, self._form) == (view.id, _form(view))

    def show_row(self, view: PolygonRow) -> None:
        """Show what changed of the same polygon, or one of another image that has its number and role."""
        self.setAccessibleName(view.name)
        self._name.setText(view.name)
        self._count.setText(wording.counted(view.vertices, self.tr("vertex"), self.tr("vertices")))
        self._amount.setText(wording.short_area(view.area) if view.share is None else wording.percent(view.share))
        if self._kind is not None and view.kind is not None:
            self._kind.setAccessibleName(self.tr("Kind of {name}").format(name=view.name))
            self._kind.set_kind(view.kind.value)
            self._kind.setEnabled(not view.locked)
        self._eye.set_drawing("eye" if view.visible else "eye-off", "text2" if view.visible else "warning")
        self._lock.set_drawing("lock" if view.locked else "unlock", "warning" if view.locked else "text3")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        room = self.width() - self._name.minimumSizeHint().width()
        self._amount.setVisible(room >= REST)
        if self._kind is not None:
            self._kind.setVisible(room >= REST_WITHOUT_SHARE)
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def set_selected(self, selected: bool) -> None:
        """Show whether it is selected on the canvas."""
        if selected != self._selected:
            self._selected = selected
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(240, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        if self._selected:
            painter.fillRect(self.rect(), theme.current().colour("selection"))
        elif self.underMouse():
            painter.fillRect(self.rect(), theme.current().colour("raised"))
        if self.hasFocus():
            painter.setPen(theme.current().colour("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        self.picked.emit(self._id, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.picked.emit(self._id, False)
        elif key == Qt.Key.Key_Delete:
            self.removed.emit(self._id)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _kind_box(self, view: PolygonRow) -> KindBox | None:
        if view.kind is None:
            return None
        box = KindBox()
        box.setObjectName(f"polygon.{view.id}.kind")
        box.setProperty("look", "plain")
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMinimumWidth(NARROWEST_KIND)
        box.setMaximumWidth(WIDEST_KIND)
        box.view().setMinimumWidth(160)
        for kind in OccluderKind:
            box.addItem(kind.value)
        box.insertSeparator(box.count())
        other = Role.OCCLUDER if view.role is Role.KEPT else Role.KEPT
        box.addItem(self.tr("cut it out") if other is Role.OCCLUDER else self.tr("keep it inside"))
        # Qt would hand enums back as plain text, so the choices are kept here
        choices: tuple[OccluderKind | Role | None, ...] = (*OccluderKind, None, other)
        box.activated.connect(lambda index: self.kind_chosen.emit(self._id, choices[index]))
        return box


def _form(view: PolygonRow) -> tuple[Role, bool]:
    """What decides which widgets a line is made of."""
    return view.role, view.kind is None


class PolygonsPanel(Section):
    """All polygons of the image; `picked` carries a polygon's id and whether it is added to the selection.

    Lines that are not needed are hidden and kept: making them takes a millisecond each, at every next image again.
    """

    picked = Signal(str, bool)
    kind_chosen = Signal(str, object)
    eye_pressed = Signal(str)
    lock_pressed = Signal(str)
    removed = Signal(str)

    def __init__(self, title: str, name: str = "polygons") -> None:
        super().__init__(title, name)
        self._lines: dict[str, PolygonLine] = {}
        self._rows = column()
        self.body.addLayout(self._rows)
        self._empty = label("", "second", wrap=True)
        self._empty.setContentsMargins(12, 0, 12, 4)
        self.body.addWidget(self._empty)
        foot = QWidget()
        foot.setFixedHeight(24)
        line = row(foot, margins=(12, 0, 12, 0))
        line.addWidget(label(self.tr("Mask"), "second"))
        self._mask = label("", "value", name=f"{name}.mask")
        self._mask.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._mask, 1)
        self._foot = foot
        self.body.addWidget(foot)
        self.set_rows((), None)

    def set_rows(self, rows: Sequence[PolygonRow], mask: MaskLine | None, empty: str = "") -> None:
        """Show the polygons and the mask's line; `empty` is said where there are none."""
        shown = {view.id for view in rows}
        for shape_id, line in self._lines.items():
            if shape_id not in shown:
                line.hide()
        for place, view in enumerate(rows):
            self._line_at(place, view).show_row(view)
        self.set_detail(str(len(rows)) if rows else "")
        self._empty.setText(empty)
        self._empty.setVisible(not rows)
        self._foot.setVisible(bool(rows) and mask is not None)
        if mask is not None:
            cut = self.tr(" · {share} cut out").format(share=f"{100 * mask.cut_out:.1f} %") if mask.cut_out else ""
            self._mask.setText(f"{wording.thousands(mask.pixels)} px{cut}")

    def set_selected(self, ids: frozenset[str]) -> None:
        """Show which polygons are selected on the canvas."""
        for shape_id, line in self._lines.items():
            line.set_selected(shape_id in ids)

    def line(self, shape_id: str) -> PolygonLine:
        """The line of a polygon; raises KeyError."""
        return self._lines[shape_id]

    def _line_at(self, place: int, view: PolygonRow) -> PolygonLine:
        """The line of a polygon at its place in the list."""
        line = self._lines.get(view.id)
        if line is None or not line.fits(view):
            if line is not None:
                removed(self._rows, line)
            line = self._lines[view.id] = self._made(view)
        item = self._rows.itemAt(place)
        if item is None or item.widget() is not line:
            self._rows.insertWidget(place, line)
        line.show()
        return line

    def _made(self, view: PolygonRow) -> PolygonLine:
        line = PolygonLine(view)
        line.picked.connect(self.picked)
        line.kind_chosen.connect(self.kind_chosen)
        line.eye_pressed.connect(self.eye_pressed)
        line.lock_pressed.connect(self.lock_pressed)
        line.removed.connect(self.removed)
        return line
