"""What the project database hands out: frozen records, times in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from annotator.domain.dataset import Difficulty, PairKey
from annotator.domain.geometry import Box
from annotator.domain.passes import PairState, Pass, Verdict
from annotator.domain.shapes import Annotation

Seats = tuple[str | None, str | None, str | None]
"""Who did passes 1, 2 and 3 of a pair; None where nobody did yet."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one person to work on one pair until it expires."""

    key: PairKey
    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A query group's note and whether it was opened for annotation."""

    number: int
    opened_at: datetime | None
    opened_by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class PairRecord:
    """A pair as it stands.

    `index` is the position in `imlist`. `state` is `waiting` while the image is not here or the group is not open.
    `latest_revision` is the newest saved annotation of any kind, `standing` the one that the passes agreed on so far
    (None before pass 1). `lease` is None where nobody holds an unexpired one.
    """

    key: PairKey
    index: int
    difficulty: Difficulty
    state: PairState
    present: bool
    latest_revision: int | None
    lease: Lease | None
    seats: Seats
    standing: int | None = None


@dataclass(frozen=True, slots=True)
class QueryRecord:
    """A query with its newest query mask; `approved_by` is None until somebody approved exactly that one."""

    number: int
    image: str
    group: int
    box: Box
    present: bool
    annotation: Annotation | None
    drawn_by: str | None
    approved_by: str | None
    revision: int | None


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """One saved annotation of a pair; `parent` is the revision that it was made from."""

    id: int
    key: PairKey
    person: str
    at: datetime
    proposer: str | None
    parent: int | None


@dataclass(frozen=True, slots=True)
class QueryRevisionRecord:
    """One saved query mask, and who approved it."""

    id: int
    number: int
    person: str
    at: datetime
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class PassHead:
    """A pass without its polygons, for lists and statistics. `id` is its place in the chain of the whole project."""

    id: int
    key: PairKey
    pass_number: int
    person: str
    verdict: Verdict
    submitted_at: datetime
    active_seconds: float
    base_revision: int | None
    proposer: str | None
    reason: str
    revision: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PassRecord:
    """A pass as it was recorded: `revision` holds its annotation, `sha256` chains it to the one before."""

    id: int
    pass_: Pass
    revision: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How a researcher settled a pair that was escalated or in dispute; `revision` is None when no mask was set."""

    id: int
    key: PairKey
    person: str
    at: datetime
    reason: str
    before: PairState
    after: PairState
    revision: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class BlindRecord:
    """A blind second annotation without its polygons; `id` is its place in the chain of the whole project."""

    id: int
    key: PairKey
    person: str
    at: datetime
    active_seconds: float
    sha256: str
