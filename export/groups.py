"""The query groups of a dataset as `groups/{ds}.json` lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.domain.dataset import QueryGroup


def groups_data(dataset: str, groups: Sequence[QueryGroup], notes: Mapping[int, str]) -> dict[str, Any]:
    """Number, queries and labelled index images of each group, with the researcher's note about it."""
    return {"dataset": dataset, "groups": [_group(group, notes.get(group.number, "")) for group in groups]}


def _group(group: QueryGroup, note: str) -> dict[str, Any]:
    return {
        "number": group.number,
        "name": group.name,
        "queries": [query.number for query in group.queries],
        "query_images": [query.image for query in group.queries],
        "easy": list(group.easy),
        "hard": list(group.hard),
        "junk": list(group.junk),
        "note": note,
    }
