"""A dataset's material with the records of the masks that were written of it."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.dataset import PairKey
from export.mask_record import MaskRecord
from export.material import FinishedPair, Material


@dataclass(frozen=True, slots=True)
class Made:
    """`pair_records` and `query_records` stand in the order of the material's pairs and queries."""

    material: Material
    pair_records: tuple[MaskRecord, ...]
    query_records: tuple[MaskRecord, ...]

    @property
    def measured(self) -> list[tuple[FinishedPair, MaskRecord]]:
        """Every pair with its record, in the order of the annotation ids."""
        return list(zip(self.material.pairs, self.pair_records, strict=True))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What the checks say, with the pair as `gNN:IMAGE` or the query as `query N`."""
        pairs = [(str(PairKey(pair.group, pair.image.name)), record) for pair, record in self.measured]
        queries = zip(self.material.queries, self.query_records, strict=True)
        named = [*pairs, *((f"query {query.number}", record) for query, record in queries)]
        return [(name, error) for name, record in named for error in record.errors]
