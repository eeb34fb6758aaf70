"""The flags of provenance (FORMAT A4): what a user of a mask should know about it."""

from __future__ import annotations

from annotator.domain.shapes import Annotation, Role
from annotator.domain.tracing import IntPoints
from export.keyhole import Keyholes
from export.material import SETTLED, FinishedPair, ImageFile
from qa.metrics.official_iou import drawing, official_iou

INVISIBLE = "invisible"
"""The object was found invisible; a block of 2 by 2 pixels stands for it."""

LOST = "lost-in-evaluator"
"""The published evaluator, which loses the last row and column, does not give the label 1.0 for itself."""


def history_flags(pair: FinishedPair) -> list[str]:
    """How the pair came about: `settled` by a researcher, `returned` at least once."""
    flags = []
    if any(round_.step == SETTLED for round_ in pair.rounds):
        flags.append("settled")
    if any(round_.verdict == "returned" for round_ in pair.rounds):
        flags.append("returned")
    return flags


def drawn_flags(image: ImageFile, annotation: Annotation) -> list[str]:
    """What was drawn: `occluder-cut`, `kept-occlusion`, and `exif-orientation-N` for an image that is shown turned."""
    flags = []
    if annotation.of_role(Role.OCCLUDER):
        flags.append("occluder-cut")
    if annotation.of_role(Role.KEPT):
        flags.append("kept-occlusion")
    if image.orientation != 1:
        flags.append(f"exif-orientation-{image.orientation}")
    return flags


def mask_flags(keyholes: Keyholes, visible: bool) -> list[str]:
    """What the mask is like: `invisible`, `several-components`, `has-holes`, `lost-in-evaluator`."""
    flags = [] if visible else [INVISIBLE]
    if len(keyholes.rings) > 1:
        flags.append("several-components")
    if keyholes.holes:
        flags.append("has-holes")
    if len(keyholes.rings) == 1 and not scores_itself(keyholes.rings[0]):
        flags.append(LOST)
    return flags


def scores_itself(ring: IntPoints) -> bool:
    """True when the published evaluator gives a label of one `ring` 1.0 for itself (box and mask) as the prediction."""
    found = official_iou(drawing([ring]), drawing([ring]))
    return found.box == 1.0 and found.mask == 1.0
