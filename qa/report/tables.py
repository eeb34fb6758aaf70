"""The report's tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from annotator.domain.dataset import group_name
from qa.agreement.estimates import Estimate
from qa.dashboard import Dashboard, GroupRow, PersonRow
from qa.remarks import OpenAndSettled
from qa.report import words
from qa.report.figures import bar, dot, progress_bar
from qa.report.words import UNKNOWN, count, interval, mean, minutes, number, safe

MOST_REMARKS = 40
"""Open remarks that are written out; a page is read, not searched."""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A table of cells that are HTML already; columns of `left` are set left."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} class="left">{cell}</{tag}>' if column in left else f"<{tag}>{cell}</{tag}>"
            for column, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{line(heads, "th")}</tr>{body}</table></div>'


def groups_table(board: Dashboard) -> str:
    """One row for each query group."""
    known = [row.agreement for row in board.groups if row.agreement.known]
    ends = [value.low if math.isfinite(value.low) else value.mean for value in known]
    low = max(0.0, math.floor(20 * min([board.limit - 0.05, *ends])) / 20)
    heads = ("Group", "Queries", "Pairs", "Progress", "Done", f"Agreement, limit {board.limit:.2f}", "IoU", "95 %",
             "To settle", "Remarks", "Min per pair", "95 %", "Forecast")  # fmt: skip
    return table(heads, [_group(row, board, low) for row in board.groups], (0, 1, 3))


def _group(row: GroupRow, board: Dashboard, low: float) -> tuple[str, ...]:
    first = safe(row.queries[0])
    more = f" and {len(row.queries) - 1} more" if len(row.queries) > 1 else ""
    standing = row.standing
    forecast = UNKNOWN
    if standing.done == standing.pairs:
        forecast = '<span class="done">done</span>'
    elif row.forecast is not None:
        forecast = words.short_day(row.forecast.day)
    stopped = f'<span class="dispute">{standing.stopped}</span>' if standing.stopped else "0"
    return (
        f"<b>{group_name(row.number)}</b>",
        f"{first}{more}",
        number(standing.pairs),
        progress_bar(standing),
        f"{100 * standing.done // max(1, standing.pairs)} %",
        dot(row.agreement, board.limit, low, 1.0),
        mean(row.agreement),
        interval(row.agreement),
        stopped,
        _open(board.remarks.groups.get(row.number)),
        minutes(row.seconds.mean),
        words.time_interval(row.seconds),
        forecast,
    )


def people_table(board: Dashboard) -> str:
    """One row for each person."""
    heads = ("Person", "Pass 1", "Pass 2", "Pass 3", "IoU with others", "95 %", "Pass 1 takes", "95 %", "Pass 2",
             "Pass 3", "Returned", "To mend", "Remarks", "Blind")  # fmt: skip
    return table(heads, [_person(row, board) for row in board.people])


def _person(row: PersonRow, board: Dashboard) -> tuple[str, ...]:
    first, second, third = row.seconds
    return (
        f"<b>{safe(row.name)}</b>",
        *(number(passes) for passes in row.passes),
        mean(row.agreement),
        interval(row.agreement, 3),
        minutes(first.mean),
        words.time_interval(first),
        minutes(second.mean),
        minutes(third.mean),
        number(row.returned),
        f'<span class="warn">{row.to_mend}</span>' if row.to_mend else "0",
        _open(board.remarks.people.get(row.name)),
        number(row.blind),
    )


def _open(counts: OpenAndSettled | None) -> str:
    """Open remarks of a group, or of those that concern a person."""
    return f'<span class="warn">{counts.open}</span>' if counts is not None and counts.open else "0"


def agreement_table(board: Dashboard) -> str:
    """The measures of agreement over all pairs."""
    summary = board.agreement
    rows = [
        ("IoU, mean of the passes two by two", summary.iou, 3, ""),
        ("Boundary F-measure", summary.boundary_f, 3, ""),
        ("Hausdorff distance at the rules' percentile", summary.hausdorff, 1, " px"),
        ("Pixel agreement beyond chance, kappa of Fleiss", summary.kappa, 3, ""),
    ]
    cells = [
        (name, mean(value, decimals) + (unit if value.known else ""), interval(value, decimals), number(value.count))
        for name, value, decimals, unit in rows
    ]
    return table(("Measure", "Mean", "95 % interval", "Pairs"), cells)


def remarks_table(board: Dashboard) -> str:
    """The remarks that are open, oldest first."""
    if not board.open_threads:
        return "<p>No remark is open.</p>"
    rows = [
        (safe(str(thread.key)), safe(thread.where), safe(thread.person), words.short_day(thread.at.date()),
         safe(thread.text), number(thread.answers))
        for thread in board.open_threads[:MOST_REMARKS]
    ]  # fmt: skip
    left = len(board.open_threads) - len(rows)
    more = f"<p>{count(left, 'more is', 'more are')} open; the window lists them.</p>" if left else ""
    return table(("Pair", "On", "Person", "Day", "Remark", "Answers"), rows, (0, 1, 2, 3, 4)) + more


def reasons_table(board: Dashboard) -> str:
    """Why passes were returned."""
    if not board.reasons:
        return "<p>No pass was returned.</p>"
    largest = board.reasons[0][1]
    rows = [(safe(reason), bar(times, largest), number(times)) for reason, times in board.reasons[:10]]
    return table(("Reason", "", "Times"), rows, (0, 1))


def checks_table(board: Dashboard) -> str:
    """What the checks found on the masks that stand."""
    checks = board.checks
    if not checks.checked:
        return "<p>The checks did not run on these masks yet; <code>annotator check</code> runs them.</p>"
    rows = [
        (safe(row.check), number(row.pairs), _errors(row.errors), number(row.warnings))
        for row in checks.counts
        if row.pairs
    ]
    told = f"<p>{count(checks.checked, 'mask', 'masks')} of {number(checks.standing)} checked.</p>"
    if not rows:
        return f"{told}<p>Nothing was found.</p>"
    return told + table(("Check", "Pairs", "Errors", "Warnings"), rows)


def _errors(errors: int) -> str:
    return f'<span class="bad">{errors:,}</span>' if errors else "0"


def premask_table(board: Dashboard) -> str:
    """How much of the pre-masks is left after pass 1, by their confidence."""
    use = board.premasks
    if not use.used.mean > 0:
        return "<p>No pass 1 began from a pre-mask.</p>"
    heads = ("Confidence", "Passes 1", "Left of it, IoU", "95 %", "Taken unchanged", "95 %")
    rows = [
        (f"{band.low:.2f} to {band.high:.2f}", number(band.passes), *_kept(band.kept, band.unchanged))
        for band in use.bands
    ]
    rows.append(("all", number(round(use.used.mean * use.used.count)), *_kept(use.kept, use.unchanged)))
    told = f"<p>{words.share(use.used)} of the passes 1 began from a pre-mask ({words.share_interval(use.used)}).</p>"
    return told + table(heads, rows)


def _kept(kept: Estimate, unchanged: Estimate) -> tuple[str, str, str, str]:
    return mean(kept), interval(kept), words.share(unchanged), words.share_interval(unchanged)


def blind_table(board: Dashboard) -> str:
    """Consensus of blind annotations with pass 1."""
    found = board.consensus
    if not found.iou.known:
        share = f"{100 * board.blind_share:g} %"
        return f"<p>Nobody drew a pair blind yet; the rules ask for {share} of the pairs.</p>"
    rows = [
        ("all pairs drawn blind", found.iou),
        ("where pass 1 began from a pre-mask", found.with_premask),
        ("where it did not", found.without_premask),
        ("difference, the pull of pre-masks", found.bias),
    ]
    cells = [(name, mean(value), interval(value, 3), number(value.count)) for name, value in rows]
    return table(("Blind annotation against pass 1", "IoU", "95 % interval", "Pairs"), cells)
