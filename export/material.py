"""What a release is made of: finished pairs and approved query masks of one dataset, free of database and window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from annotator.domain.dataset import Difficulty, GroundTruth, QueryGroup
from annotator.domain.geometry import Size
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation
from export.layout import label_path

STEPS = {1: "annotate", 2: "refine+inspect", 3: "refine+inspect"}
"""What provenance calls the passes."""

IMPORTED = "import"
"""What provenance calls the mask from outside that pass 1 began from."""

SETTLED = "settle"
"""What provenance calls a researcher's settlement."""


@dataclass(frozen=True, slots=True)
class Round:
    """One pass of a pair or its settlement: `by` is a pseudonym, `revision` the annotation that it ended with."""

    step: str
    by: str
    at: datetime
    verdict: str
    revision: int
    active_seconds: float = 0.0
    proposer: str | None = None
    proof: str = ""
    """The pass's hash in the project's chain, which covers its annotation."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An image as the release names it; `name` has no extension, `orientation` is the EXIF tag (1: upright).

    `size` is (width, height) as shown; None for an image that is not here any more.
    """

    name: str
    file_name: str
    sha256: str
    orientation: int = 1
    size: Size | None = None


@dataclass(frozen=True, slots=True)
class FinishedPair:
    """A pair with its history; `final` is the revision that holds its final annotation.

    `imported` is pass 0: the mask of an earlier release or another source that the work began from, if there was one.
    """

    dataset: str
    group: int
    index: int
    difficulty: Difficulty
    image: ImageFile
    rounds: tuple[Round, ...]
    final: int
    imported: Round | None = None

    @property
    def label(self) -> str:
        """The path of its label in the release."""
        return label_path(self.dataset, self.group, self.image.name)

    @property
    def revisions(self) -> set[int]:
        """The revisions whose annotations its release needs."""
        all_rounds = self.rounds if self.imported is None else (self.imported, *self.rounds)
        return {self.final, *(round_.revision for round_ in all_rounds)}


@dataclass(frozen=True, slots=True)
class FinishedQuery:
    """A query with its approved query mask."""

    dataset: str
    number: int
    group: int
    image: ImageFile
    annotation: Annotation
    drawn_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Material:
    """All of one dataset that goes into a release, and what is `missing`: pairs as `gNN:IMAGE`, queries by number.

    `annotations` loads the annotations of revisions. `ground_truth_file` is the project's own copy; `notes` the group
    notes by group number; `rules_text` the Markdown that annotators read.
    """

    dataset: str
    project: str
    truth: GroundTruth
    groups: tuple[QueryGroup, ...]
    ground_truth_file: Path
    annotations: Callable[[Iterable[int]], Mapping[int, Annotation]]
    pairs: tuple[FinishedPair, ...]
    queries: tuple[FinishedQuery, ...]
    missing_pairs: tuple[str, ...] = ()
    missing_queries: tuple[int, ...] = ()
    notes: dict[int, str] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    rules_text: str = ""
    people: tuple[tuple[str, str], ...] = ()
    """Pseudonym and name of everybody, written down only on request."""

    @property
    def complete(self) -> bool:
        """True when every pair is done and every query mask approved."""
        return not self.missing_pairs and not self.missing_queries
