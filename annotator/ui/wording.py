"""How numbers, times and counts are written everywhere in the window."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from annotator.domain.dataset import QueryGroup

ARROW = "→"


def tr(text: str) -> str:
    """A text in the person's language."""
    return QCoreApplication.translate("window", text)


def clock(seconds: float) -> str:
    """`2:14`, `1:02:14`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def duration(seconds: float) -> str:
    """`2 min 14 s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def thousands(number: float) -> str:
    """`249,127`."""
    return f"{round(number):,}"


def short_area(pixels: float) -> str:
    """`271 k`, `1.4 M`, `812`: an area that only needs its order."""
    if pixels >= 999_500:
        return f"{pixels / 1e6:.1f} M"
    return f"{pixels / 1000:.0f} k" if pixels >= 10_000 else thousands(pixels)


def percent(share: float) -> str:
    """`3.14 %`, `0.37 %`, `46 %`: two digits below ten percent."""
    value = 100 * share
    return f"{value:.2f} %" if value < 10 else f"{value:.0f} %"


def clock_time(moment: datetime) -> str:
    """`14:32`, in the computer's time zone."""
    return moment.astimezone().strftime("%H:%M")


def day(moment: datetime, now: datetime | None = None) -> str:
    """`today, 14:02`, `yesterday`, `12 November`, `12 November 2024`."""
    local = moment.astimezone()
    today = (now or datetime.now().astimezone()).astimezone()
    if local.date() == today.date():
        return tr("today, {time}").format(time=local.strftime("%H:%M"))
    if local.date() == today.date() - timedelta(days=1):
        return tr("yesterday")
    text = f"{local.day} {local.strftime('%B')}"
    return text if local.year == today.year else f"{text} {local.year}"


def short_day(moment: datetime) -> str:
    """`20 Nov 15:06`."""
    local = moment.astimezone()
    return f"{local.day} {local.strftime('%b %H:%M')}"


def group_title(group: QueryGroup) -> str:
    """`all_souls_000013 and 5 more`."""
    more = len(group.queries) - 1
    first = group.queries[0].image
    return tr("{first} and {more} more").format(first=first, more=more) if more else first


def counted(number: int, one: str, many: str) -> str:
    """`1 pair`, `2 pairs`."""
    return f"{thousands(number)} {one if number == 1 else many}"
