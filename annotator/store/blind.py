"""Blind second annotations: what somebody drew without a pre-mask and without seeing the passes.

They are links of the same chain as passes and decisions, take no seat, and change nothing about the pair. Who has seen
the masks of a pair is kept here too, since that person no longer draws it blind.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, text, true

from annotator.domain.codec import annotation_from_text, annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.shapes import Annotation
from annotator.store.chain import append, blind_content
from annotator.store.part import Part, to_moment, to_text
from annotator.store.records import BlindRecord
from annotator.store.schema import BLIND_ANNOTATIONS, PAIRS, PEOPLE, SEATS, SIGHTINGS

_SEE = text("INSERT INTO sightings (pair_id, person_id, at) VALUES (:pair, :person, :at) ON CONFLICT DO NOTHING")


class BlindPart(Part):
    """Writing and reading blind annotations."""

    def record_blind(self, key: PairKey, person: str, annotation: Annotation, active_seconds: float) -> BlindRecord:
        """Record a blind annotation of a pair for ever, in one transaction.

        Raises RefusedError when the person did a pass of the pair or saw its masks otherwise, or before pass 1, since
        nobody knows yet who that will be; ConflictError when the pair has a blind annotation already.
        """
        drawn = annotation_text(annotation)
        with self.database.write() as connection:
            row, pair_id = self._person_row(connection, person), self._pair_id(connection, key)
            _require_blind(connection, key, pair_id, row.id, row.name)
            seconds = round(float(active_seconds), 3)
            values: dict[str, Any] = {"at": to_text(self.clock()), "active_seconds": seconds}
            number, previous, sha256 = append(
                connection, lambda number: blind_content(number, key, row.name, drawn, values)
            )
            ids = {"sequence": number, "pair_id": pair_id, "person_id": row.id, "previous": previous, "sha256": sha256}
            connection.execute(insert(BLIND_ANNOTATIONS).values(values | ids | {"annotation": drawn}))
        return BlindRecord(number, key, row.name, to_moment(values["at"]), seconds, sha256)

    def blind_records(self, group: int | None = None) -> tuple[BlindRecord, ...]:
        """All blind annotations (of one group) in the order in which they were handed in, without their polygons."""
        chosen = (
            select(
                *[BLIND_ANNOTATIONS.c[name] for name in ("sequence", "at", "active_seconds", "sha256")],
                PEOPLE.c.name,
                PAIRS.c.group_number,
                PAIRS.c.image,
            )
            .join(PEOPLE, PEOPLE.c.id == BLIND_ANNOTATIONS.c.person_id)
            .join(PAIRS, PAIRS.c.id == BLIND_ANNOTATIONS.c.pair_id)
            .where(true() if group is None else PAIRS.c.group_number == group)
            .order_by(BLIND_ANNOTATIONS.c.sequence)
        )
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
        return tuple(
            BlindRecord(
                id=row.sequence,
                key=PairKey(row.group_number, row.image),
                person=row.name,
                at=to_moment(row.at),
                active_seconds=row.active_seconds,
                sha256=row.sha256,
            )
            for row in rows
        )

    def blind_annotation(self, key: PairKey) -> Annotation | None:
        """What was drawn blind on a pair; None where nobody did."""
        with self.database.read() as connection:
            mine = BLIND_ANNOTATIONS.c.pair_id == self._pair_id(connection, key)
            drawn = connection.scalar(select(BLIND_ANNOTATIONS.c.annotation).where(mine))
        return None if drawn is None else annotation_from_text(drawn)

    def record_sighting(self, key: PairKey, person: str) -> None:
        """Keep for ever that somebody saw the masks of a pair; a second time changes nothing."""
        with self.database.write() as connection:
            person_id, pair_id = self._person_id(connection, person), self._pair_id(connection, key)
            connection.execute(_SEE, {"pair": pair_id, "person": person_id, "at": to_text(self.clock())})

    def sightings(self, person: str) -> frozenset[PairKey]:
        """The pairs whose masks somebody saw without a pass of them, as far as that was recorded."""
        with self.database.read() as connection:
            mine = SIGHTINGS.c.person_id == self._person_id(connection, person)
            chosen = select(PAIRS.c.group_number, PAIRS.c.image).join(SIGHTINGS, SIGHTINGS.c.pair_id == PAIRS.c.id)
            return frozenset(PairKey(row.group_number, row.image) for row in connection.execute(chosen.where(mine)))


def _require_blind(connection: Connection, key: PairKey, pair_id: int, person_id: int, name: str) -> None:
    seats = connection.execute(select(SEATS).where(SEATS.c.pair_id == pair_id)).all()
    if all(seat.pass_number != 1 for seat in seats):
        raise RefusedError(f"{key} has no pass 1 yet; a blind annotation is compared with it and comes after it.")
    for seat in seats:
        if seat.person_id == person_id:
            raise RefusedError(f"{name} did pass {seat.pass_number} of {key} and knows its mask; take another pair.")
    seen = (SIGHTINGS.c.pair_id == pair_id) & (SIGHTINGS.c.person_id == person_id)
    if connection.execute(select(SIGHTINGS.c.at).where(seen)).first() is not None:
        raise RefusedError(f"{name} has seen the masks of {key}; somebody else draws it blind.")
    there = select(BLIND_ANNOTATIONS.c.sequence).where(BLIND_ANNOTATIONS.c.pair_id == pair_id)
    if connection.execute(there).first() is not None:
        raise ConflictError(f"{key} has a blind annotation already; take another pair.")
