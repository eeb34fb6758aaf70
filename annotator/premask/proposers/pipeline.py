"""The pipeline for one index image: every reference is transferred, and what agrees is blended (DESIGN 8)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeVar

import numpy as np

from annotator.domain.raster import Mask
from annotator.premask.alignment import Look
from annotator.premask.fitted import Fitted, shipped
from annotator.premask.fusion import fused
from annotator.premask.outlining import outlines
from annotator.premask.protocol import IndexImage, Proposal, ProposalInput, Reference, refusal
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.transfer import Candidate, candidates, glances, looked_at, soft_of

Viewed = TypeVar("Viewed")

SURE = 0.5
"""Confidence from which an image is not looked at with a further kind of features (docs/premask.md has the cost)."""

LOOKS = 8
"""References that an image is looked at from, with each kind of features: bounds its cost in a group with many approved
masks. Of twenty, the best two were among the eight of the most promising glances in nine of ten images."""

AGAINST = 0.5
"""Share of the best look's support below which another reference is not followed: it saves a tenth of the time with
several references and changes no mean IoU by more than 0.1; 0.7 loses half a point."""

CLOSELY, CLOSELY_BESIDE = 2, 1
"""References that are followed beyond their first look, with the first kind of features and with a further one: each
costs as much again, and a third changed the mean IoU by less than half a point (docs/adr/0007)."""

UNSURE = 6.0
"""Support of the best look below which no other is followed: where the best says hardly more than chance, the others
say nothing (docs/premask.md)."""

LEAST_FEATURES = 12
"""Features below which an index image is not searched."""

LEAST_CONTRAST = 4.0
"""Standard deviation of grey levels below which an image shows nothing."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Features, matching, verified geometry, smooth warp, region cut; references are fused by confidence.

    `sources` are kinds of features: an image is looked at with the first, and with the next where that left doubts.
    """

    sources: tuple[FeatureSource, ...] = field(default_factory=lambda: (FeatureSource(),))
    fitted: Fitted = field(default_factory=shipped)
    together: ClassVar[bool] = False
    name: str = "pipeline"
    describe: str = "Local features, verified geometry with smooth local corrections, learned cut; each image alone."

    def propose(self, given: ProposalInput) -> Proposal:
        """The pre-mask of one index image from all references."""
        start = time.process_time()
        prepared, problems = prepared_references(self.sources, given.references)
        if not prepared:
            return refusal(self.name, problems, time.process_time() - start)
        found = self.candidates(prepared, given.index)
        answer = found if isinstance(found, str) else answered(self.name, *found)
        seconds = time.process_time() - start
        return refusal(self.name, answer, seconds) if isinstance(answer, str) else replace(answer, seconds=seconds)

    def propose_group(self, references: tuple[Reference, ...], images: Sequence[IndexImage]) -> list[Proposal]:
        """Every index image on its own."""
        return [self.propose(ProposalInput(references, image)) for image in images]

    def candidates(self, prepared: Sequence[Prepared], image: IndexImage) -> tuple[Indexed, list[Candidate]] | str:
        """Candidates of all references for an index image, or why it cannot be searched."""
        step = max(1, max(image.image.shape) // 512)  # enough to tell one tone, and no copy of a large image
        if float(image.image[::step, ::step].std()) < LEAST_CONTRAST:
            return f"{image.name} shows nothing but one tone."
        found: list[Candidate] = []
        seen: list[Indexed] = []
        closely = CLOSELY
        for source in self.sources:
            if any(one.confidence >= SURE for one in found):
                break
            indexed = source.index(image)
            seen.append(indexed)
            if len(indexed.features) >= LEAST_FEATURES:
                own = [one for one in prepared if one.kind == source.kind]
                found += self._from_best(own, indexed, closely)
            closely = CLOSELY_BESIDE
        most = max(len(one.features) for one in seen)
        if most < LEAST_FEATURES:
            return f"{image.name} has too little texture: {most} features."
        return seen[0], found  # the first kind even where it sees little: bridges are of that kind

    def _from_best(self, references: Sequence[Prepared], indexed: Indexed, closely: int) -> list[Candidate]:
        """Candidates of the `closely` references whose first look promises most, of the best one where none is sure."""
        looks = [(one, looked_at(one, indexed)) for one in _worth_a_look(references, indexed)]
        worth = promising(looks)
        sure = bool(worth) and worth[0][1].support >= UNSURE
        return [
            found
            for one, look in worth[: closely if sure else 1]
            for found in candidates(one, indexed, look, self.fitted)
        ]


def promising(looks: Sequence[tuple[Viewed, Look]]) -> list[tuple[Viewed, Look]]:
    """The looks that are worth following, each with what looked, most support first."""
    most = max((look.support for _, look in looks), default=0.0)
    return sorted((one for one in looks if one[1].support >= AGAINST * most), key=lambda one: -one[1].support)


def _worth_a_look(references: Sequence[Prepared], indexed: Indexed) -> list[Prepared]:
    """The references that see most of the image at a glance, in their order; all where there are few."""
    if len(references) <= LOOKS:
        return list(references)
    seen = glances(references, indexed)
    best = sorted(range(len(references)), key=lambda row: -seen[row])[:LOOKS]
    return [references[row] for row in sorted(best)]


def prepared_references(
    sources: tuple[FeatureSource, ...], references: tuple[Reference, ...]
) -> tuple[list[Prepared], str]:
    """The references that can serve, once for each kind of features, and a sentence about those that cannot."""
    results = [source.reference(reference) for source in sources for reference in references]
    problems = " ".join(dict.fromkeys(result for result in results if isinstance(result, str)))
    return [result for result in results if isinstance(result, Prepared)], problems or "There is no masked reference."


def answered(name: str, indexed: Indexed, found: list[Candidate]) -> Proposal | str:
    """The fused proposal of all candidates, with other geometries as alternatives; a sentence where there are none."""
    if not found:
        return f"No part of the references could be verified in {indexed.name}."
    best = _first_of_each(found)
    mask, confidence, soft, lead = fused(best)
    if not mask.any():
        return f"The references do not agree about {indexed.name}."
    others = [one for one in sorted(found, key=lambda one: -one.confidence) if one is not lead]
    alternatives = tuple(_single(name, one, indexed) for one in others[:3] if _differs(one.mask, mask))
    geometry = lead.alignment.geometry.enlarged(1 / indexed.factor)
    return Proposal(
        polygons=outlines(mask, indexed.factor),
        confidence=confidence,
        proposer=name,
        reference=lead.reference,
        soft=soft_of(mask) if soft is None else soft,
        geometry=geometry,
        alternatives=alternatives,
    )


def _first_of_each(found: list[Candidate]) -> list[Candidate]:
    """The most confident candidate of every reference with every kind of features."""
    best: dict[tuple[str, str], Candidate] = {}
    for one in found:
        key = one.reference, one.kind
        if key not in best or one.confidence > best[key].confidence:
            best[key] = one
    return list(best.values())


def _differs(one: Mask, other: Mask) -> bool:
    common = np.count_nonzero(one & other)
    return bool(common < 0.8 * np.count_nonzero(one | other))


def _single(name: str, one: Candidate, indexed: Indexed) -> Proposal:
    geometry = one.alignment.geometry.enlarged(1 / indexed.factor)
    return Proposal(outlines(one.mask, indexed.factor), one.confidence, name, one.reference, geometry=geometry)
