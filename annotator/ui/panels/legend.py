"""What the difference on the canvas means, at its bottom left: added, removed, and the line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.ui import theme, wording
from annotator.ui.canvas.insets import EDGE, paint_panel
from annotator.ui.canvas.strokes import hatch, thin_pen

HEIGHT, SQUARE, PADDING, GAP = 32, 14, 12, 12


class Legend(QWidget):
    """Lies on the canvas and lets clicks through. Panels over photographs stay dark in both themes."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("difference.legend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._entries: tuple[tuple[str, str], ...] = ()
        canvas.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """What is written beside the signs."""
        return tuple(text for _, text in self._entries)

    def show_counts(self, added: int, removed: int, line: str) -> None:
        """Pixels added and removed, and what the white line is."""
        self._entries = (
            ("added", self.tr("added {px} px").format(px=wording.thousands(added))),
            ("removed", self.tr("removed {px} px").format(px=wording.thousands(removed))),
            ("line", line),
        )
        self.setAccessibleName(", ".join(self.words))
        self._place()
        self.show()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        metrics = QFontMetricsF(theme.text_font(12))
        wide = sum(SQUARE + 8 + metrics.horizontalAdvance(text) for text in self.words)
        return QSize(round(wide + GAP * (len(self._entries) - 1) + 2 * PADDING), HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()))
        font = theme.text_font(12)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        left = float(PADDING)
        for sign, text in self._entries:
            _paint_sign(painter, sign, QRectF(left, (HEIGHT - SQUARE) / 2, SQUARE, SQUARE))
            left += SQUARE + 8
            wide = metrics.horizontalAdvance(text)
            painter.setPen(theme.theme_named(theme.DARK).colour("text1"))
            painter.drawText(QRectF(left, 0, wide + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, text)
            left += wide + GAP

    def _place(self) -> None:
        size = self.sizeHint()
        self.setGeometry(EDGE, self._canvas.height() - EDGE - size.height(), size.width(), size.height())


def _paint_sign(painter: QPainter, sign: str, box: QRectF) -> None:
    """A blue square, a hatched orange one, a white line."""
    dark = theme.theme_named(theme.DARK)
    if sign == "added":
        painter.fillRect(box, dark.colour("overlay_added", 0.62))
    elif sign == "removed":
        painter.fillRect(box, hatch(dark.colour("overlay_removed"), 1.0))
    else:
        painter.setPen(thin_pen(QColor(255, 255, 255)))
        middle = round(box.center().y())
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
