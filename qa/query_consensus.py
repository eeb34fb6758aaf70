"""Whether the query masks of a group agree: each is looked for in the other query images of its group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from annotator.datasets.decode import decode
from annotator.domain.codec import annotation_text
from annotator.domain.dataset import group_name
from annotator.domain.errors import AnnotatorError
from annotator.domain.raster import mask_of
from annotator.premask.cache import FeatureCache
from annotator.premask.features import Pixels
from annotator.premask.overlap import NOTHING_KNOWN, Overlap, overlap
from annotator.premask.protocol import IndexImage, Reference
from annotator.premask.source import FeatureSource
from annotator.project.premasks import FEATURES
from annotator.project.project import Project
from annotator.store.records import QueryRecord
from qa.agreement.cache import NumberCache, key_of
from qa.checks.among_queries import LEAST_SHARED, contradicts
from qa.checks.finding import Severity

FILE = "queries.npz"
FORM = 1
"""Of the numbers in the cache: another way to measure gets another one."""

_WIDTH = 3


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two queries of a group whose masks contradict each other.

    `shared` is the share of `matches` verified matches with both ends in the masks. Always a warning.
    """

    group: int
    queries: tuple[int, int]
    images: tuple[str, str]
    matches: int
    shared: float

    @property
    def severity(self) -> Severity:
        """A warning: queries may differ on purpose, and the note says so then."""
        return Severity.WARNING

    @property
    def sentence(self) -> str:
        """What was found, with both queries by number and image."""
        (one, other), (first, second) = self.queries, self.images
        return (
            f"The masks of query {one} ({first}) and query {other} ({second}) contradict each other: "
            f"{100 * self.shared:.0f} % of {self.matches} matches lie in both (limit {100 * LEAST_SHARED:.0f} %)"
        )


def contradictions(
    project: Project, groups: Sequence[int] | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[Contradiction]:
    """Look at every two masked queries (of some groups) whose images are here; kept numbers are not measured again.

    Below enough verified matches nothing is said about two queries. A mask that nobody approved yet counts too.
    """
    wanted = range(len(project.groups)) if groups is None else groups
    masked = {group: _masked(project, group) for group in wanted}
    total = sum(len(queries) * (len(queries) - 1) // 2 for queries in masked.values())
    cache, done = NumberCache(project.cache / FILE, _WIDTH), 0
    rows = cache.read()
    for group, queries in masked.items():
        looked = _Looking(project, group, rows)
        for one, other in combinations(queries, 2):
            found = looked.at(one, other)
            done += 1
            if progress is not None:
                progress(done, total)
            if found is not None:
                yield found
        if looked.measured:
            cache.write(rows)


class _Looking:
    """The queries of one group: images are decoded and searched only where a number is not kept."""

    def __init__(self, project: Project, group: int, rows: dict[bytes, NDArray[np.float64]]) -> None:
        self._project, self._group, self._rows = project, group, rows
        self._source = FeatureSource(cache=FeatureCache(project.cache / FEATURES))
        self.measured = 0

    def at(self, one: QueryRecord, other: QueryRecord) -> Contradiction | None:
        """Both directions: a mask that is too small says little about what it lacks, the other one does."""
        found = [self._overlap(first, second) for first, second in permutations((one, other))]
        worst = min((each for each in found if contradicts(each)), key=lambda each: each.shared, default=None)
        if worst is None:
            return None
        numbers, images = (one.number, other.number), (one.image, other.image)
        return Contradiction(self._group, numbers, images, worst.matches, worst.shared)

    def _overlap(self, one: QueryRecord, other: QueryRecord) -> Overlap:
        try:
            name = key_of(FORM, *(part for query in (one, other) for part in self._parts(query)))
        except AnnotatorError:
            return NOTHING_KNOWN  # an image that cannot be read; the image library reports it
        if not np.isfinite(self._rows.get(name, np.nan)).all():  # not kept yet, or spoilt
            self.measured += 1
            found = self._measure(one, other)
            self._rows[name] = np.array([found.matches, found.coverage, found.shared])
        matches, coverage, shared = self._rows[name].tolist()
        return Overlap(int(matches), coverage, shared)

    def _parts(self, query: QueryRecord) -> tuple[str, str]:
        drawn = "" if query.annotation is None else annotation_text(query.annotation)
        return self._project.library.sha256(query.image), drawn

    def _measure(self, one: QueryRecord, other: QueryRecord) -> Overlap:
        first, second = self._pixels(one), self._pixels(other)
        if first is None or second is None or one.annotation is None or other.annotation is None:
            return NOTHING_KNOWN
        mask, there = mask_of(one.annotation), mask_of(other.annotation)
        sha256 = self._project.library.sha256
        prepared = self._source.reference(Reference(first, mask, "query", one.image, sha256(one.image)))
        if isinstance(prepared, str) or there.shape != second.shape[:2]:
            return NOTHING_KNOWN
        index = self._source.index(IndexImage(second, other.image, sha256(other.image)))
        return overlap(prepared, index, there)

    def _pixels(self, query: QueryRecord) -> Pixels | None:
        path = self._project.library.path(query.image)
        try:
            return None if path is None else decode(path)
        except AnnotatorError:
            return None  # the image library reports it


def _masked(project: Project, group: int) -> list[QueryRecord]:
    return [
        query
        for query in project.store.query_records(group)
        if query.annotation is not None and query.annotation.shapes and project.library.has(query.image)
    ]


def finding_data(found: Contradiction, check: str) -> dict[str, object]:
    """A contradiction in the form of `annotator check --json`: no pair, but a group and its two queries."""
    return {
        "pair": None,
        "group": group_name(found.group),
        "queries": list(found.queries),
        "check": check,
        "severity": found.severity.value,
        "sentence": found.sentence,
        "x": None,
        "y": None,
        "polygon": None,
    }
