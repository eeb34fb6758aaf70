"""Taking in many masks at once, from an import: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.store.groups import GroupsPart
from annotator.store.passes import PassesPart
from annotator.store.queries import QueriesPart


class IntakePart(PassesPart, QueriesPart, GroupsPart):
    """One transaction for everything that a source holds."""

    def take_in(
        self,
        query_masks: Mapping[int, Annotation],
        index_masks: Mapping[PairKey, Annotation],
        by: str,
        approve: bool,
        proposer: str | None = None,
    ) -> tuple[PairKey, ...]:
        """Save query masks by query number and index masks by pair; return the pairs that were left as they are.

        Only pairs that nobody worked on take an index mask: a mask from outside never replaces a pass. With `approve`
        the query masks count as approved by `by` and their groups are opened. Query masks and approval take a
        researcher (RefusedError).
        """
        with self.database.write() as connection:
            person = self._person_id(connection, by)
            if query_masks or approve:
                person = self._researcher_id(connection, by, "brings in query masks")
            for number, annotation in query_masks.items():
                self._save_query_mask(connection, number, annotation, person)
                if approve:
                    self._approve(connection, number, person, imported=True)
            if approve:
                for group in sorted({self._group_of(connection, number) for number in query_masks}):
                    self._open(connection, group, person)
            left = []
            for key, annotation in index_masks.items():
                row = self._locked_pair(connection, key)
                if row.state != PairState.OPEN or row.standing is not None:
                    left.append(key)
                else:
                    self._save(connection, row.id, annotation_text(annotation), person, proposer, None)
        return tuple(left)
