"""What the panels show, as plain frozen data without Qt: presenters make it, panels paint it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from annotator.domain.dataset import PairKey
from annotator.domain.errors import Place
from annotator.domain.geometry import Box
from annotator.domain.remarks import RemarkPlace
from annotator.domain.shapes import Annotation, OccluderKind, Role


@dataclass(frozen=True, slots=True)
class QueryCard:
    """One query of a group: `path` and `annotation` where it has both, else `missing` says why it cannot be shown."""

    number: int
    image: str
    box: Box
    path: Path | None
    annotation: Annotation | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    """The queries of a group, its note, and whether annotators may work in it."""

    number: int
    name: str
    title: str
    cards: tuple[QueryCard, ...]
    note: str
    is_open: bool

    @property
    def masked(self) -> tuple[QueryCard, ...]:
        """The queries that can be shown with a mask."""
        return tuple(card for card in self.cards if card.annotation is not None and card.path is not None)


@dataclass(frozen=True, slots=True)
class PolygonRow:
    """One polygon in the list. `share` is of the objects' area, set for occluders and kept occlusions."""

    id: str
    role: Role
    name: str
    kind: OccluderKind | None
    vertices: int
    area: float
    share: float | None
    locked: bool
    visible: bool


@dataclass(frozen=True, slots=True)
class MaskLine:
    """Pixels of the mask and the share that occluders cut out of the objects."""

    pixels: int
    cut_out: float


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: `severity` is error or warning; a click goes to `place` and selects the polygon."""

    severity: str
    text: str
    detail: str
    place: Place | None
    shape_id: str | None


@dataclass(frozen=True, slots=True)
class PassRow:
    """One of the three passes: `state` is done, work, returned, dispute or empty."""

    number: int
    state: str
    person: str
    verdict: str
    detail: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """One message of a thread."""

    person: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A thread of remarks pinned to a place; `id` is its first remark, None while it is not yet stored.

    `number` counts the threads of the pair in their order, 0 where they are not numbered; `where` names the image or
    the region where the place is not a point of the index image.
    """

    id: int | None
    place: RemarkPlace
    lines: tuple[RemarkLine, ...]
    settled: bool
    number: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place where a pass changed the mask: `kind` is added or removed, `box` in pixels, `area` in pixels."""

    kind: str
    box: Box
    area: int
    centre: Place


@dataclass(frozen=True, slots=True)
class PremaskRow:
    """One proposal for the pair: who made it, from what, and how sure it is (0 to 1)."""

    proposer: str
    detail: str
    confidence: float
    annotation: Annotation


@dataclass(frozen=True, slots=True)
class StripItem:
    """One index image of the group in the strip. `segments` are the states of its three passes."""

    key: PairKey
    difficulty: str
    state: str
    present: bool
    segments: tuple[str, str, str]
    badge: str
    holder: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class StripFilter:
    """A filter of the strip with its count; `token` colours its square, empty for none."""

    name: str
    text: str
    count: int
    token: str


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """A group in which pairs wait for the person."""

    number: int
    name: str
    title: str
    waiting: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list: `approved` of `total` query masks; `ready` where it could be opened now."""

    number: int
    name: str
    first: str
    approved: int
    total: int
    is_open: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class QueryLine:
    """A query in the list: what is below its name, its state and the tone of that."""

    number: int
    image: str
    below: str
    state: str
    tone: str
    path: Path | None
    annotation: Annotation | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of the checklist before a group opens: done, waiting (an hourglass), or missing."""

    text: str
    state: str
    value: str
