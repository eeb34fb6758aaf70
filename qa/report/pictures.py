"""The report's pictures: disputes with the masks of their passes, and a contact sheet of each group, as data URIs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.domain.dataset import group_name
from annotator.project.project import Project
from qa.agreement.results import counts
from qa.contact_sheet import contact_sheet
from qa.dashboard import DisputeRow
from qa.picture import jpeg, picture
from qa.report.words import count, minutes, safe

SIDE = 380
MOST_DISPUTES = 12
MOST_CELLS, COLUMNS = 24, 6

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pictures:
    """HTML of the disputes and of the contact sheets."""

    disputes: str
    sheets: str


def pictures(project: Project, disputes: Sequence[DisputeRow], progress: Progress | None = None) -> Pictures:
    """Draw everything; groups without a mask are left out."""
    shown, groups = disputes[:MOST_DISPUTES], project.groups
    total = len(shown) + len(groups)
    parts: list[str] = []
    sheets: list[str] = []
    for row in shown:
        parts.append(_dispute(project, row))
        _tell(progress, len(parts), total)
    for group in groups:
        sheets.append(_sheet(project, group.number))
        _tell(progress, len(parts) + len(sheets), total)
    if len(disputes) > len(shown):
        parts.append(f'<p class="quiet">and {count(len(disputes) - len(shown), "other pair", "other pairs")}.</p>')
    return Pictures("".join(parts), "".join(sheets))


def data_uri(content: bytes) -> str:
    """A JPEG as the source of an `img`."""
    return "data:image/jpeg;base64," + base64.b64encode(content).decode("ascii")


def _dispute(project: Project, row: DisputeRow) -> str:
    latest = {entry.pass_.pass_number: entry.pass_ for entry in project.store.passes(row.key)}
    figures = []
    for pass_number, done in sorted(latest.items()):
        drawn = done.annotation
        source = data_uri(jpeg(picture(project, row.key.image, drawn, SIDE)))
        held = "" if counts(done.verdict) else f", {done.verdict.value}"
        caption = f"Pass {pass_number}, {safe(done.person)}{held}, {minutes(done.active_seconds)}"
        figures.append(
            f'<figure><img src="{source}" alt="{safe(row.key)}, pass {pass_number}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )
    if row.lowest is not None:
        why = f'lowest agreement of two passes <span class="dispute">{row.lowest:.2f}</span>'
    else:
        why = f'<span class="dispute">escalated</span> by {safe(row.by)}: {safe(row.reason)}'
    return f'<p><b>{safe(row.key)}</b>, {why}</p><div class="passes">{"".join(figures)}</div>'


def _sheet(project: Project, group: int) -> str:
    page = contact_sheet(project, group, COLUMNS, MOST_CELLS)
    if page is None:
        return ""
    name, query = group_name(group), project.groups[group].queries[0].image
    note = next((record.note for record in project.store.group_records() if record.number == group), "")
    told = f"<p>{safe(note)}</p>" if note else ""
    return (
        f"<details{' open' if group < 2 else ''}><summary><b>{name}</b> {safe(query)}</summary>{told}"
        f'<img class="sheet" src="{data_uri(jpeg(page))}" alt="Masks of group {name}"></details>'
    )


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
