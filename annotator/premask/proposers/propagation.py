"""The default proposer: the pipeline for all index images of a group together, with bridges.

An index image that the references do not explain well is looked at again from other index images of the group that they
do explain: their pre-masks serve as further references, trusted as far as they are confident. That reaches images that
no reference matches directly.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from annotator.domain.raster import Mask, fill
from annotator.premask.fitted import Fitted, shipped
from annotator.premask.proposers.pipeline import Pipeline, answered, prepared_references
from annotator.premask.protocol import IndexImage, Proposal, ProposalInput, Reference, refusal
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.transfer import Candidate, candidates

WANTS_HELP = 0.6
"""Confidence below which an image is looked at again through bridges."""

SERVES = 0.5
"""Confidence from which an image may be a bridge."""

MOST_BRIDGES = 2
"""Bridges that are tried for an image: each costs as much as a reference."""

LOSS = 0.9
"""A bridge's candidate counts at most LOSS times the bridge's own confidence: errors add up along a chain."""


@dataclass(frozen=True, slots=True)
class Propagation:
    """The pipeline with bridges through index images that have no approved mask."""

    source: FeatureSource = field(default_factory=FeatureSource)
    fitted: Fitted = field(default_factory=shipped)
    together: ClassVar[bool] = True
    name: str = "group"
    describe: str = "The pipeline for a whole group: confident pre-masks of other index images serve as bridges."

    def propose(self, given: ProposalInput) -> Proposal:
        """One index image alone has no bridges: the pipeline's answer."""
        return replace(self._pipeline.propose(given), proposer=self.name)

    def propose_group(self, references: tuple[Reference, ...], images: Sequence[IndexImage]) -> list[Proposal]:
        """All index images: first from the references, then the doubtful ones through the confident ones."""
        clock = time.process_time()
        prepared, problems = prepared_references(self.source, references)
        if not prepared:
            return [refusal(self.name, problems) for _ in images]
        setup = (time.process_time() - clock) / max(1, len(images))
        first = [self._first(prepared, image, setup) for image in images]
        bridges = self._bridges(first, images)
        return [self._again(look, bridges, image) for look, image in zip(first, images, strict=True)]

    @property
    def _pipeline(self) -> Pipeline:
        return Pipeline(self.source, self.fitted)

    def _first(self, prepared: list[Prepared], image: IndexImage, setup: float) -> _Look:
        clock = time.process_time()
        found = self._pipeline.candidates(prepared, image)
        if isinstance(found, str):
            return _Look(None, [], refusal(self.name, found), time.process_time() - clock + setup)
        answer = answered(self.name, *found)
        proposal = refusal(self.name, answer) if isinstance(answer, str) else answer
        return _Look(found[0], found[1], proposal, time.process_time() - clock + setup)

    def _bridges(self, looks: list[_Look], images: Sequence[IndexImage]) -> list[_Bridge]:
        """The images that are explained well enough to explain others, most confident first."""
        order = sorted(range(len(looks)), key=lambda row: -looks[row].proposal.confidence)
        return [
            _Bridge(images[row], looks[row].proposal)
            for row in order
            if looks[row].proposal.confidence >= SERVES and looks[row].indexed is not None
        ]

    def _again(self, look: _Look, bridges: list[_Bridge], image: IndexImage) -> Proposal:
        clock = time.process_time()
        indexed = look.indexed
        others = [bridge for bridge in bridges if bridge.image.name != image.name][:MOST_BRIDGES]
        if indexed is None or look.proposal.confidence >= WANTS_HELP or not others:
            return replace(look.proposal, seconds=look.seconds)
        found = list(look.found)
        for bridge in others:
            found += self._through(bridge, indexed)
        answer = answered(self.name, indexed, found)
        seconds = look.seconds + time.process_time() - clock
        return refusal(self.name, answer, seconds) if isinstance(answer, str) else replace(answer, seconds=seconds)

    def _through(self, bridge: _Bridge, indexed: Indexed) -> list[Candidate]:
        """Candidates from a bridge's pre-mask, trusted as far as the bridge is."""
        prepared = self.source.bridge(bridge.image, bridge.mask())
        if prepared is None:
            return []
        found = candidates(prepared, indexed, self.fitted, keep=2)
        most = LOSS * bridge.proposal.confidence
        return [replace(one, confidence=min(one.confidence, most) * LOSS) for one in found]


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    indexed: Indexed | None
    found: list[Candidate]
    proposal: Proposal
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Bridge:
    image: IndexImage
    proposal: Proposal

    def mask(self) -> Mask:
        height, width = self.image.image.shape[:2]
        return fill(self.proposal.polygons, (width, height))
