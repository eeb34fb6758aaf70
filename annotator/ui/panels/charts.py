"""The two plots of the dashboard: pairs done with the forecast, agreement per week."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from annotator.ui import theme
from qa.agreement.estimates import Estimate
from qa.progress import DoneCount, Forecast

LEFT, RIGHT, TOP, BOTTOM = 44, 14, 8, 22
HEIGHT = 148
Point = tuple[float, float]


class Chart(QWidget):
    """A plot over days; `low` to `high` is the range of its values."""

    def __init__(self, name: str, title: str, empty: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMinimumHeight(HEIGHT)
        self._empty = empty
        self.start, self.end, self.low, self.high = 0.0, 1.0, 0.0, 1.0
        self.filled = False

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(320, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        painter.setFont(theme.text_font(11))
        shown = theme.current()
        if not self.filled:
            painter.setPen(shown.colour("text3"))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(12, 4, self.width() - 24, 60), int(flags), self._empty)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_plot(painter)

    def paint_plot(self, painter: QPainter) -> None:
        """Paint the grid; a plot adds its lines."""
        self.draw_grid(painter, 0)

    @property
    def area(self) -> QRectF:
        """The plot without its axes."""
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def place(self, day: float, value: float) -> QPointF:
        """A day (ordinal) and a value on the widget."""
        area = self.area
        x = area.left() + area.width() * (day - self.start) / max(self.end - self.start, 1e-9)
        return QPointF(x, area.bottom() - area.height() * (value - self.low) / max(self.high - self.low, 1e-9))

    def draw_grid(self, painter: QPainter, decimals: int) -> None:
        """Three or four values as faint lines, the days below."""
        shown = theme.current()
        for value in ticks(self.low, self.high):
            y = round(self.place(self.start, value).y()) + 0.5
            painter.setPen(QPen(shown.colour("faint_line"), 1))
            painter.drawLine(QPointF(LEFT, y), QPointF(self.width() - RIGHT, y))
            painter.setPen(shown.colour("text3"))
            box = QRectF(0, y - 8, LEFT - 8, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(right), f"{value:,.{decimals}f}")
        painter.setPen(shown.colour("text3"))
        days = np.linspace(self.start, self.end, 4).round().astype(int).tolist()
        for position, day in enumerate(days):
            x = self.place(day, self.low).x()
            side = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter)[position > 0]
            box = QRectF(x, self.height() - BOTTOM + 4, 80, 16)
            if position == len(days) - 1:
                side = Qt.AlignmentFlag.AlignRight
                box.moveRight(self.width() - RIGHT)
            elif position:
                box.moveCenter(QPointF(x, box.center().y()))
            painter.drawText(box, int(side), _month_day(date.fromordinal(day)))

    def draw_line(
        self, painter: QPainter, points: Iterable[Point], colour: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> None:
        """A line through (day, value)."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5 if style is Qt.PenStyle.SolidLine else 1, style))
        painter.drawPolyline(QPolygonF([self.place(*point) for point in points]))

    def draw_band(self, painter: QPainter, corners: Iterable[Point], colour: QColor) -> None:
        """An interval over days."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([self.place(*corner) for corner in corners]))

    def draw_dot(self, painter: QPainter, day: float, value: float) -> None:
        """One point."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().colour("text1"))
        painter.drawEllipse(self.place(day, value), 3, 3)


class DoneChart(Chart):
    """Pairs done over time, and where the forecast leads with its interval."""

    def set_numbers(self, done: Sequence[DoneCount], total: int, forecast: Forecast | None, today: date) -> None:
        """Show other numbers; without any the plot says what it needs."""
        self.filled = bool(done)
        self._done, self._total, self._forecast, self._today = tuple(done), total, forecast, today.toordinal()
        if done:
            self.start = done[0].day.toordinal() - 1
            self.end, self.low, self.high = max(self._today + 1, self.start + 7), 0, max(total, 1)
            if forecast is not None:
                latest = (forecast.high or forecast.day).toordinal()
                reach = 3 * max(30, self._today - round(self.start))
                self.end = max(self.end, min(latest, self._today + reach))
        self.update()

    def paint_plot(self, painter: QPainter) -> None:
        super().paint_plot(painter)
        shown, total = theme.current(), self._total
        self.draw_line(painter, [(self.start, total), (self.end, total)], shown.colour("text3"), Qt.PenStyle.DotLine)
        last = self._done[-1].done
        painter.setClipRect(self.area.adjusted(0, -4, 4, 4))
        if self._forecast is not None:
            far = (self._forecast.high or date.fromordinal(round(self.end))).toordinal()
            corners = [(self._today, last), (self._forecast.low.toordinal(), total), (far, total)]
            self.draw_band(painter, [(float(x), float(y)) for x, y in corners], shown.colour("accent", 0.28))
            ahead = [(float(self._today), float(last)), (float(self._forecast.day.toordinal()), float(total))]
            self.draw_line(painter, ahead, shown.colour("accent"), Qt.PenStyle.DashLine)
        steps = [(self.start, 0.0), *((float(one.day.toordinal()), float(one.done)) for one in self._done)]
        self.draw_line(painter, [*steps, (float(self._today), float(last))], shown.colour("text1"))
        self.draw_dot(painter, self._today, last)


class WeekChart(Chart):
    """Mean agreement per week with its interval as a band, and the rules' limit."""

    def set_numbers(self, weeks: Mapping[date, Estimate], limit: float) -> None:
        """Show other numbers; without any the plot says what it needs."""
        self._weeks = [(monday.toordinal(), value) for monday, value in weeks.items() if value.known]
        self._limit, self.filled = limit, bool(self._weeks)
        if self._weeks:
            lows = [value.low if math.isfinite(value.low) else value.mean for _, value in self._weeks]
            first, last = self._weeks[0][0], self._weeks[-1][0]
            self.start, self.end = first - 3, max(last, first + 7) + 3
            self.low, self.high = max(0.0, math.floor(20 * min(limit - 0.02, *lows)) / 20), 1.0
        self.update()

    def paint_plot(self, painter: QPainter) -> None:
        shown = theme.current()
        self.draw_grid(painter, 2)
        sure = [(day, value) for day, value in self._weeks if math.isfinite(value.low)]
        if len(sure) > 1:
            upper = [(float(day), value.high) for day, value in sure]
            lower = [(float(day), value.low) for day, value in reversed(sure)]
            self.draw_band(painter, [*upper, *lower], shown.colour("text3", 0.3))
        elif sure:
            (day, value), *_ = sure
            self.draw_line(painter, [(day, value.low), (day, value.high)], shown.colour("text3"))
        limit = [(self.start, self._limit), (self.end, self._limit)]
        self.draw_line(painter, limit, shown.colour("warning"), Qt.PenStyle.DotLine)
        self.draw_line(painter, [(day, value.mean) for day, value in self._weeks], shown.colour("text1"))
        for day, value in self._weeks:
            self.draw_dot(painter, day, value.mean)


def ticks(low: float, high: float) -> list[float]:
    """A few round numbers from `low` to `high`."""
    rough = max(high - low, 1e-9) / 3
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough - 1e-12)
    return [float(value) for value in np.arange(math.ceil(low / step - 1e-9), high / step + 1e-9) * step]


def _month_day(day: date) -> str:
    return f"{day.day} {day:%b}"
