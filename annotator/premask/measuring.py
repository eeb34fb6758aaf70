"""Measures proposers on masks that people drew: mean IoU of masks and boxes per landmark and over landmarks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotator.domain.raster import fill
from annotator.premask.fitting import judged
from annotator.premask.iou import box_iou, mask_iou
from annotator.premask.landmark import Landmark
from annotator.premask.protocol import Proposal, Proposer, Reference

DRAWS = 2
"""Random draws of approved masks for every query-index pair."""


BRIDGES = 3
"""Index images without masks that a proposer is given beside the measured one when there are approved masks."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a proposer is given: one query mask and `approved` masks of other index images, or all queries together.

    With `each` it is one approved mask of an index image and no query: views farther apart, and more pairs of them.
    """

    approved: int = 0
    all_queries: bool = False
    each: bool = False

    @property
    def name(self) -> str:
        """The key in reports: the number of approved masks, `queries` or `each`."""
        return "each" if self.each else "queries" if self.all_queries else str(self.approved)


@dataclass(frozen=True, slots=True)
class Score:
    """One query-index pair: IoU of masks and of boxes, confidence, CPU seconds, references used beside the query."""

    group: str
    query: str
    index: str
    draw: int
    mask: float
    box: float
    confidence: float
    seconds: float
    references: tuple[str, ...]
    refused: str | None


def measured(proposer: Proposer, landmark: Landmark, setting: Setting, query: str) -> list[Score]:
    """The scores of one query (its name; ignored where all are used) on every masked index image of its landmark.

    With `setting.each`, `query` names the index image whose approved mask is the reference.
    """
    if setting.each:
        others = [image for image in landmark.images if image.name != query]
        found = proposer.propose_group((_approved(landmark, query),), others)
        return [_score(landmark, query, image.name, 0, answer, ()) for image, answer in zip(others, found, strict=True)]
    queries = tuple(one for one in landmark.queries if setting.all_queries or one.name == query)
    if setting.approved == 0:
        images = [image for image in landmark.images if all(image.name != one.name for one in queries)]
        found = proposer.propose_group(queries, images)
        return [_score(landmark, query, image.name, 0, answer, ()) for image, answer in zip(images, found, strict=True)]
    scores = []
    for image in landmark.images:
        if image.name == query:
            continue
        for draw, names in enumerate(_draws(landmark, query, image.name, setting.approved)):
            approved = tuple(_approved(landmark, name) for name in names)
            others = [one for one in landmark.images if one.name not in (*names, query, image.name)]
            bridges = others[:BRIDGES] if proposer.together else []
            answer = proposer.propose_group(queries + approved, [image, *bridges])[0]
            scores.append(_score(landmark, query, image.name, draw, answer, names))
    return scores


def _draws(landmark: Landmark, query: str, image: str, count: int) -> list[tuple[str, ...]]:
    """Up to `DRAWS` different draws of other index images, the same for every proposer and number of workers."""
    others = sorted(one.name for one in landmark.images if one.name not in (image, query))
    seed = int.from_bytes(hashlib.sha256(f"{landmark.name}|{query}|{image}|{count}".encode()).digest()[:8], "little")
    random = np.random.default_rng(seed)
    count = min(count, len(others))
    found = {tuple(sorted(str(name) for name in random.choice(others, count, replace=False))) for _ in range(DRAWS)}
    return sorted(found)


def _approved(landmark: Landmark, name: str) -> Reference:
    image = next(one for one in landmark.images if one.name == name)
    mask = landmark.wholes.get(name, landmark.truths[name])
    return Reference(image.image, mask, "approved", name, image.key)


def _score(
    landmark: Landmark, query: str, image: str, draw: int, answer: Proposal, references: tuple[str, ...]
) -> Score:
    truth = landmark.truths[image]
    mask = fill(answer.polygons, (truth.shape[1], truth.shape[0]))
    return Score(
        landmark.name, query, image, draw, mask_iou(mask, truth), box_iou(mask, truth), round(answer.confidence, 6),
        answer.seconds, references, answer.refused,
    )  # fmt: skip


def summary(scores: Sequence[Score]) -> dict[str, Any]:
    """Means per landmark and over landmarks (0 to 1), CPU seconds per pair, confidence, and every pair."""
    groups: dict[str, list[Score]] = {}
    for score in scores:
        groups.setdefault(score.group, []).append(score)
    per_group = {
        name: {
            "mask": _mean([one.mask for one in members]),
            "box": _mean([one.box for one in members]),
            "pairs": len(members),
        }
        for name, members in sorted(groups.items())
    }
    return {
        "mask": _mean([group["mask"] for group in per_group.values()]),
        "box": _mean([group["box"] for group in per_group.values()]),
        "cpu_seconds_per_pair": _mean([one.seconds for one in scores]),
        "per_group": per_group,
        "confidence": judged(np.array([one.confidence for one in scores]), np.array([one.mask for one in scores])),
        "pairs": [_pair(one) for one in scores],
    }


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _pair(score: Score) -> dict[str, Any]:
    return {
        "group": score.group,
        "query": score.query,
        "index": score.index,
        "draw": score.draw,
        "references": list(score.references),
        "mask": score.mask,
        "box": score.box,
        "confidence": score.confidence,
        "refused": score.refused,
    }
