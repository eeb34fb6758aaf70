"""The report page as a whole: no script, nothing from outside, every name escaped."""

from __future__ import annotations

from annotator.domain.dataset import group_name
from qa.dashboard import Dashboard
from qa.report import tables, words
from qa.report.figures import done_plot, week_plot
from qa.report.pictures import Pictures
from qa.report.style import STYLE
from qa.report.words import count, interval, mean, minutes, number, safe

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
LEGEND = (
    '<span class="key"><span><i style="background:var(--done)"></i>done</span>'
    '<span><i style="background:var(--two)"></i>pass 2</span><span><i style="background:var(--one)"></i>pass 1</span>'
    '<span><i style="background:var(--open)"></i>open</span>'
    '<span><i style="outline:1px dashed var(--open)"></i>waiting</span></span>'
)
SHEET_LEGEND = (
    '<p class="quiet">The bar below a picture is blue for a query, bright green for a pair that is done, dark green '
    "for one in work, orange for one that was returned, pink for one that waits for a researcher.</p>"
)


def document(board: Dashboard, pictures: Pictures) -> str:
    """The HTML of a report."""
    name = safe(board.name)
    body = [
        f"<h1>{name}</h1><p>{_subtitle(board)}</p>{_unsealed(board)}",
        _figures(board),
        f"<h2>Query groups<small>{len(board.groups)}</small></h2>{LEGEND}{tables.groups_table(board)}",
        _plots(board),
        "<h2>Agreement</h2>",
        "<p>Every pass is compared with the other passes of its pair. Intervals hold the mean over such pairs in 95 of "
        "100 cases; they come from resampling pairs. Over fewer than about 40 pairs they can be too narrow where a few "
        "pairs went badly wrong, since a small sample may hold none of those.</p>",
        tables.agreement_table(board),
        f"<h2>People<small>{len(board.people)}</small></h2>{tables.people_table(board)}",
        '<div class="two"><div><h2>Why passes were returned</h2>',
        tables.reasons_table(board),
        "</div><div><h2>Checks</h2>",
        tables.checks_table(board),
        "</div></div>",
        f"<h2>Remarks<small>{board.remarks.all.open} open, {board.remarks.all.settled} settled</small></h2>",
        tables.remarks_table(board),
        '<div class="two"><div><h2>Pre-masks</h2>',
        tables.premask_table(board),
        "</div><div><h2>Blind annotations</h2>",
        tables.blind_table(board),
        "</div></div>",
        _disputes(board, pictures),
        f"<h2>Masks of each group</h2>{SHEET_LEGEND if pictures.sheets else '<p>No pair has a mask yet.</p>'}",
        pictures.sheets,
        f"<footer>As of {words.day(board.at.date())}, {board.at:%H:%M} UTC. Photographs belong to their authors; this "
        "page shows them small, for those who work on the project.</footer>",
    ]
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}: report</title><style>{STYLE}</style></head><body>"
    )
    return "\n".join([head, *body, "</body></html>\n"])


def _subtitle(board: Dashboard) -> str:
    return (
        f"{count(board.standing.pairs, 'pair', 'pairs')} of {count(len(board.groups), 'query group', 'query groups')}, "
        f"{count(board.queries, 'query', 'queries')}; dataset {safe(board.dataset)}. {words.day(board.at.date())}."
    )


def _unsealed(board: Dashboard) -> str:
    """Who should not read on: nothing of a page can be kept from one reader alone."""
    if not board.blind_left:
        return ""
    pairs = count(board.blind_left, "pair that is", "pairs that are")
    return f"<p>This page shows masks of {pairs} still to be drawn blind: keep it from who may draw them.</p>"


def _figures(board: Dashboard) -> str:
    standing, agreement = board.standing, board.agreement.iou
    first, second, third = board.seconds
    end, reach = _forecast(board)
    share = f", {100 * board.settled / standing.pairs:.1f} % of the pairs" if board.settled else ""
    boxes = [
        ("Pairs done", f"{number(standing.done)} <small>of {number(standing.pairs)}</small>",
         f"{number(standing.after_2)} after pass 2, {number(standing.after_1)} after pass 1"),
        ("Agreement, mean IoU", mean(agreement), f"95 % interval {interval(agreement, 3)}"),
        ("Wait for a researcher", f"{number(standing.stopped)} <small>to settle</small>",
         f"{number(board.settled)} settled{share}"),
        ("Time for three passes", minutes(board.seconds_of_pair.mean),
         f"{minutes(first.mean)}, then {minutes(second.mean)}, then {minutes(third.mean)}<br>"
         f"95 % interval {words.time_interval(board.seconds_of_pair)}"),
        ("Forecast", end, reach),
    ]  # fmt: skip
    cells = "".join(f"<div><span>{title}</span><b>{value}</b><i>{more}</i></div>" for title, value, more in boxes)
    return f'<div class="figures">{cells}</div>'


def _forecast(board: Dashboard) -> tuple[str, str]:
    """The end and its interval, or why there is none."""
    found = board.forecast
    if found is None:
        left = board.standing.pairs - board.standing.done - board.standing.waiting
        return words.UNKNOWN, "too few days of work for one" if left else "nothing is left that could be done"
    last = "with no end in sight" if found.high is None else f"to {words.short_day(found.high)}"
    return words.day(
        found.day
    ), f"95 % interval {words.short_day(found.low)} {last}, at {found.per_day:.0f} passes a day"


def _plots(board: Dashboard) -> str:
    workable = board.standing.pairs - board.standing.waiting
    done = done_plot(board.done, workable, board.forecast, board.at.date())
    weeks = week_plot(board.agreement.weeks, board.limit)
    return (
        '<div class="two"><div><h2>Pairs done and forecast</h2>'
        f"{done or '<p>No pair is done yet.</p>'}</div><div><h2>Agreement per week<small>mean IoU, limit of the rules "
        f"{board.limit:.2f}</small></h2>{weeks or '<p>No pair has two passes yet.</p>'}</div></div>"
    )


def _disputes(board: Dashboard, pictures: Pictures) -> str:
    if not board.disputes:
        return "<h2>Disputes</h2><p>No pair waits for a researcher.</p>"
    groups = sorted({row.key.group for row in board.disputes})
    where = ", ".join(group_name(group) for group in groups[:12]) + (" and others" if len(groups) > 12 else "")
    return f"<h2>Disputes<small>{len(board.disputes)} to settle, in {where}</small></h2>{pictures.disputes}"
