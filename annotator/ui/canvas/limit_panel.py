"""The box that says live on which side of the rules an occlusion falls."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter

from annotator.domain.shapes import Role
from annotator.ui import theme
from annotator.ui.canvas.insets import EDGE, paint_panel
from annotator.ui.canvas.strokes import DOTTED, hatch, thin_pen
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.tools.base import LimitBox
from annotator.ui.wording import tr

WIDTH, HEIGHT = 252, 100
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def limit_sentence(limit: LimitBox) -> str:
    """What the rules make of it, in one sentence."""
    size = limit.size
    if limit.overridden:
        return tr("You chose: it is cut out.") if size.kept else tr("You chose: it stays in the mask.")
    if size.kept:
        return tr("Below both limits: it stays in the mask.")
    over_share, over_thickness = size.share >= size.share_limit, size.thickness >= size.thickness_limit
    if over_share and over_thickness:
        return tr("Above both limits: it is cut out.")
    return tr("Above the share: it is cut out.") if over_share else tr("Above the thickness: it is cut out.")


def panel_rect(limit: LimitBox, view: ViewTransform, canvas: QSize) -> QRectF:
    """Beside the occlusion, on the side with room, inside the canvas."""
    x1, y1, x2, y2 = view.box_to_widget(limit.polygon.bounds)
    left = x2 + 28 if x2 + 28 + WIDTH + EDGE <= canvas.width() else x1 - 28 - WIDTH
    left = min(max(left, EDGE), canvas.width() - WIDTH - EDGE)
    top = min(max((y1 + y2) / 2 - 30, EDGE), canvas.height() - HEIGHT - EDGE)
    return QRectF(round(left), round(top), WIDTH, HEIGHT)


def paint_limit(painter: QPainter, limit: LimitBox, view: ViewTransform, canvas: QSize) -> None:
    """Paint the box with a line to the occlusion, in widget pixels."""
    frame = panel_rect(limit, view, canvas)
    role = limit.role
    colour = theme.current().colour("overlay_kept" if role is Role.KEPT else "overlay_occluder")
    _paint_leader(painter, frame, limit, view, colour)
    paint_panel(painter, frame)
    dark = theme.theme_named(theme.DARK)
    swatch = QRectF(frame.left() + 12, frame.top() + 11, 14, 14)
    if role is Role.KEPT:
        faint = QColor(colour)
        faint.setAlphaF(0.25)
        painter.setBrush(faint)
        painter.setPen(thin_pen(colour, DOTTED))
    else:
        painter.setBrush(hatch(colour, 1.0))
        painter.setPen(thin_pen(colour))
    painter.drawRect(swatch)
    painter.setFont(theme.text_font(12, 500))
    painter.setPen(dark.colour("text1"))
    head = QRectF(frame.left() + 34, frame.top() + 6, frame.width() - 46, 24)
    painter.drawText(head, _LEFT, tr("Kept occlusion") if role is Role.KEPT else tr("Occluder"))
    painter.setFont(theme.text_font(11))
    painter.setPen(dark.colour("text2"))
    painter.drawText(head, _RIGHT, str(limit.kind))
    size = limit.size
    _paint_row(
        painter,
        frame,
        30,
        tr("Share"),
        f"{size.share:.2%}".replace("%", " %"),
        size.share,
        size.share_limit,
        f"{size.share_limit * 100:.3g} %",
        colour,
    )
    _paint_row(
        painter,
        frame,
        50,
        tr("Thickness"),
        f"{size.thickness:.1f} px",
        size.thickness,
        size.thickness_limit,
        f"{size.thickness_limit:.0f} px",
        colour,
    )
    painter.setFont(theme.text_font(11))
    painter.setPen(dark.colour("text2"))
    painter.drawText(QRectF(frame.left() + 12, frame.top() + 73, frame.width() - 20, 20), _LEFT, limit_sentence(limit))


def _paint_leader(painter: QPainter, frame: QRectF, limit: LimitBox, view: ViewTransform, colour: QColor) -> None:
    x1, y1, x2, y2 = view.box_to_widget(limit.polygon.bounds)
    y = min(max((y1 + y2) / 2, frame.top() + 10), frame.bottom() - 10)
    start, end = (x2, frame.left()) if frame.left() > x2 else (x1, frame.right())
    painter.setPen(thin_pen(colour))
    painter.drawLine(QPointF(start, y), QPointF(end, y))


def _paint_row(
    painter: QPainter,
    frame: QRectF,
    top: int,
    name: str,
    value: str,
    amount: float,
    limit: float,
    limit_text: str,
    colour: QColor,
) -> None:
    """Name, value, bar with the limit's mark at three quarters, limit."""
    dark = theme.theme_named(theme.DARK)
    row = QRectF(frame.left() + 12, frame.top() + top, frame.width() - 24, 20)
    painter.setFont(theme.text_font(11))
    painter.setPen(dark.colour("text2"))
    painter.drawText(row, _LEFT, name)
    painter.setPen(dark.colour("text3"))
    painter.drawText(row, _RIGHT, tr("limit") + f" {limit_text}")
    painter.setFont(theme.text_font(11, 500))
    painter.setPen(dark.colour("text1"))
    painter.drawText(QRectF(row.left(), row.top(), 114, 20), _RIGHT, value)
    bar = QRectF(row.left() + 122, row.top() + 7, 40, 7)
    painter.fillRect(bar, dark.colour("empty"))
    filled = min(0.75 * amount / limit, 1.0) if limit > 0 else 1.0
    painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * filled, bar.height()), colour)
    painter.fillRect(QRectF(round(bar.left() + bar.width() * 0.75), bar.top() - 2, 1.5, 11), QColor(255, 255, 255))
