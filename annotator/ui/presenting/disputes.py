"""A pair that waits for a researcher: its passes side by side, how they agree, where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.domain.dataset import PairKey, group_name
from annotator.domain.passes import PairState
from annotator.domain.raster import Mask, mask_of
from annotator.domain.rules import OcclusionSize, Rules
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.domain.tracing import polygons_of
from annotator.editing.occlusion import OcclusionGauge
from annotator.project.project import Project
from annotator.store.records import PairRecord, PassRecord
from annotator.ui.presenting.polygons import names_of
from annotator.ui.wording import percent, tr
from qa.difference import difference
from qa.disputes import Waiting


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two passes agree."""

    first: int
    second: int
    iou: float
    boundary_f: float
    hausdorff: float


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """A stopped pair with the newest submission of each pass."""

    pair: PairRecord
    passes: tuple[PassRecord, ...]

    @property
    def key(self) -> PairKey:
        """Which pair it is."""
        return self.pair.key

    @property
    def latest(self) -> int:
        """The number of its newest pass in the chain: it changes with any further pass of the pair."""
        return max(record.id for record in self.passes)

    @property
    def votes(self) -> int:
        """How many passes a pixel needs for a merge: more than half."""
        return len(self.passes) // 2 + 1


@dataclass(frozen=True, slots=True)
class Contested:
    """An occlusion that the passes disagree about: its name in the pass that drew it, and its size by the rules."""

    name: str
    pass_number: int
    shape: Shape
    size: OcclusionSize


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What the masks of a stopped pair's passes give, each with its pixels in `areas`.

    `layers` are masks of the pixels that all, more than one but not all, and one of the passes hold, with their
    `counts`; `rules` the numbers and words of the rules that the question is about.
    """

    areas: tuple[int, ...]
    agreement: tuple[Agreement, ...]
    layers: tuple[Mask, Mask, Mask]
    counts: tuple[int, int, int]
    contested: Contested | None
    rules: tuple[tuple[int, str], ...]


def agreement_words(lowest: float | None) -> str:
    """`0.69`; empty where there is nothing to compare."""
    return "" if lowest is None else f"{lowest:.2f}"


def why_stopped(one: Waiting) -> str:
    """`g00, passes disagree`, `g04, escalated by Amara`."""
    group = group_name(one.key.group)
    if one.pair.state is PairState.ESCALATED:
        return tr("{group}, escalated by {person}").format(group=group, person=one.by)
    return tr("{group}, passes disagree").format(group=group)


def stopped(project: Project, key: PairKey) -> Stopped:
    """Read the passes of a pair."""
    newest: dict[int, PassRecord] = {}
    for record in project.store.passes(key):
        newest[record.pass_.pass_number] = record
    return Stopped(project.store.pair(key), tuple(newest[number] for number in sorted(newest)))


def compared(found: Stopped, rules: Rules) -> Compared:
    """Compare the passes of a pair; half a second for large images, in any thread."""
    masks = [mask_of(record.pass_.annotation) for record in found.passes]
    votes = np.sum(np.stack(masks), axis=0, dtype=np.uint8)
    everywhere: Mask = np.equal(votes, len(masks))
    some: Mask = np.logical_and(np.greater(votes, 1), ~everywhere)
    alone: Mask = np.logical_and(np.equal(votes, 1), ~everywhere)
    subject = contested(found, rules)
    return Compared(
        tuple(int(np.count_nonzero(mask)) for mask in masks),
        _agreement(found.passes, masks, rules),
        (everywhere, some, alone),
        (int(np.count_nonzero(everywhere)), int(np.count_nonzero(some)), int(np.count_nonzero(alone))),
        subject,
        apply_to(found, rules, subject),
    )


def _agreement(passes: tuple[PassRecord, ...], masks: list[Mask], rules: Rules) -> tuple[Agreement, ...]:
    found = []
    for (one, before), (two, after) in combinations(enumerate(masks), 2):
        between = difference(before, after, rules.boundary_tolerance, rules.hausdorff_percentile)
        numbers = passes[one].pass_.pass_number, passes[two].pass_.pass_number
        found.append(Agreement(*numbers, between.iou, between.boundary_f, between.hausdorff))
    return tuple(found)


def merged(found: Stopped) -> Annotation:
    """What more than half of the passes hold, as object polygons that refill to exactly those pixels."""
    masks = [mask_of(record.pass_.annotation) for record in found.passes]
    votes = np.sum(np.stack(masks), axis=0, dtype=np.uint8)
    most: Mask = np.greater_equal(votes, found.votes)
    polygons = polygons_of(most)
    size = found.passes[0].pass_.annotation.size
    return Annotation(size, tuple(Shape(str(n), Role.OBJECT, polygon) for n, polygon in enumerate(polygons, 1)))


def apply_to(found: Stopped, rules: Rules, subject: Contested | None) -> tuple[tuple[int, str], ...]:
    """The rules that the question is about, by their number, with the project's own limits."""
    small = tr("Small occlusions stay inside: below {share} of the object and {thickness} of its size in thickness.")
    told = {
        1: tr("Identify the query object first; who cannot, escalates with a reason."),
        2: tr("Label every pixel that depicts the query object, and only the part that the query masks show."),
        3: tr("Large occluders are cut out with occluder polygons of a kind."),
        4: small.format(share=percent(rules.share), thickness=percent(rules.thickness)),
        5: tr("Where queries of the group differ, the note of the group says what they mean together."),
    }
    numbers = [1] if found.pair.state is PairState.ESCALATED else []
    numbers += [3, 4] if subject is not None else [2, 5]
    return tuple((number, told[number]) for number in numbers)


def contested(found: Stopped, rules: Rules) -> Contested | None:
    """The largest occlusion that some passes have and others have not, measured in the pass that drew it."""
    best: Contested | None = None
    largest = 0.0
    for record in found.passes:
        annotation = record.pass_.annotation
        others = [other.pass_.annotation for other in found.passes if other is not record]
        names = names_of(annotation)
        for shape in annotation.shapes:
            alone = shape.role is not Role.OBJECT and not all(_has(other, shape) for other in others)
            if alone and shape.polygon.area > largest:
                largest = shape.polygon.area
                size = OcclusionGauge(annotation, rules).measure(shape.polygon)
                best = Contested(names[shape.id], record.pass_.pass_number, shape, size)
    return best


def _has(annotation: Annotation, shape: Shape) -> bool:
    return any(other.role is shape.role and other.polygon == shape.polygon for other in annotation.shapes)
