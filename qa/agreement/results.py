"""Which masks count as what somebody thinks of a pair, and how far those agree when pass 3 would end it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from annotator.domain.codec import annotation_text
from annotator.domain.passes import Verdict
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation
from annotator.store.records import Decision, PassRecord
from qa.difference import iou


def counts(verdict: Verdict) -> bool:
    """Whether a pass that ended so shows its person's mask.

    A returned pass records the mask that it refuses, and an escalated one what could be drawn without knowing.
    """
    return verdict not in (Verdict.RETURNED, Verdict.ESCALATED)


def in_question(
    passes: Sequence[PassRecord], decisions: Sequence[Decision], standing: Annotation, drawn: Annotation
) -> tuple[Annotation, ...]:
    """The annotations that have to agree when pass 3 would end a pair with `drawn`, each different one once.

    Those are the latest of pass 1 and of pass 2, the standing annotation and the new one; a pass that was done again
    takes the place of its former self. A researcher's decision settles what was drawn before it: then only the
    annotation that stood after it and what came later count.
    """
    since = decisions[-1].id if decisions else 0
    latest = {
        entry.pass_.pass_number: entry.pass_.annotation
        for entry in passes
        if entry.id > since and counts(entry.pass_.verdict)
    }
    earlier = [latest[number] for number in (1, 2) if number in latest]
    different = {annotation_text(each): each for each in (*earlier, standing, drawn) if each.size == drawn.size}
    return tuple(different.values())


def lowest_agreement(annotations: Sequence[Annotation]) -> float:
    """The lowest IoU of any two masks; 1 for fewer than two."""
    masks = [mask_of(annotation) for annotation in annotations]
    return min((iou(first, second) for first, second in combinations(masks, 2)), default=1.0)
