"""What every part of the repository shares: the database, its clock, and how keys and names become rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PersonRole
from annotator.store.database import Database
from annotator.store.schema import PAIRS, PEOPLE

Clock = Callable[[], datetime]


def to_text(moment: datetime) -> str:
    """A moment as the database holds it; moments without a zone are refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(text: str) -> datetime:
    """Read `to_text`."""
    return datetime.fromisoformat(text)


def optional_moment(text: str | None) -> datetime | None:
    """Read `to_text`, None for None."""
    return None if text is None else to_moment(text)


def folded(name: str) -> str:
    """The form in which two names are the same."""
    return " ".join(name.split()).casefold()


class Part:
    """Base of the repository's parts."""

    database: Database
    clock: Clock

    def _person_row(self, connection: Connection, name: str) -> Row[Any]:
        row = connection.execute(select(PEOPLE).where(PEOPLE.c.folded == folded(name))).first()
        if row is not None:
            return row
        known = list(connection.scalars(select(PEOPLE.c.name).order_by(PEOPLE.c.name)))
        who = f"the project knows {', '.join(known)}" if known else "the project knows nobody yet"
        raise RefusedError(f"Nobody is called '{name}' here; {who}. Add the person or use one of these names.")

    def _person_id(self, connection: Connection, name: str) -> int:
        return int(self._person_row(connection, name).id)

    def _researcher_id(self, connection: Connection, name: str, what: str) -> int:
        row = self._person_row(connection, name)
        if row.role != PersonRole.RESEARCHER:
            raise RefusedError(f"{row.name} is an annotator, and only a researcher {what}; ask a researcher.")
        return int(row.id)

    def _pair_id(self, connection: Connection, key: PairKey) -> int:
        found = connection.scalar(select(PAIRS.c.id).where(_is(key)))
        if found is None:
            raise RefusedError(f"There is no pair {key} in this project; the name is that of an image to annotate.")
        return int(found)


def _is(key: PairKey) -> ColumnElement[bool]:
    return (PAIRS.c.group_number == key.group) & (PAIRS.c.image == key.image)
