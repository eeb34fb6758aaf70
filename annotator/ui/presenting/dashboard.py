"""The dashboard's numbers as the window writes them: figures, cells of the table, lines about people. No Qt."""

from __future__ import annotations

import math
from datetime import date

from annotator.ui import wording
from annotator.ui.wording import tr
from qa.agreement.estimates import Estimate
from qa.dashboard import Dashboard, GroupRow, PersonRow, Standing

NONE = "–"
PARTS = ("done", "pass2", "pass1", "open", "waiting")
"""Parts of a progress bar from left to right."""

Figure = tuple[str, str, str]
"""The figure, words beside it, a line below."""


def parts_of(standing: Standing) -> tuple[int, ...]:
    """How many pairs stand in each of `PARTS`."""
    return standing.done, standing.after_2, standing.after_1, standing.open, standing.waiting


def title_of(row: GroupRow) -> str:
    """`all_souls_000013 and 5 more`."""
    first, more = row.queries[0], len(row.queries) - 1
    return tr("{first} and {more} more").format(first=first, more=more) if more else first


def mean(value: Estimate, decimals: int = 3) -> str:
    """A mean alone."""
    return f"{value.mean:.{decimals}f}" if value.known else NONE


def interval(value: Estimate, decimals: int = 2) -> str:
    """`0.88–0.91`; a dash where too few pairs tell one."""
    if not value.known or not math.isfinite(value.low):
        return NONE
    return f"{value.low:.{decimals}f}–{value.high:.{decimals}f}"


def short_day(day: date) -> str:
    """`9 Feb`, with the year where it is another one."""
    text = f"{day.day} {day:%b}"
    return text if day.year == date.today().year else f"{text} {day.year}"


def forecast_words(row: GroupRow) -> str:
    """When a group will be done; `done` where it is."""
    standing = row.standing
    if standing.pairs and standing.done == standing.pairs:
        return tr("done")
    return short_day(row.forecast.day) if row.forecast is not None else NONE


def figures(board: Dashboard) -> dict[str, Figure]:
    """The five figures at the top by name."""
    standing = board.standing
    return {
        "done": (
            wording.thousands(standing.done),
            tr("of {pairs}").format(pairs=wording.thousands(standing.pairs)),
            tr("{two} after pass\N{NO-BREAK SPACE}2, {one} after pass\N{NO-BREAK SPACE}1").format(
                two=standing.after_2, one=standing.after_1
            ),
        ),
        "agreement": _agreement(board),
        "stopped": (str(standing.stopped), tr("to settle"), _settled(board)),
        "time": _time(board),
        "forecast": _forecast(board),
    }


def person_cells(person: PersonRow) -> tuple[str, ...]:
    """Name, passes 1 to 3, agreement, time of pass 1."""
    first = person.seconds[0]
    seconds = wording.clock(first.mean) if first.known else NONE
    return person.name, *(wording.thousands(count) for count in person.passes), mean(person.agreement, 2), seconds


def blind_lines(board: Dashboard) -> tuple[tuple[str, str], ...]:
    """What blind second annotations say; empty before there are any."""
    found = board.consensus
    if not found.iou.known:
        return ()
    pairs = wording.counted(found.iou.count, tr("pair"), tr("pairs"))
    lines = [(tr("Blind, without pre-mask"), tr("{pairs}, IoU {iou}").format(pairs=pairs, iou=mean(found.iou)))]
    if found.bias.known and math.isfinite(found.bias.low):
        said = f"{found.bias.mean:.3f} ({found.bias.low:.3f} {tr('to')} {found.bias.high:.3f})"
        lines.append((tr("Difference to with pre-mask"), said.replace("-", "−")))
    return tuple(lines)


def _agreement(board: Dashboard) -> Figure:
    iou = board.agreement.iou
    if board.unmeasured:
        below = tr("{count} pairs are being measured").format(count=wording.thousands(board.unmeasured))
    elif iou.known and math.isfinite(iou.low):
        below = tr("95 % interval {low} to {high}").format(low=f"{iou.low:.3f}", high=f"{iou.high:.3f}")
    else:
        below = tr("needs two pairs with two passes")
    return mean(iou), "", below


def _settled(board: Dashboard) -> str:
    share = board.settled / board.standing.pairs if board.standing.pairs else 0.0
    return tr("{count} settled, {share} of the pairs").format(count=board.settled, share=f"{100 * share:.1f} %")


def _time(board: Dashboard) -> Figure:
    if not any(one.known for one in board.seconds):
        return NONE, "", tr("no pass is handed in yet")
    every = [wording.clock(one.mean) if one.known else NONE for one in board.seconds]
    below = tr("{first}, then {second}, then {third}").format(first=every[0], second=every[1], third=every[2])
    return wording.duration(board.seconds_of_pair.mean) if board.seconds_of_pair.known else NONE, "", below


def _forecast(board: Dashboard) -> Figure:
    found = board.forecast
    standing = board.standing
    if found is None and standing.done + standing.stopped + standing.waiting == standing.pairs:
        return NONE, "", tr("all that is left waits") if standing.waiting else tr("no pass is left to do")
    if found is None:
        return NONE, "", tr("after three days of work")
    day = f"{found.day.day} {found.day:%B}"
    high = short_day(found.high) if found.high is not None else tr("unknown")
    return day, "", tr("95 % interval {low} to {high}").format(low=short_day(found.low), high=high)
