"""Which query or pair of a ground truth a label belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from annotator.datasets.labels.imported import ImportedLabel
from annotator.domain.dataset import GroundTruth, QueryGroup, group_name, query_groups
from annotator.domain.errors import BadFileError

REMEDY = "check that it belongs to this project"


@dataclass(frozen=True, slots=True)
class Places:
    """Where images stand in a ground truth: numbers of queries, and groups that name an image easy or hard."""

    truth: GroundTruth
    groups: tuple[QueryGroup, ...]
    queries: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, truth: GroundTruth) -> Places:
        """The places of all images of a ground truth."""
        groups = query_groups(truth)
        places = cls(truth, groups, {query.image: query.number for query in truth.queries})
        for group in groups:
            for index in group.positives:
                places.pairs.setdefault(truth.index_images[index], []).append(group.number)
        return places

    def group_of_query(self, number: int) -> int | None:
        """The number of the group that a query belongs to; None for a query that is not there."""
        return next((g.number for g in self.groups if any(query.number == number for query in g.queries)), None)

    def query(self, label: ImportedLabel) -> ImportedLabel:
        """The label as that of a query mask; raises BadFileError when its image is no query image."""
        number = self.queries.get(label.image)
        if number is None:
            raise BadFileError(label.source, f"'{label.image}' is no query image of the ground truth", REMEDY)
        return replace(label, query_number=number, group=None)

    def index(self, label: ImportedLabel, group: int | None) -> ImportedLabel:
        """The label as that of a pair of `group`, or of the only group that has the image.

        Raises BadFileError when the group or no group has it, and when several do and none was said.
        """
        groups = self.pairs.get(label.image, [])
        if group is not None and group not in groups:
            problem = f"'{label.image}' is neither easy nor hard in {group_name(group)}"
            raise BadFileError(label.source, problem, REMEDY)
        if group is None and len(groups) != 1:
            raise BadFileError(label.source, _unclear(label.image, groups), _remedy(groups))
        return replace(label, group=groups[0] if group is None else group, query_number=None)

    def any(self, label: ImportedLabel, group: int | None = None) -> ImportedLabel:
        """The label of an image whose part is not said: of a query mask where it is a query image, else of a pair."""
        if group is None and label.image in self.queries and label.image not in self.pairs:
            return self.query(label)
        return self.index(label, group)


def _unclear(image: str, groups: list[int]) -> str:
    if not groups:
        return f"'{image}' is no query image and neither easy nor hard in any query group"
    return f"'{image}' belongs to {' and '.join(map(group_name, groups))}"


def _remedy(groups: list[int]) -> str:
    return "put the file into a folder named as its group, such as " + group_name(groups[0]) if groups else REMEDY
