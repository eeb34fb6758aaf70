"""Researchers' decisions on pairs that were escalated or are in dispute: append-only links of the same chain."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, true

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.store.chain import append, decision_content
from annotator.store.groups import add_to_note, clarification
from annotator.store.leases import require_not_leased_by_other
from annotator.store.part import to_moment, to_text
from annotator.store.passes import PassesPart, move, require_no_open_remarks, require_state
from annotator.store.records import Decision
from annotator.store.schema import DECISIONS, PAIRS, PEOPLE


class DecisionsPart(PassesPart):
    """Writing and reading decisions."""

    def record_decision(
        self,
        key: PairKey,
        by: str,
        expected: PairState,
        new: PairState,
        reason: str,
        annotation: Annotation | None = None,
        clarified: str = "",
    ) -> Decision:
        """Settle a pair in one transaction; with an `annotation` that becomes the standing one.

        A rule that the decision `clarified` is added to the note of the pair's group, with day, pair and person.

        Raises RefusedError for anybody but a researcher, without a reason, and for a pair that would be done with open
        remarks; ConflictError when the pair is not in state `expected`, or while somebody else holds its lease.
        """
        if not reason.strip():
            raise RefusedError("A decision needs a reason; say why.")
        text = None if annotation is None else annotation_text(annotation)
        with self.database.write() as connection:
            person = self._researcher_id(connection, by, "settles a pair")
            name, pair = self._person_row(connection, by).name, self._locked_pair(connection, key)
            require_state(key, pair, expected)
            require_not_leased_by_other(connection, key, pair.id, person, self.clock())
            revision = None
            if text is not None:
                revision = self._save(connection, pair.id, text, person, None, pair.standing)
            values: dict[str, Any] = {
                "at": to_text(self.clock()),
                "reason": reason.strip(),
                "before_state": expected.value,
                "after_state": new.value,
                "revision": revision,
            }
            number, previous, sha256 = append(
                connection, lambda number: decision_content(number, key, name, text, values)
            )
            ids = {"sequence": number, "pair_id": pair.id, "person_id": person, "previous": previous, "sha256": sha256}
            connection.execute(insert(DECISIONS).values(values | ids))
            if new is PairState.DONE:
                require_no_open_remarks(connection, key, pair.id)
            move(connection, pair.id, expected, new, pair.standing if revision is None else revision)
            if clarified.strip():
                add_to_note(connection, key, clarification(clarified, key, name, self.clock()), person)
        return Decision(number, key, name, to_moment(values["at"]), values["reason"], expected, new, revision, sha256)

    def decisions(self, key: PairKey | None = None) -> tuple[Decision, ...]:
        """All decisions (on one pair) in the order in which they were made."""
        mine = true() if key is None else (PAIRS.c.group_number == key.group) & (PAIRS.c.image == key.image)
        chosen = (
            select(DECISIONS, PEOPLE.c.name, PAIRS.c.group_number, PAIRS.c.image)
            .join(PEOPLE, PEOPLE.c.id == DECISIONS.c.person_id)
            .join(PAIRS, PAIRS.c.id == DECISIONS.c.pair_id)
            .where(mine)
            .order_by(DECISIONS.c.sequence)
        )
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
        return tuple(
            Decision(
                id=row.sequence,
                key=PairKey(row.group_number, row.image),
                person=row.name,
                at=to_moment(row.at),
                reason=row.reason,
                before=PairState(row.before_state),
                after=PairState(row.after_state),
                revision=row.revision,
                sha256=row.sha256,
            )
            for row in rows
        )
