"""Saved annotations of pairs: unlimited history, nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from annotator.domain.codec import annotation_from_text, annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.shapes import Annotation
from annotator.store.leases import require_not_leased_by_other
from annotator.store.part import Part, to_moment, to_text
from annotator.store.records import RevisionRecord
from annotator.store.schema import PAIRS, PEOPLE, REVISIONS

IMPORT = "import "
"""How the `proposer` of a revision begins that an import brought in; the name of the source follows."""

_HEAD = (REVISIONS.c.id, PEOPLE.c.name, REVISIONS.c.at, REVISIONS.c.proposer, REVISIONS.c.parent)
"""What is told of a revision without its polygons."""


class RevisionsPart(Part):
    """Saving and reading annotations."""

    def save_revision(
        self,
        key: PairKey,
        annotation: Annotation,
        by: str,
        proposer: str | None = None,
        parent: int | None = None,
    ) -> int:
        """Keep an annotation and return its revision; raises ConflictError while another person holds the lease."""
        with self.database.write() as connection:
            person, pair_id = self._person_id(connection, by), self._pair_id(connection, key)
            require_not_leased_by_other(connection, key, pair_id, person, self.clock())
            return self._save(connection, pair_id, annotation_text(annotation), person, proposer, parent)

    def revision(self, revision: int) -> Annotation:
        """The annotation of a revision; raises RefusedError where there is none."""
        return self.annotations([revision])[revision]

    def annotations(self, revisions: Iterable[int]) -> dict[int, Annotation]:
        """Many revisions' annotations at once; raises RefusedError when one of them is not there."""
        wanted = sorted(set(revisions))
        found: dict[int, Annotation] = {}
        with self.database.read() as connection:
            for start in range(0, len(wanted), 500):  # well below the limit on the number of parameters
                some = REVISIONS.c.id.in_(wanted[start : start + 500])
                for row in connection.execute(select(REVISIONS.c.id, REVISIONS.c.annotation).where(some)):
                    found[row.id] = annotation_from_text(row.annotation)
        for revision in wanted:
            if revision not in found:
                raise RefusedError(f"There is no revision {revision} in this project.")
        return found

    def revisions(self, key: PairKey) -> tuple[RevisionRecord, ...]:
        """Every saved annotation of a pair, oldest first."""
        with self.database.read() as connection:
            chosen = (
                select(*_HEAD)
                .join(PEOPLE, PEOPLE.c.id == REVISIONS.c.person_id)
                .where(REVISIONS.c.pair_id == self._pair_id(connection, key))
                .order_by(REVISIONS.c.id)
            )
            rows = connection.execute(chosen).all()
        return tuple(RevisionRecord(row.id, key, row.name, to_moment(row.at), row.proposer, row.parent) for row in rows)

    def imported(self) -> dict[PairKey, RevisionRecord]:
        """The newest annotation of each pair that an import brought in: what its pass 1 began from."""
        chosen = (
            select(*_HEAD, PAIRS.c.group_number, PAIRS.c.image)
            .join(PEOPLE, PEOPLE.c.id == REVISIONS.c.person_id)
            .join(PAIRS, PAIRS.c.id == REVISIONS.c.pair_id)
            .where(REVISIONS.c.proposer.startswith(IMPORT, autoescape=True))
            .order_by(REVISIONS.c.id)
        )
        found: dict[PairKey, RevisionRecord] = {}
        with self.database.read() as connection:
            for row in connection.execute(chosen):
                key = PairKey(row.group_number, row.image)
                found[key] = RevisionRecord(row.id, key, row.name, to_moment(row.at), row.proposer, row.parent)
        return found

    def _save(
        self,
        connection: Connection,
        pair_id: int,
        text: str,
        person: int,
        proposer: str | None,
        parent: int | None,
    ) -> int:
        values = {
            "pair_id": pair_id,
            "person_id": person,
            "at": to_text(self.clock()),
            "proposer": proposer,
            "parent": parent,
            "annotation": text,
        }
        found = connection.execute(insert(REVISIONS).values(values).returning(REVISIONS.c.id)).scalar_one()
        connection.execute(update(PAIRS).where(PAIRS.c.id == pair_id).values(latest_revision=found))
        return int(found)
