"""How one thumbnail of the strip is painted: picture, frame, badge, a segment for each pass."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.ui import icons, theme
from annotator.ui.views import StripItem
from annotator.ui.widgets.marks import draw_segments

CELL = QSize(106, 82)
PICTURE = QSize(98, 64)
BADGES = {"returned": "returned", "dispute": "dispute", "escalated": "escalated"}
"""Icon of each badge."""


class StripDelegate(QStyledItemDelegate):
    """Paints a StripItem."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        return CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        user = Qt.ItemDataRole.UserRole
        item: StripItem = index.data(user)
        picture: QPixmap | None = index.data(user + 1)
        current: bool = index.data(user + 2)
        cell: QRect = option.rect
        state = option.state
        box = QRect(cell.left() + 4, cell.top() + 2, PICTURE.width(), PICTURE.height())
        painter.save()
        if item.present:
            self._picture(painter, box, picture)
        else:
            self._absent(painter, box)
        self._badge(painter, box, item)
        self._frame(painter, box, current, bool(state & QStyle.StateFlag.State_MouseOver))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        bar = QRectF(box.left(), box.bottom() + 5, box.width(), 4)
        if item.present:
            draw_segments(painter, bar, item.segments)
        else:
            painter.setOpacity(theme.DISABLED)
            draw_segments(painter, bar, item.segments)
        painter.restore()

    def _picture(self, painter: QPainter, box: QRect, picture: QPixmap | None) -> None:
        if picture is None:
            painter.fillRect(box, theme.current().colour("raised"))
            return
        ratio = picture.devicePixelRatio()
        wide, high = picture.width() / ratio, picture.height() / ratio
        crop_wide, crop_high = min(wide, box.width()), min(high, box.height())
        source = QRectF(
            (wide - crop_wide) / 2 * ratio, (high - crop_high) / 2 * ratio, crop_wide * ratio, crop_high * ratio
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRectF(box), picture, source)

    def _absent(self, painter: QPainter, box: QRect) -> None:
        shown = theme.current()
        painter.setPen(QPen(shown.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.setFont(theme.text_font(11))
        painter.setPen(shown.colour("text3"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tr("image not here"))

    def _badge(self, painter: QPainter, box: QRect, item: StripItem) -> None:
        if item.badge in BADGES:
            spot = QRect(box.right() - 21, box.bottom() - 21, 20, 20)
            painter.fillRect(spot, theme.theme_named(theme.DARK).colour("panel", 0.92))
            ratio = painter.device().devicePixelRatio()
            drawing = icons.pixmap_in(BADGES[item.badge], "#ECECEC", ratio)
            painter.drawPixmap(spot.left() + 2, spot.top() + 2, drawing)
        elif item.holder:
            font = theme.text_font(11)
            painter.setFont(font)
            wide = min(QFontMetrics(font).horizontalAdvance(item.holder) + 10, box.width() - 8)
            spot = QRect(box.right() - wide - 1, box.bottom() - 19, wide, 18)
            painter.fillRect(spot, theme.theme_named(theme.DARK).colour("panel", 0.92))
            painter.setPen(theme.theme_named(theme.DARK).colour("text1"))
            text = QFontMetrics(font).elidedText(item.holder, Qt.TextElideMode.ElideRight, wide - 8)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)

    def _frame(self, painter: QPainter, box: QRect, current: bool, hovered: bool) -> None:
        if not current and not hovered:
            return
        shown = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(shown.colour("accent" if current else "text3"), 2 if current else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(-1, -1, 1, 1), 2, 2)
