"""Remarks: notes pinned to a place in the index image or a query image, each with its thread, open until settled."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, true, update

from annotator.domain.dataset import PairKey
from annotator.domain.errors import Place, RefusedError
from annotator.domain.geometry import Ring
from annotator.domain.passes import PairState
from annotator.domain.remarks import Remark, RemarkPlace
from annotator.store.part import Part, to_moment, to_text
from annotator.store.schema import PAIRS, PEOPLE, QUERIES, REMARKS

_ROOT = REMARKS.alias("root")


class RemarksPart(Part):
    """Writing, answering and settling remarks. A thread is settled as a whole."""

    def add_remark(self, key: PairKey, place: RemarkPlace, person: str, text: str, parent: int | None = None) -> Remark:
        """Pin a remark, or answer one (`parent`; answers to answers join the same thread).

        Raises RefusedError for an empty text, a query of another group, a parent of another pair or of a settled
        thread, and on a pair that is done, since its past is closed. Whether the place lies inside its image is for
        the caller to look at, who knows the images (`qa.remarks`).
        """
        with self.database.write() as connection:
            pair_id = self._pair_id(connection, key)
            self._require_not_done(connection, key, pair_id)
            row = self._person_row(connection, person)
            root = None if parent is None else _open_root(connection, pair_id, parent)
            found = self._add_remark(connection, key, (pair_id, row.id), place, text, root)
            moment = to_moment(connection.execute(select(REMARKS.c.at).where(REMARKS.c.id == found)).scalar_one())
        return Remark(found, key, place, row.name, text.strip(), moment, root)

    def settle_remark(self, remark: int, by: str) -> None:
        """Settle the thread of a remark; settling it twice changes nothing. Raises RefusedError for an unknown one."""
        with self.database.write() as connection:
            person = self._person_id(connection, by)
            row = connection.execute(select(REMARKS).where(REMARKS.c.id == remark)).first()
            if row is None:
                raise RefusedError(f"There is no remark {remark} in this project.")
            is_open = (REMARKS.c.id == (row.parent or row.id)) & REMARKS.c.settled_at.is_(None)
            values = {"settled_at": to_text(self.clock()), "settled_by": person}
            connection.execute(update(REMARKS).where(is_open).values(values))

    def remarks(self, key: PairKey) -> tuple[Remark, ...]:
        """All remarks of a pair, oldest first."""
        return self._remarks((PAIRS.c.group_number == key.group) & (PAIRS.c.image == key.image))

    def open_remarks(self, group: int | None = None) -> tuple[Remark, ...]:
        """The first remark of every open thread (of one group)."""
        where = REMARKS.c.parent.is_(None) & REMARKS.c.settled_at.is_(None)
        return self._remarks(where & (true() if group is None else PAIRS.c.group_number == group))

    def all_remarks(self, group: int | None = None) -> tuple[Remark, ...]:
        """All remarks of the project (of one group), answers and settled ones too, oldest first."""
        return self._remarks(true() if group is None else PAIRS.c.group_number == group)

    def _remarks(self, where: ColumnElement[bool]) -> tuple[Remark, ...]:
        chosen = (
            select(REMARKS, PEOPLE.c.name, PAIRS.c.group_number, PAIRS.c.image, _ROOT.c.settled_at.label("ended"))
            .join(PEOPLE, PEOPLE.c.id == REMARKS.c.person_id)
            .join(PAIRS, PAIRS.c.id == REMARKS.c.pair_id)
            .join(_ROOT, _ROOT.c.id == func.coalesce(REMARKS.c.parent, REMARKS.c.id))
            .where(where)
            .order_by(REMARKS.c.id)
        )
        with self.database.read() as connection:
            return tuple(_remark(row) for row in connection.execute(chosen))

    def _add_remark(
        self,
        connection: Connection,
        key: PairKey,
        ids: tuple[int, int],
        place: RemarkPlace,
        text: str,
        parent: int | None = None,
        pass_sequence: int | None = None,
    ) -> int:
        """Insert one remark; `ids` are of the pair and of the person."""
        if not text.strip():
            raise RefusedError("A remark needs a text; say what is to be looked at.")
        _require_query(connection, key, place.query)
        values = {
            **place_values(place),
            "pair_id": ids[0],
            "person_id": ids[1],
            "text": text.strip(),
            "at": to_text(self.clock()),
            "parent": parent,
            "pass_sequence": pass_sequence,
        }
        return int(connection.execute(insert(REMARKS).values(values).returning(REMARKS.c.id)).scalar_one())

    def _require_not_done(self, connection: Connection, key: PairKey, pair_id: int) -> None:
        # The row is locked, so that no pass ends the pair between this look and the remark.
        state = connection.scalar(select(PAIRS.c.state).where(PAIRS.c.id == pair_id).with_for_update())
        if state == PairState.DONE:
            raise RefusedError(f"{key} is done, so nothing can be remarked on it any more.")


def count_open(connection: Connection, pair_id: int) -> int:
    """How many threads of a pair are open."""
    is_open = (REMARKS.c.pair_id == pair_id) & REMARKS.c.parent.is_(None) & REMARKS.c.settled_at.is_(None)
    return connection.scalar(select(func.count()).select_from(REMARKS).where(is_open)) or 0


def _open_root(connection: Connection, pair_id: int, parent: int) -> int:
    row = connection.execute(select(REMARKS).where((REMARKS.c.id == parent) & (REMARKS.c.pair_id == pair_id))).first()
    if row is None:
        raise RefusedError(f"There is no remark {parent} on this pair to answer.")
    root = int(row.parent or row.id)
    if connection.scalar(select(REMARKS.c.settled_at).where(REMARKS.c.id == root)) is not None:
        raise RefusedError("This remark is settled; start a new one.")
    return root


def place_values(place: RemarkPlace) -> dict[str, Any]:
    """The columns of a place; a region is JSON of its vertices [x, y]."""
    ring, point = place.region, place.point
    return {
        "x": None if point is None else float(point.x),
        "y": None if point is None else float(point.y),
        "region": None if ring is None else json.dumps(ring.points.tolist(), separators=(",", ":")),
        "query_number": place.query,
    }


def _place(point: Place | None, region: str | None, query: int | None) -> RemarkPlace:
    return RemarkPlace(point, None if region is None else Ring(json.loads(region)), query)


def _require_query(connection: Connection, key: PairKey, query: int | None) -> None:
    if query is None:
        return
    group = connection.scalar(select(QUERIES.c.group_number).where(QUERIES.c.number == query))
    if group != key.group:
        raise RefusedError(f"Query {query} is not one of {key}'s group; pin the remark to a query of this group.")


def _remark(row: Row[Any]) -> Remark:
    point = None if row.x is None else Place(row.x, row.y)
    key, place = PairKey(row.group_number, row.image), _place(point, row.region, row.query_number)
    settled = row.ended is not None
    return Remark(row.id, key, place, row.name, row.text, to_moment(row.at), row.parent, settled)
