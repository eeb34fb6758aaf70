"""Numbers, times and days as the report writes them; every text from outside goes through `safe`."""

from __future__ import annotations

import math
from datetime import date
from html import escape

from qa.agreement.estimates import Estimate

UNKNOWN = '<span class="unknown">–</span>'


def safe(text: object) -> str:
    """Any text as HTML."""
    return escape(str(text))


def number(value: int) -> str:
    """A whole number with commas."""
    return f"{value:,}"


def day(value: date) -> str:
    """`9 February 2027`."""
    return f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """`9 Feb 27`."""
    return f"{value.day} {value:%b %y}"


def minutes(seconds: float) -> str:
    """`5:12`, minutes and seconds; hours where there are any."""
    if not math.isfinite(seconds):
        return UNKNOWN
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def mean(value: Estimate, decimals: int = 3) -> str:
    """The mean alone, for a column that has its interval beside it."""
    return f"{value.mean:.{decimals}f}" if value.known else UNKNOWN


def interval(value: Estimate, decimals: int = 2) -> str:
    """`0.88–0.91`; a dash where there are too few pairs for one."""
    if not value.known or not math.isfinite(value.low) or not math.isfinite(value.high):
        return UNKNOWN
    return f"{value.low:.{decimals}f} to {value.high:.{decimals}f}"


def time_interval(value: Estimate) -> str:
    """An interval of seconds as minutes."""
    if not value.known or not math.isfinite(value.low) or not math.isfinite(value.high):
        return UNKNOWN
    return f"{minutes(value.low)} to {minutes(value.high)}"


def share(value: Estimate) -> str:
    """`12 %`."""
    return f"{100 * value.mean:.0f} %" if value.known else UNKNOWN


def share_interval(value: Estimate) -> str:
    """`9 to 15 %`."""
    if not value.known or not math.isfinite(value.low):
        return UNKNOWN
    return f"{100 * value.low:.0f} to {100 * value.high:.0f} %"


def count(number_of: int, one: str, many: str) -> str:
    """`1 pair`, `3 pairs`."""
    return f"{number_of:,} {one if number_of == 1 else many}"
