"""What a researcher sees of the groups: masks, approvals, and what is missing before a group opens."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.project.project import Project
from annotator.store.records import GroupRecord, QueryRecord
from annotator.ui.views import CheckLine, GroupLine, QueryLine
from annotator.ui.wording import counted, tr


def group_lines(project: Project) -> tuple[GroupLine, ...]:
    """All groups in the list."""
    records = {record.number: record for record in project.store.group_records()}
    approved: dict[int, int] = {}
    for query in project.store.query_records():
        approved[query.group] = approved.get(query.group, 0) + (query.approved_by is not None)
    return tuple(
        GroupLine(
            group.number,
            group.name,
            group.queries[0].image,
            approved.get(group.number, 0),
            len(group.queries),
            records[group.number].opened_at is not None,
            approved.get(group.number, 0) > 0 and records[group.number].opened_at is None,
        )
        for group in project.groups
    )


def query_lines(
    project: Project, queries: Sequence[QueryRecord], current: int | None, person: str
) -> tuple[QueryLine, ...]:
    """The queries of a group in the list."""
    return tuple(_query_line(project, query, current, person) for query in queries)


def ready(queries: Sequence[QueryRecord]) -> bool:
    """Whether a group may open: at least one approved query mask."""
    return any(query.approved_by is not None for query in queries)


def checklist(queries: Sequence[QueryRecord], record: GroupRecord) -> tuple[CheckLine, ...]:
    """What a group needs before it opens, and what is still to come."""
    approved = [query.image for query in queries if query.approved_by is not None]
    waiting = sum(query.annotation is not None and query.approved_by is None for query in queries)
    missing = sum(not query.present for query in queries)
    unmasked = sum(query.present and query.annotation is None for query in queries)
    first = CheckLine(tr("An approved query mask"), "done" if approved else "", approved[0] if approved else "")
    lines = [first, CheckLine(tr("Note of the group"), "done" if record.note else "", "")]
    for count, text in (
        (waiting, tr("Query masks that wait for approval")),
        (unmasked, tr("Queries without a mask")),
        (missing, tr("Queries whose image is not here")),
    ):
        if count:
            lines.append(CheckLine(text, "wait", str(count)))
    return tuple(lines)


def opens_what(project: Project, number: int, record: GroupRecord) -> str:
    """What opening the group does, or since when it is open."""
    group = project.group(number)
    if record.opened_at is not None:
        return tr("Opened by {person}. More query masks can follow.").format(person=record.opened_by)
    pairs = counted(len(group.positives), tr("pair"), tr("pairs"))
    return tr("Opens {pairs}, {easy} easy and {hard} hard. More query masks can follow.").format(
        pairs=pairs, easy=len(group.easy), hard=len(group.hard)
    )


def _query_line(project: Project, query: QueryRecord, current: int | None, person: str) -> QueryLine:
    path = project.library.path(query.image) if query.present else None
    below = tr("query {number}").format(number=query.number)
    if query.drawn_by is not None:
        below = tr("query {number}, drawn by {person}").format(number=query.number, person=query.drawn_by)
    if path is None:
        state, tone = tr("image not here"), "quiet"
    elif query.approved_by is not None:
        state, tone = tr("approved"), "done"
    elif query.number == current:
        state, tone = tr("in work"), "accent"
    elif query.annotation is not None:
        state, tone = tr("to approve"), "warning" if query.drawn_by != person else "quiet"
    else:
        state, tone = tr("no mask yet"), "quiet"
    return QueryLine(query.number, query.image, below, state, tone, path, query.annotation)
