"""One reference to one index image: candidates with their geometry, cut mask and confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from annotator.domain.geometry import Polygon
from annotator.domain.raster import Mask, fill
from annotator.premask.alignment import Alignment, Look, alignments, first_look
from annotator.premask.cut import agreement, change_of, changed, left_in, main_parts
from annotator.premask.edges import drawn_to_edges
from annotator.premask.evidence import planes
from annotator.premask.features import Features, Floats, strongest
from annotator.premask.fitted import Fitted
from annotator.premask.judge import marks, with_cut
from annotator.premask.matching import match
from annotator.premask.source import Indexed, Prepared
from annotator.premask.warp import warped
from annotator.premask.window import Window, window_of

RATIO, RATIO_LEARNED = 0.88, 0.95
"""Largest ratio of a match for RootSIFT and for learned features, whose descriptors have fewer numbers."""

APART = 6.0
"""Pixels within which two RootSIFT features are one place seen twice."""

GLANCE = 400
"""Strongest features of an object that take part in a glance, and half as many as of the index image."""

LEAST_MATCHES = 12
"""Verified matches on the mask below which a candidate is refused (DESIGN 8)."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A candidate before its cut: geometry, warped outline, window and planes of evidence."""

    alignment: Alignment
    warped: tuple[Polygon, ...]
    window: Window
    planes: Floats
    marks: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One answer from one reference; `mask` is at the index image's working size."""

    alignment: Alignment
    mask: Mask
    confidence: float
    reference: str
    kind: str = ""


def glances(references: Sequence[Prepared], index: Indexed) -> list[int]:
    """Matches of the strongest features on each object: tells, at a thirtieth of its cost, what a look will find."""
    top = strongest(index.features, 2 * GLANCE)
    limit, apart = _limit(top), _apart(top)
    return [len(match(strongest(one.features.take(one.inside), GLANCE), top, limit, apart)) for one in references]


def looked_at(prepared: Prepared, index: Indexed) -> Look:
    """The first look of a reference at an index image: a small part of the cost of candidates."""
    found = prepared.matches(index, _limit(index.features), _apart(index.features))
    return first_look(prepared.subject, prepared.features, index.features, found)


def seen_candidates(prepared: Prepared, index: Indexed, look: Look, keep: int) -> list[Seen]:
    """Geometric candidates of enough matches with their evidence, best supported first."""
    found = alignments(prepared.wanted, index.field, look, keep)
    seen = (_seen(prepared, index, one) for one in found if int(one.inside.sum()) >= LEAST_MATCHES)
    return [one for one in seen if one is not None]


def _limit(features: Features) -> float:
    return RATIO if features.framed else RATIO_LEARNED


def _apart(features: Features) -> float:
    """Pixels within which two features see one place: neighbours of learned features share most of what they see."""
    return APART if features.framed or not len(features) else float(np.median(features.scales)) / 2


def _seen(prepared: Prepared, index: Indexed, alignment: Alignment) -> Seen | None:
    outline = warped(prepared.polygons, alignment.geometry)
    if outline is None:
        return None
    border = np.concatenate([polygon.outer.points for polygon in outline])
    window = window_of(prepared.scene, index.image, alignment.geometry, border)
    if window is None or not (window.expected > 0.5).any():
        return None
    layers = planes(window, alignment, prepared.features, index.features, prepared.inside)
    found = marks(alignment, prepared.subject, window, layers).astype(np.float32)
    return Seen(alignment, outline, window, layers, found)


def candidates(prepared: Prepared, index: Indexed, look: Look, fitted: Fitted, keep: int = 2) -> list[Candidate]:
    """Candidates of one reference from its first look, most confident first; empty where nothing was verified."""
    found = []
    for seen in seen_candidates(prepared, index, look, keep):
        mask, completed = cut_of(seen, index, fitted.cut(seen.planes))
        if not mask.any():
            continue
        confidence = float(fitted.confidence(completed))
        found.append(Candidate(seen.alignment, mask, confidence, prepared.reference.name, prepared.kind))
    found.sort(key=lambda one: -one.confidence)
    return found


def cut_of(seen: Seen, index: Indexed, inside: Floats) -> tuple[Mask, Floats]:
    """The mask after the cut, `bool (height, width)` of the working image, and the marks completed by it."""
    height, width = index.image.shape[:2]
    change = change_of(seen.window, inside)
    expected = max(1, int(np.count_nonzero(seen.window.expected > 0.5)))
    taken = int(np.count_nonzero(change < 0)) / expected
    left = left_in(seen.window, change)
    mask = changed(fill(seen.warped, (width, height)), seen.window, change)
    mask = main_parts(drawn_to_edges(mask, left, seen.window, inside, seen.alignment.residual))
    return mask, with_cut(seen.marks, agreement(left, inside), taken).astype(np.float32)


def soft_of(mask: Mask, side: int = 160) -> Floats:
    """A mask at a small size with soft edges, for showing evidence."""
    factor = min(1.0, side / max(mask.shape))
    size = max(1, round(mask.shape[1] * factor)), max(1, round(mask.shape[0] * factor))
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA), dtype=np.float32)
