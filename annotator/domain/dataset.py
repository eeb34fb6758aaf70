"""Ground truth, query groups and pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.errors import AnnotatorError
from annotator.domain.geometry import Box


class Difficulty(StrEnum):
    """A label of one (query, index image)."""

    EASY = "easy"
    HARD = "hard"
    JUNK = "junk"


class Protocol(StrEnum):
    """Which difficulties count as positive when scoring: medium is easy and hard, hard is hard alone."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Query:
    """Query `number` (position in `qimlist`) with its image's name (no extension), query box and labelled images.

    `easy`, `hard` and `junk` are positions in `imlist`, ascending.
    """

    number: int
    image: str
    box: Box
    easy: tuple[int, ...]
    hard: tuple[int, ...]
    junk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """A ground-truth file: `dataset` is its short name (oxford, paris, or the file's own), `sha256` of its bytes.

    `index_images` are names without extension; positions in it are the index numbers of the benchmark.
    """

    dataset: str
    queries: tuple[Query, ...]
    index_images: tuple[str, ...]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class QueryGroup:
    """All queries with identical easy, hard and junk lists; numbered by their first query."""

    number: int
    queries: tuple[Query, ...]
    easy: tuple[int, ...]
    hard: tuple[int, ...]
    junk: tuple[int, ...]

    @property
    def name(self) -> str:
        """`gNN`."""
        return group_name(self.number)

    @property
    def positives(self) -> tuple[int, ...]:
        """Index numbers that get a mask: easy and hard, ascending."""
        return tuple(sorted({*self.easy, *self.hard}))

    def difficulty(self, index: int) -> Difficulty:
        """The label of an index number of this group; raises KeyError for an image that the group does not name."""
        for difficulty, members in self._labels.items():
            if index in members:
                return difficulty
        raise KeyError(index)

    @property
    def _labels(self) -> Mapping[Difficulty, tuple[int, ...]]:
        return {Difficulty.EASY: self.easy, Difficulty.HARD: self.hard, Difficulty.JUNK: self.junk}


def group_name(number: int) -> str:
    """`gNN` for a group's number."""
    return f"g{number:02d}"


def query_groups(truth: GroundTruth) -> tuple[QueryGroup, ...]:
    """The query groups of a ground truth in the order of their first query (26 in ROxford, 25 in RParis)."""
    members: dict[tuple[tuple[int, ...], ...], list[Query]] = {}
    for query in truth.queries:
        members.setdefault((query.easy, query.hard, query.junk), []).append(query)
    return tuple(
        QueryGroup(number, tuple(queries), *labels) for number, (labels, queries) in enumerate(members.items())
    )


@dataclass(frozen=True, slots=True, order=True)
class PairKey:
    """A pair: query group number and index image name; written `gNN:IMAGE`."""

    group: int
    image: str = field(compare=True)

    def __str__(self) -> str:
        return f"{group_name(self.group)}:{self.image}"

    @classmethod
    def parse(cls, text: str) -> PairKey:
        """Read `g00:all_souls_000051`; raises AnnotatorError with the form that was expected."""
        match = re.fullmatch(r"g([0-9]{2,6}):(.+)", text)
        if match is None:
            raise AnnotatorError(f"'{text}' names no pair; write it as gNN:IMAGE, for example g00:all_souls_000051.")
        return cls(int(match[1]), match[2])
