"""The report's plots as inline SVG, in the colours of the page's style."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from qa.agreement.estimates import Estimate
from qa.dashboard import Standing
from qa.progress import DoneCount, Forecast
from qa.report.words import short_day

WIDTH, HEIGHT = 560, 230
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 10, 24


def progress_bar(standing: Standing, width: int = 160) -> str:
    """Done, pass 2, pass 1, open and waiting pairs as one bar."""
    parts = (
        (standing.done, "var(--done)"),
        (standing.after_2, "var(--two)"),
        (standing.after_1, "var(--one)"),
        (standing.open, "var(--open)"),
    )
    shapes, x = [], 0.0
    for pairs, colour in parts:
        wide = width * pairs / max(1, standing.pairs)
        shapes.append(f'<rect x="{x:.1f}" y="0" width="{wide:.1f}" height="10" fill="{colour}"/>')
        x += wide
    rest = width - x
    if standing.waiting:
        shapes.append(
            f'<rect x="{x + 0.5:.1f}" y="0.5" width="{max(0.0, rest - 1):.1f}" height="9" fill="none" '
            'stroke="var(--open)" stroke-dasharray="2 2"/>'
        )
    name = f"{standing.done} of {standing.pairs} done"
    return f'<svg width="{width}" height="10" role="img" aria-label="{name}">{"".join(shapes)}</svg>'


def dot(estimate: Estimate, limit: float, low: float, high: float, width: int = 130) -> str:
    """A mean as a dot on its interval, with the rules' limit as a dotted line; the scale goes from `low` to `high`."""
    if not estimate.known:
        return ""

    def x(value: float) -> float:
        return 4 + (width - 8) * min(1.0, max(0.0, (value - low) / (high - low)))

    colour = "var(--warn)" if estimate.low < limit or estimate.mean < limit else "var(--text)"
    line = ""
    if math.isfinite(estimate.low):
        a, b = x(estimate.low), x(estimate.high)
        line = f'<path d="M{a:.1f} 8H{b:.1f}M{a:.1f} 5v6M{b:.1f} 5v6" stroke="var(--text3)" fill="none"/>'
    return (
        f'<svg width="{width}" height="16" aria-hidden="true"><path d="M{x(limit):.1f} 0v16" stroke="var(--warn)" '
        f'stroke-dasharray="2 2"/>{line}<circle cx="{x(estimate.mean):.1f}" cy="8" r="3" fill="{colour}"/></svg>'
    )


def done_plot(done: Sequence[DoneCount], total: int, forecast: Forecast | None, today: date) -> str:
    """Pairs done over time, and where the forecast leads with its interval."""
    if not done:
        return ""
    start = done[0].day.toordinal() - 1
    end = max(today.toordinal() + 1, start + 7)
    if forecast is not None:
        latest = forecast.high or forecast.day
        end = max(end, min(latest.toordinal(), today.toordinal() + 3 * max(30, today.toordinal() - start)))
    scale = _Scale(start, end, 0, max(total, 1))
    steps = [(start, 0), *((each.day.toordinal(), each.done) for each in done), (today.toordinal(), done[-1].done)]
    parts = [_grid(scale, 0), _days(scale)]
    parts.append(_line([(start, total), (end, total)], scale, 'stroke="var(--text3)" stroke-dasharray="2 3"'))
    if forecast is not None:
        here = (today.toordinal(), done[-1].done)
        last = (forecast.high or date.fromordinal(end)).toordinal()
        corners = [here, (forecast.low.toordinal(), total), (last, total)]
        parts.append(f'<path d="{_path(corners, scale)}Z" fill="var(--band)" clip-path="url(#plot)"/>')
        ahead = 'stroke="var(--accent)" stroke-dasharray="4 3" clip-path="url(#plot)"'
        parts.append(_line([here, (forecast.day.toordinal(), total)], scale, ahead))
    parts.append(_line(steps, scale, 'stroke="var(--text)" stroke-width="1.5"'))
    x, y = scale.point(today.toordinal(), done[-1].done)
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="var(--text)"/>')
    return _svg(parts, "Pairs done over time, with the forecast")


def week_plot(weeks: Mapping[date, Estimate], limit: float) -> str:
    """Mean agreement per week with its interval as a band, and the rules' limit."""
    known = [(monday.toordinal(), value) for monday, value in weeks.items() if value.known]
    if not known:
        return ""
    lows = [value.low if math.isfinite(value.low) else value.mean for _, value in known]
    highs = [value.high if math.isfinite(value.high) else value.mean for _, value in known]
    bottom = math.floor(20 * min(limit - 0.02, *lows)) / 20
    first, last = known[0][0], known[-1][0]
    scale = _Scale(first - 3, max(last, first + 7) + 3, max(0.0, bottom), 1.0)
    upper = list(zip([place for place, _ in known], highs, strict=True))
    lower = list(zip([place for place, _ in known], lows, strict=True))
    parts = [_grid(scale, 2), _days(scale)]
    if len(known) > 1:
        parts.append(f'<path d="{_path([*upper, *reversed(lower)], scale)}Z" fill="var(--band)"/>')
        means = [(place, value.mean) for place, value in known]
        parts.append(_line(means, scale, 'stroke="var(--text)" stroke-width="1.5"'))
    for place, value in known:
        x, y = scale.point(place, value.mean)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="var(--text)"/>')
        if len(known) == 1 and math.isfinite(value.low):
            ends = [(place, value.low), (place, value.high)]
            parts.append(_line(ends, scale, 'stroke="var(--text3)"'))
    across = [(scale.start, limit), (scale.end, limit)]
    parts.append(_line(across, scale, 'stroke="var(--warn)" stroke-dasharray="2 3"'))
    return _svg(parts, "Mean agreement per week")


def bar(value: float, largest: float, width: int = 180) -> str:
    """A number as a bar."""
    wide = max(1.0, width * value / max(largest, 1e-9))
    return (
        f'<svg width="{width}" height="10" aria-hidden="true"><rect width="{wide:.1f}" height="10" rx="1" '
        'fill="var(--two)"/></svg>'
    )


class _Scale:
    """From days and values to pixels of the plot."""

    def __init__(self, start: float, end: float, low: float, high: float) -> None:
        self.start, self.end, self.low, self.high = start, end, low, high

    def point(self, place: float, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (place - self.start) / (self.end - self.start)
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / max(self.high - self.low, 1e-9)
        return x, y


def _ticks(low: float, high: float, decimals: int) -> list[float]:
    """Three to five round numbers from `low` to `high` that need no more than so many decimals."""
    unit = 10.0**-decimals
    rough = max((high - low) / 4, unit)
    power = 10 ** math.floor(math.log10(rough) + 1e-9)
    steps = [factor * power for factor in (1, 2, 2.5, 5, 10)]
    step = next(step for step in steps if step >= rough - 1e-12 and abs(step / unit - round(step / unit)) < 1e-9)
    return [float(value) for value in np.arange(math.ceil(low / step - 1e-9), high / step + 1e-9) * step]


def _grid(scale: _Scale, decimals: int) -> str:
    parts = []
    for value in _ticks(scale.low, scale.high, decimals):
        _, y = scale.point(scale.start, value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="var(--line)"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.{decimals}f}</text>')
    return "".join(parts)


def _days(scale: _Scale) -> str:
    places = np.linspace(scale.start, scale.end, 4).round().astype(int).tolist()
    parts = []
    for position, place in enumerate(dict.fromkeys(places)):
        x, _ = scale.point(place, scale.low)
        anchor = "start" if position == 0 else "end" if place == places[-1] else "middle"
        label = short_day(date.fromordinal(place))
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{label}</text>')
    return "".join(parts)


def _line(points: Sequence[tuple[float, float]], scale: _Scale, style: str) -> str:
    return f'<path d="{_path(points, scale)}" fill="none" {style}/>'


def _path(points: Sequence[tuple[float, float]], scale: _Scale) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (scale.point(*point) for point in points))


def _svg(parts: Sequence[str], name: str) -> str:
    clip = (
        f'<defs><clipPath id="plot"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
        f'height="{HEIGHT - TOP - BOTTOM}"/></clipPath></defs>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" aria-label="{name}">{clip}{"".join(parts)}</svg>'
    )
