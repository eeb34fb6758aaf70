"""The lists of pairs behind the dashboard's figures, in words. No Qt."""

from __future__ import annotations

from annotator.domain.dataset import group_name
from annotator.ui import wording
from annotator.ui.wording import tr
from qa.dashboard import Dashboard
from qa.pair_lists import Behind, ListedPair, Which

TITLES = {
    Behind.DONE: "Pairs done",
    Behind.TO_DO: "Pairs to do",
    Behind.STOPPED: "Disputes and escalations",
    Behind.RETURNED: "Returned, to be done again",
    Behind.REMARKS: "Open remarks",
    Behind.BELOW: "Agreement below the limit",
    Behind.TIME: "Time of all passes, longest first",
    Behind.BLIND: "Drawn blind",
}

HEADS = ("Pair", "Group", "State", "Lowest IoU", "Passes by", "")
TIME_HEADS = ("Pair", "Group", "State", "Active time", "Passes by", "")

EMPTY = {
    Behind.DONE: "No pair is done yet. Pairs are done after three passes by three people.",
    Behind.TO_DO: "Every pair is done.",
    Behind.STOPPED: "Nothing waits for a researcher.",
    Behind.RETURNED: "Nothing that was returned waits to be done again.",
    Behind.REMARKS: "No remark is open.",
    Behind.BELOW: "All pairs with two passes agree as far as the rules ask.",
    Behind.TIME: "Nobody handed over a pass yet.",
    Behind.BLIND: "No pair was drawn blind yet. The queue offers those of the sample after their pass 1.",
    Behind.CHECK: "Nothing found. Run `annotator check` to look again.",
    Behind.PERSON: "No pass of a pair yet.",
}


def title_of(which: Which) -> str:
    """`Open remarks in g03`, `Pairs of Mei`, `Findings: speck`."""
    if which.what is Behind.PERSON:
        said = tr("Pairs of {person}").format(person=which.name)
    elif which.what is Behind.CHECK:
        said = tr("Findings: {check}").format(check=which.name)
    else:
        said = tr(TITLES[which.what])
    return said if which.group is None else tr("{what} in {group}").format(what=said, group=group_name(which.group))


def heads_of(which: Which) -> tuple[str, ...]:
    """The heads of the columns."""
    return tuple(tr(head) if head else "" for head in (TIME_HEADS if which.what is Behind.TIME else HEADS))


def cells_of(which: Which, row: ListedPair) -> tuple[str, ...]:
    """One row as texts."""
    number = ""
    if row.number is not None:
        number = wording.duration(row.number) if which.what is Behind.TIME else f"{row.number:.2f}"
    return row.key.image, group_name(row.key.group), row.state.value, number, ", ".join(row.people), row.said


def attention(board: Dashboard) -> tuple[tuple[Which, str, int, str], ...]:
    """What asks for a look: the list behind it, its name, how many pairs or remarks, and a tone."""
    limit = tr("Agreement below {limit}").format(limit=f"{board.limit:.2f}")
    return (
        (Which(Behind.RETURNED), tr("Returned, to be done again"), board.standing.returned, "warning"),
        (Which(Behind.REMARKS), tr("Open remarks"), board.open_remarks, "warning"),
        (Which(Behind.BELOW), limit, board.below, "warning"),
        (Which(Behind.BLIND), tr("Drawn blind"), sum(person.blind for person in board.people), ""),
    )


def check_lines(board: Dashboard) -> tuple[tuple[Which, str, int, str], ...]:
    """The checks that found something, most pairs first."""
    found = [count for count in board.checks.counts if count.pairs]
    found.sort(key=lambda count: (-count.errors, -count.pairs, count.check))
    return tuple(
        (Which(Behind.CHECK, count.check), count.check, count.pairs, "error" if count.errors else "warning")
        for count in found
    )


def checked_words(board: Dashboard) -> str:
    """`1,166 of 1,841 pairs checked`, or how to begin."""
    checks = board.checks
    if not checks.checked:
        return tr("not run yet") if checks.standing else tr("no mask to check yet")
    return tr("{n} of {all} pairs checked").format(
        n=wording.thousands(checks.checked), all=wording.thousands(checks.standing)
    )
