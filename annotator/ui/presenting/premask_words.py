"""What the window says about pre-masks that are made, and about those that became better."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain.dataset import PairKey, group_name
from annotator.ui.wording import ARROW, counted, tr

LISTED = 4
"""Pairs whose gain is listed by name."""


def making_words(group: int, fresh: int, there: int, total: int) -> tuple[str, float | None]:
    """What is said while pre-masks of a group are made, and the share that is done (None: nothing to say).

    Of `total`, `there` can be shown and `fresh` are as they will stay; the others are made, or made anew.
    """
    name, every = group_name(group), counted(total, tr("pre-mask"), tr("pre-masks"))
    if fresh >= total:
        return "", None
    if not there:
        return tr("Making {every} for {group} while you work. None is ready yet.").format(every=every, group=name), 0.0
    if there < total:
        some = tr("{there} of {total} are ready for {group}. The rest are made while you work.")
        return some.format(there=there, total=total, group=name), there / total
    anew = tr("Making {every} for {group} anew while you work, {fresh} so far. What is there can be used.")
    return anew.format(every=every, group=name, fresh=fresh), fresh / total


def gain_lines(group: int, rows: Sequence[tuple[PairKey, float, float]]) -> tuple[tuple[str, str], ...]:
    """What an approval brought as words and figures: how many pre-masks and their mean confidence, then each of them.

    `rows` hold the confidence before and after, largest gain first.
    """
    count = len(rows)
    said = tr("{counted} of {group} improved")
    head = said.format(counted=counted(count, tr("pre-mask"), tr("pre-masks")), group=group_name(group))
    lines = [(head, _from_to(sum(was for _, was, _ in rows) / count, sum(now for _, _, now in rows) / count))]
    if count > 1:
        lines += [(key.image, _from_to(was, now)) for key, was, now in rows[:LISTED]]
    if count > LISTED:
        lines.append((tr("and {count} more").format(count=count - LISTED), ""))
    return tuple(lines)


def _from_to(before: float, after: float) -> str:
    return f"{before:.2f} {ARROW} {after:.2f}"
