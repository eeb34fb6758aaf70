"""Provenance (FORMAT A4): one JSON line per query-index pair that says who made its mask, when, and how it came about.

People appear under pseudonyms (`A1`, `A2`, in the order in which they joined the project), since names are no part of
a dataset. `people_data` is the key to them, written only on request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from annotator.domain.dataset import QueryGroup
from export.json_text import compact
from export.mask_record import MaskRecord
from export.material import FinishedPair, Round


def provenance_lines(
    groups: Mapping[int, QueryGroup], pairs: Sequence[tuple[FinishedPair, MaskRecord]], tool: str
) -> str:
    """The file: sorted by query, then by index image. `pairs` stand in the order of their annotation ids, from 1."""
    found: list[tuple[int, int, str]] = []
    for number, (pair, record) in enumerate(pairs, start=1):
        tail = compact(_content(number, pair, record, tool))[1:]
        for query in groups[pair.group].queries:
            found.append((query.number, pair.index, f'{{"pair":"{query.number}_{pair.index}",{tail}\n'))
    return "".join(line for _, _, line in sorted(found))


def _content(number: int, pair: FinishedPair, record: MaskRecord, tool: str) -> dict[str, Any]:
    begun = {} if pair.imported is None else {"imported": _imported(pair.imported, record)}
    return {
        "group": pair.group,
        "difficulty": pair.difficulty.value,
        "label": pair.label,
        "annotation_id": number,
        "image_sha256": pair.image.sha256,
        "label_sha256": record.label_sha256,
        **begun,
        "rounds": [_round(round_, record) for round_ in pair.rounds],
        "flags": list(record.flags),
        "tool": tool,
    }


def _round(round_: Round, record: MaskRecord) -> dict[str, Any]:
    data: dict[str, Any] = {
        "step": round_.step,
        "by": round_.by,
        "at": utc(round_.at),
        "iou_to_final": record.iou[round_.revision],
        "verdict": round_.verdict,
        "active_seconds": round(round_.active_seconds, 1),
    }
    if round_.proposer:
        data["proposer"] = round_.proposer
    return data


def _imported(round_: Round, record: MaskRecord) -> dict[str, Any]:
    return {
        "source": round_.proposer,
        "by": round_.by,
        "at": utc(round_.at),
        "iou_to_final": record.iou[round_.revision],
    }


def utc(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def people_data(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pseudonym to name."""
    return dict(people)
