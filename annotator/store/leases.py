"""Leases: the right of one person to work on one pair until it expires."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select, text

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError
from annotator.store.part import Part
from annotator.store.records import Lease
from annotator.store.schema import LEASES, PEOPLE

# One statement, so that of two people who ask at the same moment one gets the pair and the other its holder's name.
_TAKE = text(
    "INSERT INTO leases (pair_id, person_id, until) VALUES (:pair, :person, :until) "
    "ON CONFLICT (pair_id) DO UPDATE SET person_id = excluded.person_id, until = excluded.until "
    "WHERE leases.until <= :now OR leases.person_id = excluded.person_id RETURNING pair_id"
)


class LeasesPart(Part):
    """Taking, renewing and giving back."""

    def take_lease(self, key: PairKey, person: str, minutes: float) -> Lease:
        """Take a pair's lease, or extend one's own; raises ConflictError that names the holder."""
        with self.database.write() as connection:
            row, pair_id = self._person_row(connection, person), self._pair_id(connection, key)
            now = self.clock().timestamp()
            until = now + 60 * minutes
            values = {"pair": pair_id, "person": row.id, "until": until, "now": now}
            if connection.execute(_TAKE, values).first() is None:
                require_not_leased_by_other(connection, key, pair_id, row.id, self.clock())
                raise ConflictError(f"Somebody else was working on {key} just now; try again.")
        return Lease(key, row.name, datetime.fromtimestamp(until, UTC))

    def renew_lease(self, key: PairKey, person: str, minutes: float) -> Lease:
        """Extend a lease; one that expired is taken again unless somebody else has it (ConflictError)."""
        return self.take_lease(key, person, minutes)

    def release_lease(self, key: PairKey, person: str) -> None:
        """Give one's lease back; without one nothing happens."""
        with self.database.write() as connection:
            own = LEASES.c.person_id == self._person_id(connection, person)
            connection.execute(delete(LEASES).where(own & (LEASES.c.pair_id == self._pair_id(connection, key))))


def require_not_leased_by_other(
    connection: Connection, key: PairKey, pair_id: int, person_id: int, now: datetime
) -> None:
    """Raise ConflictError that names the holder while another person holds an unexpired lease of the pair."""
    held = (LEASES.c.pair_id == pair_id) & (LEASES.c.person_id != person_id) & (LEASES.c.until > now.timestamp())
    row = connection.execute(
        select(PEOPLE.c.name, LEASES.c.until).join(PEOPLE, PEOPLE.c.id == LEASES.c.person_id).where(held)
    ).first()
    if row is not None:
        until = datetime.fromtimestamp(row.until, UTC).astimezone()
        raise ConflictError(f"{row.name} is working on {key} until {until:%H:%M}; take another pair or ask {row.name}.")
