"""Pairs as they stand: state, image, seats, lease."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, true, update

from annotator.domain.dataset import Difficulty, PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState
from annotator.store.part import Part
from annotator.store.records import Lease, PairRecord, Seats
from annotator.store.schema import GROUPS, LEASES, PAIRS, PEOPLE, QUERIES, SEATS

_EMPTY: Seats = (None, None, None)
# Ten times as fast as PairState(...), for 6,361 pairs.
_STATES = {state.value: state for state in PairState}
_DIFFICULTIES = {difficulty.value: difficulty for difficulty in Difficulty}


class PairsPart(Part):
    """Reading pairs, and saying which images are here."""

    def pair(self, key: PairKey) -> PairRecord:
        """One pair; raises RefusedError when the project has no such pair."""
        found = self._pairs((PAIRS.c.group_number == key.group) & (PAIRS.c.image == key.image))
        if not found:
            raise RefusedError(f"There is no pair {key} in this project.")
        return found[0]

    def pairs(self, group: int | None = None) -> tuple[PairRecord, ...]:
        """All pairs (of one group), by group, then by index number."""
        return self._pairs(true() if group is None else PAIRS.c.group_number == group)

    def mark_present(self, index_images: Iterable[str], query_images: Iterable[str], also_missing: bool = True) -> None:
        """Say which images are here, by name; those not named are not. Writes only what changed.

        Without `also_missing` those not named stay as they were.
        """
        for table, names in ((PAIRS, set(index_images)), (QUERIES, set(query_images))):
            with self.database.read() as connection:
                rows = connection.execute(select(table.c.image, table.c.present).distinct()).all()
            for here in (True, False) if also_missing else (True,):
                changed = [row.image for row in rows if (row.image in names) is here and bool(row.present) is not here]
                self._set_present(table.name, changed, here)

    def _set_present(self, table: str, images: list[str], here: bool) -> None:
        chosen = PAIRS if table == PAIRS.name else QUERIES
        if not images:
            return
        with self.database.write() as connection:
            for start in range(0, len(images), 500):  # well below the limit on the number of parameters
                some = chosen.c.image.in_(images[start : start + 500])
                connection.execute(update(chosen).where(some).values(present=here))

    def _pairs(self, where: ColumnElement[bool]) -> tuple[PairRecord, ...]:
        chosen = (
            select(PAIRS, GROUPS.c.opened_at, LEASES.c.until, PEOPLE.c.name.label("holder"))
            .join(GROUPS, GROUPS.c.number == PAIRS.c.group_number)
            .join(LEASES, LEASES.c.pair_id == PAIRS.c.id, isouter=True)
            .join(PEOPLE, PEOPLE.c.id == LEASES.c.person_id, isouter=True)
            .where(where)
            .order_by(PAIRS.c.group_number, PAIRS.c.index_number)
        )
        taken = (
            select(SEATS.c.pair_id, SEATS.c.pass_number, PEOPLE.c.name)
            .join(PEOPLE, PEOPLE.c.id == SEATS.c.person_id)
            .join(PAIRS, PAIRS.c.id == SEATS.c.pair_id)
            .where(where)
        )
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
            seat_rows = connection.execute(taken).all()
        seats: dict[int, dict[int, str]] = defaultdict(dict)
        for pair_id, pass_number, name in seat_rows:
            seats[pair_id][pass_number] = name
        now = self.clock().timestamp()
        return tuple(_record(row, _seats(seats.get(row.id)), now) for row in rows)


def _seats(people: dict[int, str] | None) -> Seats:
    return _EMPTY if people is None else (people.get(1), people.get(2), people.get(3))


def _record(row: Row[Any], seats: Seats, now: float) -> PairRecord:
    key = PairKey(row.group_number, row.image)
    held = row.until is not None and row.until > now
    workable = row.present and row.opened_at is not None
    state = _STATES[row.state]
    return PairRecord(
        key=key,
        index=row.index_number,
        difficulty=_DIFFICULTIES[row.difficulty],
        state=state if workable or state is PairState.DONE else PairState.WAITING,
        present=bool(row.present),
        latest_revision=row.latest_revision,
        lease=Lease(key, row.holder, datetime.fromtimestamp(row.until, UTC)) if held else None,
        seats=seats,
        standing=row.standing,
    )
