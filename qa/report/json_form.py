"""The report as plain data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from annotator.domain.dataset import PairKey, group_name
from qa.dashboard import Dashboard


def report_data(board: Dashboard) -> dict[str, Any]:
    """The content of `annotator report --json`: names as in `Dashboard`, times in seconds, unknown numbers null.

    A mean is an object of `mean`, `low`, `high` (95 % interval) and `count` (of pairs); pairs are `gNN:IMAGE`, groups
    `gNN`, moments ISO 8601.
    """
    data = plain(board)
    for row in data["groups"]:
        row["group"] = group_name(row.pop("number"))
    data["agreement"]["groups"] = {group_name(number): plain(value) for number, value in board.agreement.groups.items()}
    data["remarks"]["groups"] = {group_name(number): plain(value) for number, value in board.remarks.groups.items()}
    return dict(data)


def plain(value: Any) -> Any:
    """Dataclasses, enumerations, dates and keys as what JSON has; NaN and infinity as None."""
    if isinstance(value, PairKey):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
