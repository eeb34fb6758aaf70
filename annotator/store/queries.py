"""Query masks: drawn by a researcher, approved by another one, with unlimited history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from annotator.domain.codec import annotation_from_text, annotation_text
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PersonRole
from annotator.domain.shapes import Annotation, Role
from annotator.store.part import Part, to_moment, to_text
from annotator.store.records import QueryRecord, QueryRevisionRecord
from annotator.store.schema import PEOPLE, QUERIES, QUERY_APPROVALS, QUERY_REVISIONS

_newest = (
    select(QUERY_REVISIONS.c.query_number, func.max(QUERY_REVISIONS.c.id).label("id"))
    .group_by(QUERY_REVISIONS.c.query_number)
    .subquery()
)


def approved_queries(group: int) -> Select[tuple[int]]:
    """The queries of a group whose newest query mask is approved."""
    return (
        select(QUERIES.c.number)
        .join(_newest, _newest.c.query_number == QUERIES.c.number)
        .join(QUERY_APPROVALS, QUERY_APPROVALS.c.revision_id == _newest.c.id)
        .where(QUERIES.c.group_number == group)
    )


class QueriesPart(Part):
    """The queries and their masks."""

    def query_records(self, group: int | None = None) -> tuple[QueryRecord, ...]:
        """Queries (of one group) by number, each with its newest query mask."""
        drawer, approver = PEOPLE.alias("drawer"), PEOPLE.alias("approver")
        chosen = (
            select(
                QUERIES,
                QUERY_REVISIONS.c.id.label("revision"),
                QUERY_REVISIONS.c.annotation,
                drawer.c.name.label("drawn_by"),
                approver.c.name.label("approved_by"),
            )
            .join(_newest, _newest.c.query_number == QUERIES.c.number, isouter=True)
            .join(QUERY_REVISIONS, QUERY_REVISIONS.c.id == _newest.c.id, isouter=True)
            .join(drawer, drawer.c.id == QUERY_REVISIONS.c.person_id, isouter=True)
            .join(QUERY_APPROVALS, QUERY_APPROVALS.c.revision_id == QUERY_REVISIONS.c.id, isouter=True)
            .join(approver, approver.c.id == QUERY_APPROVALS.c.person_id, isouter=True)
            .order_by(QUERIES.c.number)
        )
        if group is not None:
            chosen = chosen.where(QUERIES.c.group_number == group)
        with self.database.read() as connection:
            return tuple(_record(row) for row in connection.execute(chosen))

    def save_query_mask(self, number: int, annotation: Annotation, by: str) -> int:
        """Keep a query mask and return its revision; an approval of an older one no longer counts.

        Raises RefusedError for anybody but a researcher.
        """
        with self.database.write() as connection:
            person = self._researcher_id(connection, by, "draws query masks")
            return self._save_query_mask(connection, number, annotation, person)

    def approve_query_mask(self, number: int, by: str) -> None:
        """Approve a query's newest mask; doing so twice changes nothing.

        Raises RefusedError without a mask, for anybody but a researcher, and for the researcher who drew it where the
        project has another one.
        """
        with self.database.write() as connection:
            person = self._researcher_id(connection, by, "approves query masks")
            self._approve(connection, number, person)

    def query_revisions(self, number: int) -> tuple[QueryRevisionRecord, ...]:
        """Every mask that a query ever had, oldest first."""
        approver = PEOPLE.alias("approver")
        chosen = (
            select(QUERY_REVISIONS.c.id, QUERY_REVISIONS.c.at, PEOPLE.c.name, approver.c.name.label("approved_by"))
            .join(PEOPLE, PEOPLE.c.id == QUERY_REVISIONS.c.person_id)
            .join(QUERY_APPROVALS, QUERY_APPROVALS.c.revision_id == QUERY_REVISIONS.c.id, isouter=True)
            .join(approver, approver.c.id == QUERY_APPROVALS.c.person_id, isouter=True)
            .where(QUERY_REVISIONS.c.query_number == number)
            .order_by(QUERY_REVISIONS.c.id)
        )
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
        return tuple(QueryRevisionRecord(row.id, number, row.name, to_moment(row.at), row.approved_by) for row in rows)

    def query_mask(self, revision: int) -> Annotation:
        """The annotation of a query revision; raises RefusedError where there is none."""
        chosen = select(QUERY_REVISIONS.c.annotation).where(QUERY_REVISIONS.c.id == revision)
        with self.database.read() as connection:
            text = connection.scalar(chosen)
        if text is None:
            raise RefusedError(f"There is no query mask with the number {revision}.")
        return annotation_from_text(text)

    def _group_of(self, connection: Connection, number: int) -> int:
        chosen = select(QUERIES.c.group_number).where(QUERIES.c.number == number)
        return int(connection.execute(chosen).scalar_one())

    def _save_query_mask(self, connection: Connection, number: int, annotation: Annotation, person: int) -> int:
        _require_query(connection, number)
        values = {
            "query_number": number,
            "person_id": person,
            "at": to_text(self.clock()),
            "annotation": annotation_text(annotation),
        }
        made = insert(QUERY_REVISIONS).values(values).returning(QUERY_REVISIONS.c.id)
        return int(connection.execute(made).scalar_one())

    def _approve(self, connection: Connection, number: int, person: int, imported: bool = False) -> None:
        _require_query(connection, number)
        chosen = select(QUERY_REVISIONS).where(QUERY_REVISIONS.c.query_number == number)
        row = connection.execute(chosen.order_by(QUERY_REVISIONS.c.id.desc()).limit(1)).first()
        if row is None or not annotation_from_text(row.annotation).of_role(Role.OBJECT):
            raise RefusedError(f"Query {number} has no query mask yet; outline the query object first.")
        if row.person_id == person and not imported and _researchers(connection) > 1:
            raise RefusedError(f"Whoever drew the mask of query {number} does not approve it; ask another researcher.")
        if connection.scalar(select(QUERY_APPROVALS.c.at).where(QUERY_APPROVALS.c.revision_id == row.id)) is None:
            values = {"revision_id": row.id, "person_id": person, "at": to_text(self.clock())}
            connection.execute(insert(QUERY_APPROVALS).values(values))


def _researchers(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(PEOPLE.c.role == PersonRole.RESEARCHER.value)) or 0


def _require_query(connection: Connection, number: int) -> None:
    if connection.scalar(select(QUERIES.c.number).where(QUERIES.c.number == number)) is None:
        raise RefusedError(f"There is no query {number} in this project.")


def _record(row: Row[Any]) -> QueryRecord:
    return QueryRecord(
        number=row.number,
        image=row.image,
        group=row.group_number,
        box=(row.x1, row.y1, row.x2, row.y2),
        present=bool(row.present),
        annotation=None if row.annotation is None else annotation_from_text(row.annotation),
        drawn_by=row.drawn_by,
        approved_by=row.approved_by,
        revision=row.revision,
    )
