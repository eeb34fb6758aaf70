"""The default proposer: the pipeline for all index images of a group together, over the view graph.

An index image that the references do not explain well is looked at again from other index images of the group that they
do explain and that see the same places: their pre-masks serve as further references, trusted as far as they are
confident and as their path closes with what is known. What is explained that way is a bridge for the next round, so
that chains reach images that no reference matches directly.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from annotator.domain.raster import fill
from annotator.premask.alignment import Look
from annotator.premask.fitted import Fitted, shipped
from annotator.premask.graph.chains import SERVES, Anchor, bridges_for
from annotator.premask.graph.cycles import closure, gap, probes, through
from annotator.premask.proposers.pipeline import Pipeline, answered, prepared_references, promising
from annotator.premask.protocol import IndexImage, Proposal, ProposalInput, Reference, refusal
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.transfer import Candidate, candidates, looked_at
from annotator.premask.warp import Points

WANTS_HELP = 0.5
"""Confidence below which an image is looked at again through bridges; up to 0.6 cost a sixth more time for 0.1 points
of mean IoU."""

ROUNDS = 2
"""Rounds of bridging: the longest chain from a reference passes through so many images."""

LOSS = 0.9
"""A bridge's candidate counts at most LOSS times the bridge's own confidence: errors add up along a chain."""

LEAST_SUPPORT = 5.0
"""Support of a bridge's first look below which it is not followed: of 208 bridges that were, the 58 below it
brought nothing right (docs/premask.md)."""

OPEN_LOSS = 0.3
"""Share of its confidence that a bridge's candidate loses when its path does not close with any direct one."""


@dataclass(frozen=True, slots=True)
class Propagation:
    """The pipeline with bridges through index images that have no approved mask."""

    sources: tuple[FeatureSource, ...] = field(default_factory=lambda: (FeatureSource(),))
    fitted: Fitted = field(default_factory=shipped)
    together: ClassVar[bool] = True
    name: str = "group"
    describe: str = "The pipeline for a whole group: confident pre-masks of other index images serve as bridges."

    def propose(self, given: ProposalInput) -> Proposal:
        """One index image alone has no bridges: the pipeline's answer."""
        return replace(self._pipeline.propose(given), proposer=self.name)

    def propose_group(self, references: tuple[Reference, ...], images: Sequence[IndexImage]) -> list[Proposal]:
        """All index images: first from the references, then in rounds the doubtful ones through the confident ones."""
        clock = time.process_time()
        prepared, problems = prepared_references(self.sources, references)
        if not prepared:
            return [refusal(self.name, problems) for _ in images]
        setup = (time.process_time() - clock) / max(1, len(images))
        looks = [self._first(prepared, image, setup) for image in images]
        places = {one.reference.name: probes(one.subject.mask) for one in prepared}
        bridges: dict[int, _Bridge] = {}
        for _ in range(ROUNDS):
            fresh = self._bridges(looks, images, bridges)
            if not fresh:
                break
            bridges |= fresh
            looks = [self._again(row, look, bridges, set(fresh), places) for row, look in enumerate(looks)]
        return [replace(look.proposal, seconds=look.seconds) for look in looks]

    @property
    def _pipeline(self) -> Pipeline:
        return Pipeline(self.sources, self.fitted)

    def _first(self, prepared: list[Prepared], image: IndexImage, setup: float) -> _Look:
        clock = time.process_time()
        found = self._pipeline.candidates(prepared, image)
        if isinstance(found, str):
            return _Look(None, [], refusal(self.name, found), time.process_time() - clock + setup)
        answer = answered(self.name, *found)
        proposal = refusal(self.name, answer) if isinstance(answer, str) else answer
        return _Look(found[0], found[1], proposal, time.process_time() - clock + setup)

    def _bridges(
        self, looks: Sequence[_Look], images: Sequence[IndexImage], known: dict[int, _Bridge]
    ) -> dict[int, _Bridge]:
        """The images that are explained well enough to explain others and were not bridges before, by position."""
        found = {}
        for row, look in enumerate(looks):
            if look.indexed is None or look.proposal.confidence < SERVES or row in known:
                continue
            height, width = images[row].image.shape[:2]
            prepared = self.sources[0].bridge(images[row], fill(look.proposal.polygons, (width, height)))
            if prepared is not None:
                inside = prepared.features.take(np.flatnonzero(prepared.inside))
                found[row] = _Bridge(Anchor(row, look.proposal.confidence, inside), prepared, look.proposal)
        return found

    def _again(
        self, row: int, look: _Look, bridges: dict[int, _Bridge], fresh: set[int], places: dict[str, Points]
    ) -> _Look:
        """A doubtful image with the candidates of its most promising bridges, as far as they are new."""
        if look.indexed is None or look.proposal.confidence >= WANTS_HELP:
            return look
        clock = time.process_time()
        chosen = bridges_for(row, look.indexed.features, [one.anchor for one in bridges.values()])
        new = [bridges[anchor.row] for anchor in chosen if anchor.row in fresh]
        looks = promising([(bridge, looked_at(bridge.prepared, look.indexed)) for bridge in new])
        added = [
            one
            for bridge, seen in looks
            if seen.support >= LEAST_SUPPORT
            for one in self._through(bridge, look.indexed, seen, look.found, places)
        ]
        seconds = look.seconds + time.process_time() - clock
        answer = answered(self.name, look.indexed, look.found + added) if added else look.proposal
        if isinstance(answer, str):
            return replace(look, seconds=seconds)
        return _Look(look.indexed, look.found + added, answer, seconds)

    def _through(
        self, bridge: _Bridge, indexed: Indexed, look: Look, direct: list[Candidate], places: dict[str, Points]
    ) -> list[Candidate]:
        """Candidates from a bridge's pre-mask, trusted as far as the bridge is and as its cycles close."""
        most = LOSS * bridge.anchor.confidence
        found = []
        for one in candidates(bridge.prepared, indexed, look, self.fitted, keep=1):
            closed = closes(bridge.proposal, one, direct, places)
            trust = min(one.confidence, most) * LOSS * (1 - OPEN_LOSS * (1 - closed))
            found.append(replace(one, confidence=trust))
        return found


def closes(bridge: Proposal, one: Candidate, direct: Sequence[Candidate], places: dict[str, Points]) -> float:
    """How well reference -> bridge -> image meets the best of the direct candidates of that reference, 0 to 1.

    0 where nothing direct is there to meet.
    """
    start = places.get(bridge.reference)
    if bridge.geometry is None or start is None or not len(start):
        return 0.0
    arrived = through((bridge.geometry, one.alignment.geometry), start)
    same = [other for other in direct if other.reference == bridge.reference]
    gaps = [gap(other.alignment.geometry.forward(start), arrived) for other in same]
    return float(closure(min(gaps))) if gaps else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    indexed: Indexed | None
    found: list[Candidate]
    proposal: Proposal
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Bridge:
    anchor: Anchor
    prepared: Prepared
    proposal: Proposal
