"""What goes into a proposer and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from annotator.domain.geometry import Polygon
from annotator.domain.raster import Mask
from annotator.premask.features import Floats, Pixels
from annotator.premask.warp import Geometry

Kind = Literal["query", "approved", "bridge"]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A masked image of the group: a query with its query mask, or an index image with an approved mask.

    `image` uint8 `(height, width, 3)` RGB as shown, `mask` bool `(height, width)`, `key` a hash of the file's content.
    """

    image: Pixels
    mask: Mask
    kind: Kind
    name: str
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class IndexImage:
    """An index image to find the query object in; `key` is a hash of the file's content."""

    image: Pixels
    name: str
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class ProposalInput:
    """Masked references of one query group and the index image that wants a pre-mask."""

    references: tuple[Reference, ...]
    index: IndexImage


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A pre-mask.

    `polygons` in pixels of the index image, `confidence` predicts the IoU (0 to 1), `soft` is the evidence as float32
    of the index image at a smaller size (0 to 1), `geometry` maps the reference called `reference` to the index image.
    `refused` is the reason why there is nothing, or None. `alternatives` are other answers, best first.
    """

    polygons: tuple[Polygon, ...]
    confidence: float
    proposer: str
    reference: str = ""
    soft: Floats | None = None
    geometry: Geometry | None = None
    seconds: float = 0.0
    refused: str | None = None
    alternatives: tuple[Proposal, ...] = ()
    through: str = ""


class Proposer(Protocol):
    """A method that turns masked references and an index image into a pre-mask; picklable, deterministic."""

    @property
    def name(self) -> str:
        """Its name in commands and records."""
        ...

    @property
    def describe(self) -> str:
        """One sentence for people."""
        ...

    @property
    def together(self) -> bool:
        """Whether the index images of a group help each other."""
        ...

    def propose(self, given: ProposalInput) -> Proposal:
        """The pre-mask of one index image; never raises for images that it cannot handle, but refuses."""
        ...

    def propose_group(self, references: tuple[Reference, ...], images: Sequence[IndexImage]) -> list[Proposal]:
        """The pre-masks of many index images of one group, which may help each other; in their order."""
        ...


class EachAlone:
    """A proposer that looks at every index image on its own."""

    __slots__ = ()

    together: ClassVar[bool] = False

    def propose_group(
        self: Proposer, references: tuple[Reference, ...], images: Sequence[IndexImage]
    ) -> list[Proposal]:
        """Every index image on its own."""
        return [self.propose(ProposalInput(references, image)) for image in images]


def refusal(proposer: str, reason: str, seconds: float = 0.0) -> Proposal:
    """An answer without a pre-mask."""
    return Proposal((), 0.0, proposer, seconds=seconds, refused=reason)
