"""Query groups as the window shows them, and the pairs of one as a strip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.project.project import Project
from annotator.store.records import PairRecord, QueryRecord
from annotator.ui.presenting.passes import segments
from annotator.ui.views import GroupView, QueryCard, StripFilter, StripItem
from annotator.ui.wording import group_title, tr
from qa.workflow import next_pass

_BADGES = {
    PairState.RETURNED_1: "returned",
    PairState.RETURNED_2: "returned",
    PairState.DISPUTE: "dispute",
    PairState.ESCALATED: "escalated",
}

FILTERS = (
    ("all", "All", ""),
    ("open", "Open", "empty"),
    ("work", "In work", "accent"),
    ("pass1", "Pass 1", ""),
    ("pass2", "Pass 2", ""),
    ("done", "Done", "done"),
    ("returned", "Returned", "warning"),
    ("dispute", "Dispute", "dispute"),
    ("escalated", "Escalated", "dispute"),
    ("waiting", "Waiting", ""),
)
"""Name, text and colour of each filter of the strip."""

OWN = "own"
"""Shows the pairs of which the person did a pass; it has no button in the strip."""

_STATE_FILTERS = {
    PairState.OPEN: "open",
    PairState.AFTER_1: "pass1",
    PairState.AFTER_2: "pass2",
    PairState.DONE: "done",
    PairState.RETURNED_1: "returned",
    PairState.RETURNED_2: "returned",
    PairState.DISPUTE: "dispute",
    PairState.ESCALATED: "escalated",
    PairState.WAITING: "waiting",
}


def read_group(project: Project, number: int) -> tuple[GroupView, tuple[PairRecord, ...]]:
    """A group and its pairs as they stand now. Works in any thread."""
    return group_view(project, number), project.store.pairs(number)


def group_view(project: Project, number: int) -> GroupView:
    """A group with its queries; masks count once they are approved."""
    group = project.group(number)
    record = project.store.group_records()[number]
    cards = tuple(_card(project, query) for query in project.store.query_records(number))
    return GroupView(number, group.name, group_title(group), cards, record.note, record.opened_at is not None)


def _card(project: Project, query: QueryRecord) -> QueryCard:
    path = project.library.path(query.image) if query.present else None
    approved = query.annotation if query.approved_by is not None else None
    if path is None:
        missing = tr("image not here")
    elif query.annotation is None:
        missing = tr("no query mask yet")
    else:
        missing = "" if approved is not None else tr("waits for approval")
    return QueryCard(query.number, query.image, query.box, path, approved, missing)


def filter_of(pair: PairRecord) -> frozenset[str]:
    """The filters that show a pair."""
    names = {"all", _STATE_FILTERS[pair.state]}
    if pair.lease is not None and next_pass(pair.state) is not None:
        names.add("work")
    return frozenset(names)


def strip_filters(pairs: Sequence[PairRecord]) -> tuple[StripFilter, ...]:
    """All filters with their counts."""
    counts = Counter(name for pair in pairs for name in filter_of(pair))
    return tuple(StripFilter(name, tr(text), counts[name], token) for name, text, token in FILTERS)


def strip_items(
    pairs: Sequence[PairRecord], chosen: str, person: str, sealed: Collection[PairKey] = ()
) -> tuple[StripItem, ...]:
    """The pairs that a filter shows (`OWN`: those of the person); a lease names its holder where it is another.

    Those that are `sealed` show the photograph without a mask.
    """
    own = chosen == OWN
    shown = [pair for pair in pairs if (person in pair.seats if own else chosen in filter_of(pair))]
    return tuple(_item(pair, person, pair.key in sealed) for pair in shown)


def _item(pair: PairRecord, person: str, sealed: bool) -> StripItem:
    other = pair.lease.person if pair.lease is not None and pair.lease.person != person else ""
    return StripItem(
        key=pair.key,
        difficulty=pair.difficulty.value,
        state=pair.state.value,
        present=pair.present,
        segments=segments(pair),
        badge=_BADGES.get(pair.state, ""),
        holder=other,
        revision=None if sealed else pair.latest_revision,
    )
