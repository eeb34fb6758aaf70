"""Mean of mIoU as the published script computes it (FORMAT B2), and the IoU table that its mAP script then reads."""

from __future__ import annotations

import numpy as np

from annotator.domain.errors import AnnotatorError
from qa.metrics.pairs import Floats, PairScores, State
from qa.metrics.query_means import MiouScores, miou_scores

_RAISED = (State.RAISED, State.RAISED_AFTER_BOX)


class OfficialScriptStopsError(AnnotatorError):
    """The published script stops here, so there is no official number."""


def official_miou(scores: PairScores) -> MiouScores:
    """The four scores, per query and in the mean.

    An empty prediction counts 0 for a hard pair and leaves an easy pair out; a pair that raises keeps the previous
    pair's IoU. Raises OfficialScriptStopsError for a missing prediction, or when the very first pair raises.
    """
    require_complete(scores)
    box, mask = visited_iou(scores)
    medium = scores.pairs.hard | (scores.state != State.EMPTY)
    return miou_scores(scores.pairs, box, mask, medium)


def official_iou_table(scores: PairScores) -> Floats:
    """The box IoU `(n,)` that mAP reads: NaN, which passes no threshold, where the published table has no entry.

    Empty predictions of hard pairs are in that table with 0; those of easy pairs and pairs that raise are not.
    """
    table = np.where(scores.state == State.SCORED, scores.box, np.nan)
    table[(scores.state == State.EMPTY) & scores.pairs.hard] = 0.0
    return table


def require_complete(scores: PairScores) -> None:
    """Raises OfficialScriptStopsError when a pair has no prediction at all."""
    missing = scores.keys_in(State.MISSING)
    if missing:
        raise OfficialScriptStopsError(
            f"the predictions lack {len(missing)} pairs, the first of them {missing[0]}, and the official evaluator "
            "stops there; write an empty list for nothing found, or score with the paper's protocol."
        )


def visited_iou(scores: PairScores) -> tuple[Floats, Floats]:
    """Box and mask IoU `(n,)` as the script's two variables hold them at each pair; raises OfficialScriptStopsError."""
    empty = scores.state == State.EMPTY
    box, mask = np.where(empty, 0.0, scores.box), np.where(empty, 0.0, scores.mask)
    for position in np.flatnonzero(np.isin(scores.state, _RAISED)).tolist():
        if position == 0:
            first = next(scores.pairs.written())
            raise OfficialScriptStopsError(
                f"the very first pair, {first}, has a malformed prediction or label, and the official evaluator has no "
                "earlier IoU to reuse; mend it, or score with the paper's protocol."
            )
        mask[position] = mask[position - 1]
        if scores.state[position] == State.RAISED:
            box[position] = box[position - 1]
    return box, mask
